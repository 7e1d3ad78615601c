import { beforeAll, describe, expect, it } from 'vitest';
import type { Ablation } from '#contracts/anatomy.ts';
import type { Feeds, Model } from '#contracts/model.ts';
import { headSpecs } from '#engine/model/inspect.ts';
import { AblatableModel, channelEffects, channelGradients } from '#methods/activation/ablation.ts';
import { peak } from '#methods/activation/patches.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';
import { smallModel } from '../../tools/small-model.ts';
import { ablatableSample, randomInput } from '../../tools/ablatable.ts';

const { signal } = new AbortController();

const scorer = (model: Model, unit: number) => (feeds: Feeds) =>
	tf.tidy(() => {
		const [head] = headSpecs(model.graph);
		const [y] = model.run(feeds, [head!.scores]) as [tf.Tensor2D];
		return tf.reshape(tf.slice(y, [0, unit], [-1, 1]), [-1]) as tf.Tensor1D;
	});

beforeAll(() => useBackend('wasm'));

describe('ablation', () => {
	it('a channel that is off is zero for all that comes after it, and effects equal one by one', async () => {
		const model = await ablatableSample('digits');
		const feeds = randomInput(model, 5);
		const score = scorer(model, 3);
		const layer = model.graph.nodes.find(({ type }) => /Relu/.test(type))!.id;
		const full = (await score(feeds).data())[0]!;
		const repeated = (rows: number) =>
			Object.fromEntries(Object.entries(feeds).map(([id, x]) => [id, tf.tile(x, [rows, 1, 1, 1])]));
		let effects = { drops: new Float32Array(), done: 0, score: 0, layer };
		const before = tf.memory().numTensors;
		for await (const step of channelEffects({ model, feeds, repeated, score, batch: 5, signal }, layer, 'zero'))
			effects = step as typeof effects;
		expect(tf.memory().numTensors).toBe(before);
		expect(effects.done).toBe(1);
		for (const channel of [0, 3, effects.drops.length - 1]) {
			model.ablations = [{ layer, channels: [channel], by: 'zero' }];
			const [cut] = model.run(feeds, [layer]) as [tf.Tensor];
			const column = tf.slice(cut, [0, 0, 0, channel], [-1, -1, -1, 1]);
			expect((await tf.max(tf.abs(column)).data())[0]).toBe(0);
			expectClose(
				{ data: [full - (await score(feeds).data())[0]!] },
				{ data: [effects.drops[channel]!] },
				{ rtol: 1e-3, atol: 1e-5 }
			);
		}
		model.ablations = [{ layer, channels: null, by: 'mean' }];
		const [flat] = model.run(feeds, [layer]) as [tf.Tensor];
		expect((await tf.max(tf.moments(flat, [1, 2]).variance).data())[0]).toBeLessThan(1e-9);
		model.ablations = [];
		expectClose({ data: await score(feeds).data() }, { data: [full] });
	});

	it('first-order effects add up to the score of a network without biases', async () => {
		// s = w · relu(A) is homogeneous in A: the sum of ∂s/∂A · A is s itself (Euler).
		const model = await ablatableSample('photos');
		const feeds = randomInput(model, 7);
		const [head] = headSpecs(model.graph);
		const dense = model.graph.nodes.find(({ id }) => id === head!.scores)!;
		const before = dense.inputs[0]!;
		const sums = await channelGradients({ model, feeds, score: scorer(model, 2) }, before);
		const bias = dense.weights.find(({ role }) => role === 'bias')!;
		const expected = (await scorer(model, 2)(feeds).data())[0]! - (await model.weight(bias.name).data())[2]!;
		expectClose({ data: [sums.reduce((a, b) => a + b)] }, { data: [expected] }, { rtol: 1e-4, atol: 1e-5 });
	});
});

it('finds where a channel fires most', async () => {
	const model = await ablatableSample('digits');
	const feeds = randomInput(model, 9);
	const layer = model.graph.nodes.find(({ type }) => /Relu/.test(type))!.id;
	const [value] = model.run(feeds, [layer]) as [tf.Tensor4D];
	const found = await peak(model, feeds, layer, 2);
	const maps = await value.array();
	expect(maps[0]![found.position[0]]![found.position[1]]![2]).toBe(found.value);
	expect(found.value).toBe(Math.max(...maps[0]!.flat().map((cell) => cell[2]!)));
});

/** x -> a (twice as much) -> y: the sum over positions of channel 0 less three times channel 1. */
function small() {
	const whole = smallModel({ x: [null, 1, 2, 2] }, [
		{ id: 'a', type: 'Rescale', attributes: { scale: 2 } },
		{ id: 'b', type: 'Relu' },
		{ id: 'flat', type: 'Flatten' },
		{ id: 'y', type: 'Dense', weights: { kernel: [[4, 1], [1, -3, 1, -3]] } } // prettier-ignore
	]);
	const model = new AblatableModel(whole);
	const x = tf.tensor4d([1, 2, 3, 5], [1, 1, 2, 2]);
	const score = (feeds: Feeds) => tf.tidy(() => tf.reshape(model.run(feeds, ['y'])[0]!, [-1]) as tf.Tensor1D);
	const repeated = (rows: number) => ({ x: tf.tile(x, [rows, 1, 1, 1]) });
	return { whole, model, x, context: { model, feeds: { x }, repeated, score, batch: 1, signal } };
}

