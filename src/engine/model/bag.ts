import type { GraphNode, WeightInfo } from '#contracts/graph.ts';
import type { Model, Obstacle } from '#contracts/model.ts';
import { meanings } from '#engine/model/bag-roles.ts';
import { ExecutableModel } from '#engine/model/executor.ts';
import { LaterWeights, type LaterWeight } from '#engine/model/later-weights.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import * as tf from '#engine/tf.ts';

/** `block/conv1/kernel` -> [`block/conv1`, `kernel`]; names without slashes are cut at their last dot. */
function cut(name: string): [owner: string, last: string] {
	const at = name.includes('/') ? name.lastIndexOf('/') : name.lastIndexOf('.');
	return at > 0 ? [name.slice(0, at), name.slice(at + 1)] : [name, name];
}

interface Owned {
	last: string;
	info: WeightInfo;
}

const ALONE = {
	message: 'The files hold weights and no network.',
	hint: 'Open the whole model, with its structure, to see that and to run it.'
};

/**
 * Weights without their network, gathered by what their names begin with: to be looked at and compared, never run.
 * @param why there is no network, and what to do to see it, too
 */
export function weightBag(
	stored: Iterable<readonly [name: string, weight: StoredWeight]>,
	why: Partial<Pick<Obstacle, 'message' | 'hint'>> = {}
): Model {
	const weights = new Map<string, tf.Tensor>();
	const waits = new Map<string, LaterWeight>();
	const owners = new Map<string, Owned[]>();
	const taken = new Set<string>();
	for (const [given, { shape, dtype, values, later, stored: storage }] of stored) {
		const [owner, last] = cut(given);
		// Files may repeat a name.
		let name = given;
		for (let k = 2; taken.has(name); k++) name = `${given}#${k}`;
		taken.add(name);
		if (values) weights.set(name, tf.tensor(values, shape, dtype));
		else if (later)
			waits.set(name, {
				bytes: shape.reduce((n, m) => n * m, tf.util.bytesPerElement(dtype)),
				shape,
				read: async () => ({ values: await later(), dtype })
			});
		const info: WeightInfo = { name, shape, dtype, ...(storage ? { stored: storage } : {}) };
		const own = owners.get(owner) ?? [];
		own.push({ last, info: values || later ? info : { ...info, missing: true } });
		owners.set(owner, own);
	}
	const nodes = [...owners].map(([id, own]): GraphNode => {
		const lasts = own.map(({ last }) => last);
		const shapes = own.map(({ info }) => info.shape);
		const means = meanings(id, lasts, shapes);
		return {
			id,
			type: 'Weights',
			attributes: {},
			inputs: [],
			shape: [],
			unknown: true,
			dtype: 'float32',
			weights: own.map(({ info }, k) => ({ ...info, ...means[k] })),
			group: id.split(id.includes('/') ? '/' : '.').slice(0, -1)
		};
	});
	return new ExecutableModel({
		steps: nodes.map((node) => ({ node, compute: () => [] })),
		inputs: [],
		outputs: [],
		weights,
		later: waits.size ? new LaterWeights(weights, waits) : undefined,
		obstacle: { kind: 'bag', ...ALONE, ...why, nodes: [] },
		dispose: () => weights.forEach((tensor) => tensor.dispose())
	});
}
