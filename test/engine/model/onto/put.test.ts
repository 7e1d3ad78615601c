import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { WeightInfo } from '#contracts/graph.ts';
import type { Model } from '#contracts/model.ts';
import { layersModel } from '#engine/model/layers/model.ts';
import { putOnto } from '#engine/model/onto/put.ts';
import { wayTo } from '#engine/model/onto/way.ts';
import { weightBag } from '#engine/model/bag.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { expectClose } from '../../../close.ts';
import { useBackend } from '../../../tools/backends.ts';
import { loadContext } from '../../../tools/files.ts';
import * as k from '../../../tools/keras-files.ts';

/** The network of test/loaders/recipes/pytorch.py in the words of Keras, with other numbers. */
function network(names: readonly string[]): Model {
	const [conv, norm, depth, first, second] = names as [string, string, string, string, string];
	const layers = [
		k.layer('Conv2D', conv, { filters: 2, kernel_size: [3, 3], batch_input_shape: [null, 6, 6, 1] }),
		k.layer('BatchNormalization', norm, { epsilon: 1e-5 }),
		k.layer('Activation', 'relu', { activation: 'relu' }),
		k.layer('DepthwiseConv2D', depth, { kernel_size: [3, 3], depth_multiplier: 1 }),
		k.layer('Flatten', 'flat', {}),
		k.layer('Dense', first, { units: 3 }),
		k.layer('Dense', second, { units: 3 })
	];
	const weights: [string, ReturnType<typeof k.stored>][] = [
		[`${conv}/kernel`, k.stored([3, 3, 1, 2], 1)],
		[`${conv}/bias`, k.stored([2], 2)],
		...['gamma', 'beta', 'moving_mean', 'moving_variance'].map((name, i): [string, ReturnType<typeof k.stored>] => [
			`${norm}/${name}`,
			k.stored([2], 3 + i)
		]),
		[`${depth}/depthwise_kernel`, k.stored([3, 3, 2, 1], 7)],
		[`${depth}/bias`, k.stored([2], 8)],
		[`${first}/kernel`, k.stored([8, 3], 9)],
		[`${first}/bias`, k.stored([3], 10)],
		[`${second}/kernel`, k.stored([3, 3], 11)],
		[`${second}/bias`, k.stored([3], 12)]
	];
	return layersModel({ topology: k.topology(k.sequential('net', layers)), weights });
}

const bagOf = async (name: string) => {
	const blob = new Blob([readFileSync(`test/cases/weights/${name}`)]);
	return (await openSource({ name, files: [{ path: name, blob }] }, loadContext())).model;
};
const { input, output } = JSON.parse(readFileSync('test/cases/weights/onto.json', 'utf8')) as Record<string, number[]>;

async function answer(model: Model): Promise<Float32Array> {
	const x = tf.tensor(input!, [1, 6, 6, 1]);
	const [y] = model.run({ [model.graph.inputs[0]!]: x }, model.graph.outputs) as [tf.Tensor];
	const data = (await y.data()) as Float32Array;
	tf.dispose([x, y]);
	return data.slice();
}

beforeAll(() => useBackend('cpu'));

describe('weights of PyTorch put onto a network of TF.js', () => {
	it.each([
		['by order and shape', ['conv', 'norm', 'depth', 'first', 'second'], /^12 of 12 weights are those of “onto\.pt”: 12 by order and shape; the axes of 4 were turned/], // prettier-ignore
		['by name', ['0', '1', '3', '5', '6'], /^12 of 12 weights are those of “onto\.pt”: 12 by name; the axes of 4/]
	])('%s make it answer as PyTorch does', async (_, names, report) => {
		const empty = tf.memory().numTensors;
		const [model, bag] = [network(names), await bagOf('onto.pt')];
		const before = tf.memory().numTensors;
		const messages = putOnto(model, bag, 'onto.pt');
		expect(messages).toHaveLength(1);
		expect(messages[0]).toMatch(report);
		expect(tf.memory().numTensors).toBe(before);
		expectClose({ data: await answer(model) }, { data: output! }, { rtol: 1e-4, atol: 1e-5 });
		bag.dispose();
		model.dispose();
		expect(tf.memory().numTensors).toBe(empty);
	});

	it('say what did and what did not match', async () => {
		const [model, bag] = [network(['conv', 'bn', 'depth', 'fc', 'second']), await bagOf('state-dict.pt')];
		const messages = putOnto(model, bag, 's.pt');
		expect(messages[0]).toMatch(/^7 of 12 weights are those of “s\.pt”: 7 by name; the axes of 1 were turned/);
		expect(messages[1]).toMatch(/kept their own numbers.*“depth\/depthwise_kernel” \[3, 3, 2, 1\]/);
		expect(messages[2]).toMatch(/^Not used of “s\.pt”: “fc\.weight” \[3, 2\]\.$/);
		expect((await model.weight('fc/kernel').data())[0]).toBeCloseTo(k.values([8, 3], 9)[0]!);
		bag.dispose();
		model.dispose();
	});

	it('are refused where none fits, and the model is left as it was', async () => {
		const [model, bag] = [network(['a', 'b', 'c', 'd', 'e']), weightBag([['x.weight', k.stored([9, 9], 1)]])];
		const before = await answer(model);
		expect(() => putOnto(model, bag, 'x.pt')).toThrow(/None of the weights in “x\.pt” fits/);
		expect(await answer(model)).toEqual(before);
		bag.dispose();
		model.dispose();
	});
});

describe('the way to a weight', () => {
	const info = (shape: number[], order?: 'outputs-first'): WeightInfo => ({ name: 'w', shape, dtype: 'float32', ...(order ? { order } : {}) }); // prettier-ignore
	const way = (slot: WeightInfo, stored: WeightInfo, grid: [number, number, number] | null = null) =>
		wayTo({ info: slot, grid }, stored);
	it('turns square matrices too, as their order is known', () => {
		expect(way(info([3, 3]), info([3, 3], 'outputs-first'))).toEqual({ axes: [1, 0], shape: [3, 3] });
		expect(way(info([3, 3], 'outputs-first'), info([3, 3]))).toEqual({ axes: [1, 0], shape: [3, 3] });
		expect(way(info([3, 3]), info([3, 3]))).toEqual({ shape: [3, 3] });
		expect(way(info([3, 3], 'outputs-first'), info([3, 3], 'outputs-first'))).toEqual({ shape: [3, 3] });
	});
	it('takes a kernel of 1 × 1 for a matrix, and a row apart into its grid', () => {
		expect(way(info([4, 5]), info([5, 4, 1, 1], 'outputs-first'))).toEqual({ axes: [2, 3, 1, 0], shape: [4, 5] });
		expect(way(info([8, 3]), info([3, 8], 'outputs-first'), [2, 2, 2])).toEqual({ apart: [3, 2, 2, 2], axes: [2, 3, 1, 0], shape: [8, 3] }); // prettier-ignore
		expect(way(info([2, 3]), info([3, 2], 'outputs-first'), [1, 1, 2])).toEqual({ axes: [1, 0], shape: [2, 3] });
	});
	it('is none where shapes differ', () => {
		expect(way(info([4, 5]), info([4, 5], 'outputs-first'))).toBeNull();
		expect(way(info([4, 5]), info([5, 4]))).toBeNull();
		expect(way(info([4]), info([5]))).toBeNull();
	});
});