describe('a small model', () => {
	it('is the same model where nothing is off', () => {
		const { whole, model } = small();
		expect([model.graph, model.bytes, model.obstacle]).toEqual([whole.graph, 16, null]);
		expect(model.weight('y/kernel')).toBe(whole.weight('y/kernel'));
		model.dispose();
		expect(() => whole.weight('y/kernel').dataSync()).toThrow();
	});

	it.each<[string, Ablation[], number[]]>([
		['one channel to zero', [{ layer: 'a', channels: [1], by: 'zero' }], [2, 0, 6, 0]],
		['one channel to its mean', [{ layer: 'a', channels: [1], by: 'mean' }], [2, 7, 6, 7]],
		['all to their means', [{ layer: 'a', channels: null, by: 'mean' }], [4, 7, 4, 7]],
		['all to zero', [{ layer: 'a', channels: null, by: 'zero' }], [0, 0, 0, 0]],
		['none', [{ layer: 'a', channels: [], by: 'zero' }], [2, 4, 6, 10]],
		[
			'two by two',
			[
				{ layer: 'a', channels: [0], by: 'mean' },
				{ layer: 'a', channels: [1], by: 'zero' }
			],
			[4, 0, 4, 0]
		],
		['another layer', [{ layer: 'b', channels: [0], by: 'zero' }], [2, 4, 6, 10]]
	])('switches off %s', async (_, ablations, expected) => {
		const { model, x } = small();
		model.ablations = ablations;
		const [a] = model.run({ x }, ['a']);
		expect([...(await a!.data())]).toEqual(expected);
	});

	it('what replaces the layer is asked with what is left of it; a list has no mean over positions', async () => {
		const { model, x } = small();
		model.ablations = [{ layer: 'a', channels: [1], by: 'zero' }];
		const [a] = model.run({ x }, ['a'], {
			replace: { a: (value) => tf.add(value, 1), b: (value) => tf.mul(value, 0) }
		});
		expect([...(await a!.data())]).toEqual([3, 1, 7, 1]);
		model.ablations = [{ layer: 'flat', channels: [3], by: 'mean' }];
		const [flat] = model.run({ x }, ['flat']);
		expect([...(await flat!.data())]).toEqual([2, 4, 6, 0]);
	});

	it('a sequence has a mean over its steps', async () => {
		const model = new AblatableModel(smallModel({ x: [null, 3, 2] }, [{ id: 'a', type: 'Identity' }]));
		model.ablations = [{ layer: 'a', channels: [1], by: 'mean' }];
		const [a] = model.run({ x: tf.tensor3d([1, 2, 3, 4, 5, 9], [1, 3, 2]) }, ['a']);
		expect([...(await a!.data())]).toEqual([1, 5, 3, 5, 5, 5]);
	});

	it('loses with each channel what that channel gave', async () => {
		const { context } = small();
		const steps = [];
		for await (const step of channelEffects(context, 'a', 'zero')) steps.push(step);
		expect(steps.map(({ done }) => done)).toEqual([0.5, 1]);
		expect(steps[0]).toMatchObject({ layer: 'a', score: 8 - 3 * 14 });
		expect([...steps[0]!.drops]).toEqual([8, NaN]);
		expect([...steps[1]!.drops]).toEqual([8, -42]);
		// By its mean a channel that is only summed loses nothing.
		for await (const { drops, done } of channelEffects({ ...context, batch: 3 }, 'a', 'mean')) {
			expect([...drops]).toEqual([0, 0]);
			expect(done).toBe(1);
		}
		expect([...(await channelGradients(context, 'a'))]).toEqual([8, -42]);
	});

	it('stops when told, and leaves nothing', async () => {
		const { context } = small();
		const controller = new AbortController();
		const before = tf.memory().numTensors;
		const run = channelEffects({ ...context, signal: controller.signal }, 'a', 'zero');
		await run.next();
		controller.abort();
		await expect(run.next()).rejects.toThrow('cancelled');
		expect(tf.memory().numTensors).toBe(before);
	});

	it('where it fires most: row and column of a grid, nothing of a list; of a batch the first', async () => {
		const grid = smallModel({ x: [null, 3, 4, 2] }, [{ id: 'y', type: 'Identity' }]);
		const values = Float32Array.from({ length: 48 }, (_, i) => (i < 24 ? -1 : 99));
		values[(1 * 4 + 2) * 2 + 1] = 7;
		values[(2 * 4 + 3) * 2] = 5;
		const x = tf.tensor4d(values, [2, 3, 4, 2]);
		expect(await peak(grid, { x }, 'y', 1)).toEqual({ value: 7, position: [1, 2] });
		expect(await peak(grid, { x }, 'y', 0)).toEqual({ value: 5, position: [2, 3] });
		const list = smallModel({ x: [null, 3, 2] }, [{ id: 'y', type: 'Identity' }]);
		const rows = tf.tensor3d([1, 2, 3, 9, 5, 6], [1, 3, 2]);
		expect(await peak(list, { x: rows }, 'y', 1)).toEqual({ value: 9, position: [0, 0] });
	});
});
