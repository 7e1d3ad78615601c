import { beforeAll, describe, expect, it } from 'vitest';
import type { SentField } from '#contracts/field.ts';
import type { Feeds, Model } from '#contracts/model.ts';
import { headSpecs } from '#engine/model/inspect.ts';
import { operatorOf } from '#engine/model/operators/index.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { AblatableModel, channelEffects, channelGradients } from '#methods/activation/ablation.ts';
import { cellStats, grid, stackOf } from '#methods/activation/cells.ts';
import { derive } from '#methods/activation/derivation.ts';
import { film } from '#methods/activation/film.ts';
import { maximise } from '#methods/activation/maximise.ts';
import { peak } from '#methods/activation/patches.ts';
import { receptiveFields, seenBy } from '#methods/structure/receptive-field.ts';
import { expectClose } from '../close.ts';
import { useBackend } from '../tools/backends.ts';
import { folderSource, loadContext } from '../tools/files.ts';

const { signal } = new AbortController();

async function shipped(name: string): Promise<AblatableModel> {
	const only = (path: string) => /\/model\.(json|bin)$/.test(path);
	return new AblatableModel((await openSource(folderSource(`models/${name}`, only), loadContext())).model);
}

function randomInput({ graph }: Model, seed: number): Feeds {
	const [id] = graph.inputs as [string];
	const shape = graph.nodes.find((node) => node.id === id)!.shape.map((n) => n ?? 1);
	return { [id]: tf.randomNormal(shape, 0, 1, 'float32', seed) };
}

const scorer = (model: Model, unit: number) => (feeds: Feeds) =>
	tf.tidy(() => {
		const [head] = headSpecs(model.graph);
		const [y] = model.run(feeds, [head!.scores]) as [tf.Tensor2D];
		return tf.reshape(tf.slice(y, [0, unit], [-1, 1]), [-1]) as tf.Tensor1D;
	});

beforeAll(() => useBackend('wasm'));

describe('cells', () => {
	it('lays channels out row by row, each a picture, and takes their statistics', async () => {
		const values = Float32Array.from({ length: 3 * 4 * 5 }, (_, i) => Math.sin(i) * (i % 5));
		const x = tf.tensor(values, [1, 3, 4, 5]);
		const stack = stackOf(x, 'Conv2D');
		const { field, cells } = grid(stack, 0, Infinity);
		expect(cells).toMatchObject({ kind: 'maps', count: 5, shown: 5, width: 4, height: 3 });
		const data = await field.data();
		const stats = await cellStats(stack).array();
		for (let c = 0; c < 5; c++) {
			const own: number[] = [];
			for (let y = 0; y < 3; y++)
				for (let k = 0; k < 4; k++) {
					const row = Math.floor(c / cells.columns) * 3 + y;
					const value = data[row * field.shape[1] + (c % cells.columns) * 4 + k]!;
					expect(value).toBe(values[(y * 4 + k) * 5 + c]);
					own.push(value);
				}
			const mean = own.reduce((a, b) => a + b) / 12;
			const deviation = Math.sqrt(own.reduce((a, b) => a + (b - mean) ** 2, 0) / 12);
			const expected = [mean, deviation, Math.min(...own), Math.max(...own), own.filter((n) => n === 0).length / 12];
			expectClose({ data: stats.map((row) => row[c]!) }, { data: expected }, { rtol: 1e-5, atol: 1e-6 });
		}
	});

	it.each([
		[[1, 7], 'Dense', { kind: 'units', width: 1, height: 1 }, 7],
		[[1, 6, 3], 'LSTM', { kind: 'sequence', width: 6, height: 3 }, 1],
		[[1, 2, 6, 6], 'Softmax', { kind: 'heads', width: 6, height: 6 }, 2],
		[[1, 2, 3, 4, 5], 'Conv3D', { kind: 'maps', width: 4, height: 6 }, 5]
	] as const)('knows the kind of %s from %s', (shape, type, expected, count) => {
		const stack = stackOf(tf.zeros([...shape]), type);
		expect(grid(stack, 0, Infinity).cells).toMatchObject({ ...expected, count });
	});

	it('thins large maps by averaging', async () => {
		const { field, thinned } = grid(stackOf(tf.reshape(tf.range(0, 16), [1, 4, 4, 1]), 'Conv2D'), 0, 2);
		expect(thinned).toBe(2);
		expect([...(await field.data())]).toEqual([2.5, 4.5, 10.5, 12.5]);
	});
});

