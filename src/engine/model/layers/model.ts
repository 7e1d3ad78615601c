import * as layers from '@tensorflow/tfjs-layers';
import { LabError } from '#contracts/errors.ts';
import type { AttributeValue, GraphNode, Shape, WeightInfo } from '#contracts/graph.ts';
import type { Model, Obstacle } from '#contracts/model.ts';
import * as tf from '#engine/tf.ts';
import { ExecutableModel } from '#engine/model/executor.ts';
import { operatorStep } from '#engine/model/operators/index.ts';
import type { Step } from '#engine/model/step.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { initialisers } from '#engine/model/layers/initialiser.ts';
import { activationType, mapLayer, ROLES } from '#engine/model/layers/mapping.ts';
import { eachLayer, modelConfig, prepared } from '#engine/model/layers/topology.ts';
import type { JsonObject } from '#maths/json.ts';

/** Layers in Keras's sense, as tfjs-layers builds them. */
type Layer = layers.layers.Layer;
type Scope = ReadonlyMap<string, string>;

interface Container extends Layer {
	layers: Layer[];
	inputs: layers.SymbolicTensor[];
	outputs: layers.SymbolicTensor[];
}

const isContainer = (layer: Layer): layer is Container => 'layers' in layer && 'outputs' in layer;

export interface LayersModelParts {
	/** `modelTopology` of the file. */
	topology: unknown;
	/** By the names in the manifest. */
	weights: ReadonlyMap<string, StoredWeight>;
	/** For an input of open size. */
	inputShape?: readonly [height: number, width: number, channels: number] | undefined;
	/** Set where weights are missing: the rest is built all the same. */
	obstacle?: Obstacle | null | undefined;
}

/**
 * A TF.js layers model under the one interface: nested models flattened, a layer's activation a node of its own
 * (`conv1` is the sum, `conv1/relu` what its consumers see).
 * @throws LabError naming the layer that is unknown, or the weight that is missing or of another shape
 */
export async function layersModel({ topology, weights, inputShape, obstacle }: LayersModelParts): Promise<Model> {
	const config = modelConfig(topology);
	const model = await built(prepared(config, obstacle ? 'open' : inputShape));
	try {
		const files = new Map([...eachLayer(config)].map((layer) => [layer.name, layer.config]));
		const walk = new Walk(files, weights, !!obstacle);
		const outputs = model.outputs.map((tensor) => walk.resolve(tensor, new Map(), []));
		return new ExecutableModel({
			steps: walk.steps,
			inputs: model.inputs.map((tensor) => walk.resolve(tensor, new Map(), [])),
			outputs,
			weights: walk.weights,
			obstacle,
			dispose: () => void model.dispose()
		});
	} catch (error) {
		model.dispose();
		throw error;
	}
}

async function built(config: JsonObject): Promise<layers.LayersModel> {
	try {
		return await layers.loadLayersModel({ load: () => Promise.resolve({ modelTopology: config }) });
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		const unknown = /Unknown (layer|activation|initializer): ?(\w+)/i.exec(message);
		if (unknown)
			throw new LabError(
				`The ${unknown[1]} type "${unknown[2]}" is not known to TF.js.`,
				'Export the model without it, or as a TF.js graph model.',
				{ cause: error }
			);
		throw new LabError(`The network could not be built: ${message.split('\n')[0]}`, 'Save the model again.', {
			cause: error
		});
	}
}

/** Turns symbolic tensors into steps, inputs first. */
class Walk {
	readonly steps: Step[] = [];
	readonly weights = new Map<string, tf.Tensor>();
	/** Output references of every applied layer, by scope, layer and node. */
	readonly #done = new Map<string, string[]>();
	readonly #taken = new Set<string>();

	constructor(
		private readonly files: ReadonlyMap<string, JsonObject>,
		private readonly stored: ReadonlyMap<string, StoredWeight>,
		/** Whether weights may be missing. */
		private readonly partial: boolean
	) {}

	/**
	 * The reference of a symbolic tensor; `scope` says what the inputs of a nested model stand for. What a tensor is made of
	 * comes first, by a stack of its own: networks may be thousands of layers deep.
	 */
	resolve(tensor: layers.SymbolicTensor, scope: Scope, group: readonly string[]): string {
		const stack = [tensor];
		for (;;) {
			const top = stack[stack.length - 1] as layers.SymbolicTensor;
			const missing = sourcesOf(top).filter((source) => this.#known(source, scope, group) === undefined);
			if (this.#known(top, scope, group) === undefined && missing.length) stack.push(...missing.reverse());
			else {
				stack.pop();
				const reference = this.#known(top, scope, group) ?? this.#made(top, scope, group);
				if (!stack.length) return reference;
			}
		}
	}

	#key(tensor: layers.SymbolicTensor, group: readonly string[]): string {
		return `${group.join('/')}\n${tensor.sourceLayer.name}\n${tensor.nodeIndex}`;
	}

	#known(tensor: layers.SymbolicTensor, scope: Scope, group: readonly string[]): string | undefined {
		return scope.get(tensor.name) ?? this.#done.get(this.#key(tensor, group))?.[tensor.tensorIndex];
	}

	/** Of a tensor whose sources are there. */
	#made(tensor: layers.SymbolicTensor, scope: Scope, group: readonly string[]): string {
		const layer = tensor.sourceLayer;
		const sources = sourcesOf(tensor);
		const inputs = sources.map((source) => this.#known(source, scope, group) as string);
		const references = isContainer(layer)
			? this.#nested(layer, inputs, group)
			: this.#single(layer, tensor, inputs, sources[0]?.shape.length ?? 0, group);
		this.#done.set(this.#key(tensor, group), references);
		return references[tensor.tensorIndex] as string;
	}

