import type { Model, Obstacle } from '#contracts/model.ts';
import { ExecutableModel } from '#engine/model/executor.ts';
import { layersForm } from '#engine/model/layers/form.ts';
import { Flow } from '#engine/model/layers/flow.ts';
import { kerasMajor, writtenByTfjs } from '#engine/model/layers/keras3.ts';
import { MAX_TENSOR_VALUES } from '#engine/model/layers/made.ts';
import type { LayerPlan } from '#engine/model/layers/plan.ts';
import { stocked } from '#engine/model/layers/stock.ts';
import { modelConfig, modelPlan } from '#engine/model/layers/topology.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { isObject } from '#maths/json.ts';
import { product } from '#maths/product.ts';

export interface LayersModelParts {
	/** `modelTopology` of the file. */
	topology: unknown;
	/** By the names in the manifest, in its order; names may repeat. */
	weights: Iterable<readonly [name: string, weight: StoredWeight]>;
	/** For an input of open size. */
	inputShape?: readonly [height: number, width: number, channels: number] | undefined;
	/** Set where weights are missing: the rest is built all the same. */
	obstacle?: Obstacle | null | undefined;
	/** Is told what the person should know of the open model, in sentences. */
	warn?: ((sentence: string) => void) | undefined;
}

/**
 * A TF.js layers model under the one interface: nested models flattened, a layer's activation a node of its own
 * (`conv1` is the sum, `conv1/relu` what its consumers see).
 * @throws LabError naming the layer that is unknown or not properly connected, or the weight that is missing, of another
 * shape, or not to be told from another
 */
export function layersModel({ topology, weights, inputShape, obstacle, warn }: LayersModelParts): Model {
	const config = modelConfig(topology);
	const plan = modelPlan(config);
	const stored = [...weights];
	const sizes = stored.map(([, { shape }]) => product(shape));
	const maxSize = obstacle || !stored.length ? MAX_TENSOR_VALUES : sizes.reduce((max, size) => Math.max(max, size), 0);
	const flow = new Flow({
		maxSize,
		keras: kerasMajor(isObject(topology) ? topology : {}),
		byTfjs: writtenByTfjs(isObject(topology) ? topology : {}),
		inputShape,
		open: !!obstacle
	});
	try {
		const { inputs, outputs, computed } = flow.whole(plan);
		const { byLayer, tensors, loose, warnings } = stocked(plan, flow, stored, !!obstacle);
		const behind = outputs.length > computed.length && !obstacle ? stuckAt(flow, inputs, computed) : null;
		if (behind?.warning) warn?.(behind.warning);
		const masked = named(flow.unmasked);
		if (masked)
			warn?.(
				`Steps that are padding are marked, and ${masked} would leave them out, which is not done here: sequences that are padded give other numbers than in Keras.`
			);
		const stateful = named([...flow.layers.keys()].filter(({ config }) => config['stateful'] === true));
		if (stateful)
			warn?.(`The memory of ${stateful} is kept from one call to the next in Keras; here every run begins without.`);
		warnings.forEach((sentence) => warn?.(sentence));
		return new ExecutableModel({
			steps: flow.steps((layer) => byLayer.get(layer) ?? []),
			inputs,
			outputs: behind?.outputs ?? outputs,
			weights: tensors,
			layers: () => layersForm(plan, (layer) => (byLayer.get(layer) ?? []).map(({ name }) => name)),
			obstacle: obstacle ?? behind?.obstacle,
			dispose() {
				flow.dispose();
				loose.forEach((tensor) => tensor.dispose());
			}
		});
	} catch (error) {
		flow.dispose();
		throw error;
	}
}

/** What runs of a network that cannot be computed to its end: up to the layers that stand in the way. */
function stuckAt({ stuck, obstacles, reached }: Flow, inputs: readonly string[], computed: readonly string[]) {
	const reasons = [...stuck.values()].filter(Boolean);
	const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : '';
	const message = `${reasons[0]}${more}`;
	const outputs = [...new Set([...computed, ...[...reached].filter((reference) => !inputs.includes(reference))])];
	if (outputs.length)
		return {
			outputs,
			obstacle: null,
			warning: `${message}: what comes before it runs, and what it would be given is shown as the answer.`
		};
	const hint = 'Export the model without it, or as a TF.js graph model.';
	return {
		outputs: null,
		obstacle: { kind: 'operations', message: `${message}.`, hint, nodes: obstacles } as const,
		warning: null
	};
}

/** `the layer "a"`, `the layers "a", "b"`; empty for none. */
function named(layers: Iterable<LayerPlan>): string {
	const names = [...layers].map(({ path }) => `"${path}"`);
	const shown = names.length > 3 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
	return names.length ? `the layer${names.length > 1 ? 's' : ''} ${shown.join(', ')}` : '';
}
