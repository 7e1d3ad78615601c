import { beforeAll, describe, expect, it } from 'vitest';
import type { SentField } from '#contracts/field.ts';
import type { Feeds } from '#contracts/model.ts';
import { headSpecs } from '#engine/model/inspect.ts';
import { operatorOf } from '#engine/model/operators/index.ts';
import * as tf from '#engine/tf.ts';
import { AblatableModel } from '#methods/activation/ablation.ts';
import { derive } from '#methods/activation/derivation.ts';
import { activationStrip } from '#methods/activation/strip.ts';
import { maximise } from '#methods/activation/maximise.ts';
import { receptiveFields, receptiveFieldOf } from '#methods/structure/receptive-field.ts';
import { expectClose } from '../close.ts';
import { useBackend } from '../tools/backends.ts';
import { ablatableSample, randomInput } from '../tools/ablatable.ts';

const { signal } = new AbortController();

beforeAll(() => useBackend('wasm'));

describe.each(['digits', 'photos', 'shortcut'])('inside %s', (name) => {
	let model: AblatableModel;
	let feeds: Feeds;
	beforeAll(async () => {
		model = await ablatableSample(name);
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
		const reports = await activationStrip(context, { layers, prefix: 'k:', maxCells: 4 });
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
				const position = shape.map((n, axis) =>
					axis === shape.length - 1 ? Math.floor((n - 1) * 0.4) : Math.round((n - 1) * corner)
				);
				const made = await derive(model, feeds, id, position);
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
		for (const [layer, channel] of [
			[deep.id, 0],
			[head!.scores, 2]
		] as const) {
			let last = { noise: NaN, value: NaN };
			for await (const { pixels, ...step } of maximise(context, { ...common, layer, channel })) {
				pixels.dispose();
				last = step;
			}
			expect(last.value, `${layer} ${channel}`).toBeGreaterThan(5 * Math.abs(last.noise));
		}
		expect(tf.memory().numTensors).toBe(before);
	}, 240_000);
});

describe('receptive fields', () => {
	it.each(['digits', 'photos'])('of %s hold every pixel that moves a cell, and no more than a margin', async (name) => {
		const model = await ablatableSample(name);
		const fields = receptiveFields(model.graph);
		const [id] = model.graph.inputs as [string];
		const [, h, w] = model.graph.nodes.find((node) => node.id === id)!.shape as number[];
		const grids = model.graph.nodes.filter(({ shape, type }) => shape.length === 4 && type === 'Conv2D');
		for (const { id: layer, shape } of grids) {
			const position = [Math.floor(shape[1]! / 2), Math.floor(shape[2]! / 2)] as const;
			const part = receptiveFieldOf(fields.get(layer)!, position, [h!, w!]);
			const cell = (x: tf.Tensor) =>
				tf.sum(tf.slice(model.run({ [id]: x }, [layer])[0] as tf.Tensor4D, [0, ...position, 0], [1, 1, 1, -1]));
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