describe.each(['digits', 'photos', 'shortcut'])('inside %s', (name) => {
	let model: AblatableModel;
	let feeds: Feeds;
	beforeAll(async () => {
		model = await shipped(name);
		feeds = randomInput(model, 3);
	});

	it('one run gives every layer its fields and statistics, and leaves nothing behind', async () => {
		const layers = model.graph.nodes.map(({ id }) => id);
		const sent: SentField[] = [];
		const before = tf.memory().numTensors;
		const context = {
			model,
			feeds,
			transfer: 'array' as const,
			signal,
			send: (field: SentField) => void sent.push(field)
		};
		const reports = await film(context, { layers, prefix: 'k:', most: 4 });
		expect(tf.memory().numTensors).toBe(before);
		expect(reports.map(({ id }) => id)).toEqual(layers);
		for (const { id, key, stats, cells, shape } of reports) {
			const [value] = model.run(feeds, [id]) as [tf.Tensor];
			expect(shape).toEqual(value.shape.slice(1));
			expect(stats.mean.length).toBe(cells.count);
			expectClose({ data: [Math.max(...stats.max)] }, { data: await tf.max(value).data() }, { rtol: 1e-6, atol: 1e-7 });
			expect(sent.some((field) => field.key === key)).toBe(cells.kind !== 'units');
			value.dispose();
		}
	});

	it('every number can be worked out from its parts', async () => {
		for (const { id, type } of model.graph.nodes.filter((node) => operatorOf(node.type).derive)) {
			const [value] = model.run(feeds, [id]) as [tf.Tensor];
			const shape = value.shape.slice(1);
			value.dispose();
			for (const corner of [0, 0.49, 1]) {
				const place = shape.map((n, axis) =>
					axis === shape.length - 1 ? Math.floor((n - 1) * 0.4) : Math.round((n - 1) * corner)
				);
				const made = await derive(model, feeds, id, place);
				expectClose({ data: [made.worked] }, { data: [made.value] }, { rtol: 1e-4, atol: 1e-5 });
				if (type === 'Conv2D')
					expectClose({ data: [made.sum + (made.bias ?? 0)] }, { data: [made.worked] }, { rtol: 1e-12 });
			}
		}
	});

	it('favourite images excite channels and classes at least five times more than noise', async () => {
		const [id] = model.graph.inputs as [string];
		const [, h, w, c] = model.graph.nodes.find((node) => node.id === id)!.shape as number[];
		const [head] = headSpecs(model.graph);
		const deep = model.graph.nodes.filter(({ type, shape }) => /Relu/.test(type) && shape.length === 4).at(-1)!;
		const context = {
			model,
			size: [h!, w!, c!] as const,
			signal,
			feeds: (pixels: tf.Tensor4D) => ({ [id]: tf.sub(tf.mul(pixels, 4), 2) })
		};
		const common = { steps: 64, seed: 1, objective: 'neuron' as const, jitter: 2, decorrelate: true };
		const before = tf.memory().numTensors;
		for (const layer of [deep.id, head!.scores])
			for (const channel of [0, 2]) {
				let last = { noise: NaN, value: NaN };
				for await (const { pixels, ...step } of maximise(context, { ...common, layer, channel })) {
					pixels.dispose();
					last = step;
				}
				expect(last.value, `${layer} ${channel}`).toBeGreaterThan(5 * Math.abs(last.noise));
			}
		expect(tf.memory().numTensors).toBe(before);
	});
});

describe('ablation', () => {
	it('a channel that is off is zero for all that comes after it, and effects equal one by one', async () => {
		const model = await shipped('digits');
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
		const model = await shipped('photos');
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

describe('receptive fields', () => {
	it.each(['digits', 'photos'])('of %s hold every pixel that moves a cell, and no more than a margin', async (name) => {
		const model = await shipped(name);
		const fields = receptiveFields(model.graph);
		const [id] = model.graph.inputs as [string];
		const [, h, w] = model.graph.nodes.find((node) => node.id === id)!.shape as number[];
		const grids = model.graph.nodes.filter(({ shape, type }) => shape.length === 4 && type === 'Conv2D');
		for (const { id: layer, shape } of grids) {
			const place = [Math.floor(shape[1]! / 2), Math.floor(shape[2]! / 2)] as const;
			const part = seenBy(fields.get(layer)!, place, [h!, w!]);
			const cell = (x: tf.Tensor) =>
				tf.sum(tf.slice(model.run({ [id]: x }, [layer])[0] as tf.Tensor4D, [0, ...place, 0], [1, 1, 1, -1]));
			const total = tf.tidy(() => {
				let sum: tf.Tensor = tf.zeros([h!, w!]);
				for (const seed of [1, 2, 3, 4])
					sum = tf.add(sum, tf.sum(tf.abs(tf.grad(cell)(randomInput(model, seed)[id]!)), [0, 3]));
				return sum as tf.Tensor2D;
			});
			const moved = await total.array();
			for (let y = 0; y < h!; y++)
				for (let x = 0; x < w!; x++) {
					const inside = y >= part.y && y < part.y + part.height && x >= part.x && x < part.x + part.width;
					if (!inside) expect(moved[y]![x], `${layer} ${y},${x}`).toBe(0);
				}
			// Its corners are reached, too, where no padding cuts them off.
			if (part.width < w! && part.width * part.height < 60)
				expect(Math.max(...moved.slice(part.y, part.y + part.height).map((row) => row[part.x]!))).toBeGreaterThan(0);
		}
	});
});

it('finds where a channel fires most', async () => {
	const model = await shipped('digits');
	const feeds = randomInput(model, 9);
	const layer = model.graph.nodes.find(({ type }) => /Relu/.test(type))!.id;
	const [value] = model.run(feeds, [layer]) as [tf.Tensor4D];
	const found = await peak(model, feeds, layer, 2);
	const maps = await value.array();
	expect(maps[0]![found.place[0]]![found.place[1]]![2]).toBe(found.value);
	expect(found.value).toBe(Math.max(...maps[0]!.flat().map((cell) => cell[2]!)));
});