	#nested(model: Container, inputs: readonly string[], group: readonly string[]): string[] {
		const scope = new Map(model.inputs.map((tensor, i) => [tensor.name, inputs[i] as string]));
		// A model that is used twice gets two groups, as its inner nodes are computed twice.
		const instance = this.#free([...group, model.name].join('/'));
		this.#taken.add(instance);
		const inner = [...group, instance.split('/').pop() as string];
		return model.outputs.map((tensor) => this.resolve(tensor, scope, inner));
	}

	#single(
		layer: Layer,
		tensor: layers.SymbolicTensor,
		inputs: string[],
		rank: number,
		group: readonly string[]
	): string[] {
		const id = this.#free([...group, layer.name].join('/'));
		const className = layer.getClassName();
		const outputs = layer.inboundNodes[tensor.nodeIndex]?.outputTensors ?? [tensor];
		const base = { inputs, shape: outputs[0]?.shape as Shape, dtype: tensor.dtype, group };
		if (className === 'InputLayer') {
			this.#push({ node: { ...base, id, type: 'Input', attributes: {}, weights: [] }, compute: () => [] });
			return [id];
		}
		const weights = layer.weights.map((variable) => this.#weight(variable, group));
		const config = layer.getConfig();
		const file = this.files.get(layer.name) ?? {};
		const mapped = mapLayer(className, config as Record<string, AttributeValue>, file, rank);
		if (!mapped) {
			const own = weights.map((weight) => ({ ...weight, role: role(weight.name, className) }));
			const node: GraphNode = { ...base, id, type: className, attributes: initialisers(file), weights: own };
			this.#push({ node, compute: (values) => called(layer, values) });
			return outputs.map((_, k) => (k ? `${id}:${k}` : id));
		}
		const roles = Object.fromEntries(weights.map((weight) => [role(weight.name, mapped.type), weight.name]));
		const attributes = { ...mapped.attributes, ...initialisers(file) };
		this.#push(operatorStep({ ...base, id, type: mapped.type, attributes, weights }, roles));
		const activation = className === 'Activation' ? null : activationType(config['activation']);
		if (!activation) return [id];
		const activated = this.#free(`${id}/${activation.toLowerCase()}`);
		const node: GraphNode = { ...base, id: activated, type: activation, attributes: {}, inputs: [id], weights: [] };
		this.#push(operatorStep(node));
		return [activated];
	}

	/** A shared layer is a node per use. */
	#free(id: string): string {
		if (!this.#taken.has(id)) return id;
		let k = 2;
		while (this.#taken.has(`${id}#${k}`)) k++;
		return `${id}#${k}`;
	}

	#push(step: Step): void {
		this.#taken.add(step.node.id);
		this.steps.push(step);
	}

	#weight(variable: Layer['weights'][number], group: readonly string[]): WeightInfo {
		const [stored, name] = this.#find(variable.originalName, group);
		const shape = variable.shape as number[];
		const values = stored.values;
		if (!values) return { name, shape, dtype: stored.dtype, trainable: variable.trainable, missing: true };
		if (!this.weights.has(name)) {
			if (stored.shape.join() !== shape.join())
				throw new LabError(
					`The weight "${name}" has the shape [${stored.shape.join(', ')}]; the network wants [${shape.join(', ')}].`,
					'The weights belong to another model.'
				);
			tf.tidy(() => {
				variable.write(tf.tensor(values, stored.shape, stored.dtype));
			});
			this.weights.set(name, variable.read());
		}
		const { dtype, stored: storage } = stored;
		return { name, shape, dtype, trainable: variable.trainable, ...(storage ? { stored: storage } : {}) };
	}

	/** Writers prefix a weight's name with its model, or with its cell; the layer's own name is always in it. */
	#find(original: string, group: readonly string[]): [StoredWeight, string] {
		const models = group.map((name) => name.replace(/#\d+$/, ''));
		const candidates = [[...models, original].join('/'), [models.at(-1), original].join('/'), original];
		for (const name of candidates) {
			const weight = this.stored.get(name);
			if (weight) return [weight, name];
		}
		const parts = original.split('/');
		for (const [name, weight] of this.stored) {
			if (name.endsWith(`/${original}`)) return [weight, name];
			const tokens = name.split('/');
			if ([...tokens.slice(0, -2), tokens.at(-1)].join('/') === parts.join('/')) return [weight, name];
		}
		if (this.partial) {
			const name = [...group, original].join('/');
			return [{ shape: [], dtype: 'float32', values: null }, name];
		}
		throw new LabError(
			`The weight "${original}" is missing from the weight files.`,
			'Check that all files belong to the same model.'
		);
	}
}

/** An input layer's node lists its own tensor as its input: it has no source. */
function sourcesOf({ sourceLayer, nodeIndex }: layers.SymbolicTensor): layers.SymbolicTensor[] {
	if (sourceLayer.getClassName() === 'InputLayer') return [];
	return sourceLayer.inboundNodes[nodeIndex]?.inputTensors ?? [];
}

function role(name: string, type: string): string {
	const last = name.split('/').pop() as string;
	if (type === 'SeparableConv2D') return last.replace('_kernel', '');
	return ROLES[last] ?? last;
}

function called(layer: Layer, values: readonly tf.Tensor[]): tf.Tensor[] {
	const result = layer.call(values.length === 1 ? (values[0] as tf.Tensor) : [...values], { training: false });
	return Array.isArray(result) ? result : [result];
}
