import { layersModel } from '#engine/model/layers/model.ts';
import type { Model } from '#contracts/model.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import * as tf from '#engine/tf.ts';
import { expect } from 'vitest';
import { expectClose } from '../close.ts';
import * as k from './keras-files.ts';
import { Nd } from './nd.ts';

/** A model of a single layer, asked for its numbers. */

export type Weights = readonly (readonly [name: string, weight: StoredWeight])[];

/** The layer is called `l`; its weights are `l/kernel` and so on. */
export interface OneLayer {
	className: string;
	config: Record<string, unknown>;
	weights?: Weights;
	/** Of the file's writer. */
	version?: string;
}

export const x = (shape: number[], seed = 3) => new Nd(shape, k.values(shape, seed));
export const nd = ({ shape, values }: StoredWeight) => new Nd(shape, values as Float32Array);
const tensor = ({ data, shape }: Nd) => tf.tensor(Array.from(data), [...shape]);

export function opened({ className, config, weights = [], version = '2.12.0' }: OneLayer, shapes: readonly number[][]) {
	const messages: string[] = [];
	const inputs = shapes.map((shape, i) => k.input(`x${i}`, shape.slice(1)));
	const names = inputs.map(({ name }) => name as string);
	const layer = k.layer(className, 'l', config, ...names);
	const file = k.functional('m', [...inputs, layer], names, ['l']);
	const model = layersModel({
		topology: k.topology(file, version),
		weights,
		warn: (sentence) => messages.push(sentence)
	});
	return { model, messages };
}

/** In float32, with the shape that the graph declares. */
export async function outputOf(model: Model, xs: readonly Nd[]) {
	const feeds = Object.fromEntries(xs.map((x, i) => [`x${i}`, tensor(x)]));
	const [y] = model.run(feeds, model.graph.outputs);
	const declared = model.graph.nodes.find(({ id }) => id === model.graph.outputs[0])?.shape;
	expect(y!.shape.slice(1)).toEqual(declared?.slice(1));
	const result = { shape: y!.shape, data: [...(await y!.data())] };
	tf.dispose([y!, feeds]);
	return result;
}

/** The layer's numbers are `right`, on this backend. */
export async function expectLayer(layer: OneLayer, xs: readonly Nd[], right: Nd): Promise<void> {
	const { model } = opened(
		layer,
		xs.map(({ shape }) => [...shape])
	);
	const found = await outputOf(model, xs);
	expectClose(found, { shape: right.shape, data: right.data }, { rtol: 1e-5, atol: 2e-6 });
	model.dispose();
}

/** The gradient of a fixed projection of the output with respect to the first input is that of finite differences. */
export async function expectSlope(layer: OneLayer, at: Nd): Promise<void> {
	const { model } = opened(layer, [[...at.shape]]);
	const [output] = model.graph.outputs as [string];
	const f = (x: tf.Tensor) =>
		tf.tidy(() => {
			const [y] = model.run({ x0: x }, [output]) as [tf.Tensor];
			const along = Array.from({ length: y.size }, (_, i) => Math.sin(1.3 * i + 0.5));
			return tf.sum(tf.mul(y, tf.tensor(along, y.shape))) as tf.Scalar;
		});
	const start = tensor(at);
	const way = tf.tensor(
		Array.from({ length: at.data.length }, (_, i) => Math.cos(1.7 * i + 0.3)),
		[...at.shape]
	);
	const gradient = tf.grad(f)(start);
	const analytic = (await tf.sum(tf.mul(gradient, way)).data())[0]!;
	const eps = 2e-3;
	const [up, down] = [1, -1].map((sign) => f(tf.add(start, tf.mul(way, sign * eps))).dataSync()[0]!);
	expect(Math.abs(analytic - (up! - down!) / (2 * eps))).toBeLessThan(0.01 * Math.abs(analytic) + 2e-3);
	expect(Math.abs(analytic)).toBeGreaterThan(1e-3);
	model.dispose();
}
