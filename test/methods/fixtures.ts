import type { AttributionContext, AttributionMethod, AttributionStep } from '#contracts/method.ts';
import type { Model } from '#contracts/model.ts';
import { validParameters } from '#contracts/parameter.ts';
import * as tf from '#engine/tf.ts';
import { ExecutableModel } from '#engine/model/executor.ts';
import type { Step } from '#engine/model/step.ts';

/** Small models with known answers, and what a method gets in the lab. */

type Layer = [id: string, f: (x: tf.Tensor) => tf.Tensor];

/** A chain of functions as a model: `x`, then one node per layer. */
export function chain(layers: readonly Layer[], shape: readonly (number | null)[]): Model {
	const steps: Step[] = [
		{
			node: { id: 'x', type: 'Input', attributes: {}, inputs: [], shape, dtype: 'float32', weights: [], group: [] },
			compute: () => []
		}
	];
	for (const [k, [id, f]] of layers.entries()) {
		const inputs = [k ? (layers[k - 1] as Layer)[0] : 'x'];
		steps.push({
			node: { id, type: id, attributes: {}, inputs, shape: [null, 1, 1, 1], dtype: 'float32', weights: [], group: [] },
			compute: ([x]) => [f(x as tf.Tensor)]
		});
	}
	const last = layers.at(-1)?.[0] as string;
	return new ExecutableModel({ steps, inputs: ['x'], outputs: [last], weights: new Map(), dispose: () => {} });
}

export interface Setup {
	/** One score per row, from the last node's value [n, ...]. */
	unit?: number;
	baseline?: tf.Tensor;
	parameters?: Record<string, unknown>;
	batch?: number;
	seed?: number;
	range?: readonly [number, number];
	camLayer?: string | null;
	signal?: AbortSignal;
}

export function contextOf(
	method: AttributionMethod,
	model: Model,
	input: tf.Tensor,
	setup: Setup = {}
): AttributionContext {
	const { unit = 0, baseline, parameters = {}, batch = 4, seed = 1, range = [0, 1], camLayer = null } = setup;
	const [output] = model.graph.outputs as [string];
	return {
		model,
		input,
		feeds: (rows) => ({ x: rows }),
		score: (feeds, options) =>
			tf.tidy(() => {
				const [y] = model.run(feeds, [output], options) as [tf.Tensor];
				const flat = tf.reshape(y, [y.shape[0] as number, -1]) as tf.Tensor2D;
				return tf.reshape(tf.slice(flat, [0, unit], [-1, 1]), [-1]) as tf.Tensor1D;
			}),
		baseline: () => (baseline ? tf.clone(baseline) : tf.zerosLike(input)),
		range,
		parameters: validParameters(method.parameters, parameters),
		seed,
		batch,
		camLayer,
		signal: setup.signal ?? new AbortController().signal
	};
}

/** The last step of a method, its map as numbers; every other map is disposed. */
export async function explained(method: AttributionMethod, context: AttributionContext) {
	let last: Omit<AttributionStep, 'map'> | null = null;
	let values = new Float32Array();
	let shape: number[] = [];
	for await (const { map, ...step } of method.run(context)) {
		values = Float32Array.from(await map.data());
		shape = map.shape;
		map.dispose();
		last = step;
	}
	return { values, shape, ...(last as Omit<AttributionStep, 'map'>) };
}
