import { beforeAll, describe, expect, it } from 'vitest';
import type { Derivation } from '#contracts/anatomy.ts';
import { derive } from '#methods/activation/derivation.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';
import { convolved, depthwise, drawn, pooled, windows, type Grid, type Window } from '../../tools/naive-layers.ts';
import { smallModel, type LayerSpec } from '../../tools/small-model.ts';

/** Every number of a layer taken apart: its parts are those that a sum by hand has. */

beforeAll(() => useBackend('cpu'));

const SHAPE = [5, 6, 4] as const;
const x: Grid = { shape: SHAPE, data: drawn(SHAPE, 1) };

interface Opened {
	shape: readonly number[];
	at(...position: number[]): Promise<Derivation>;
}
async function opened(
	layer: Omit<LayerSpec, 'id'>,
	inputs: Record<string, Grid | { shape: number[]; data: ArrayLike<number> }> = { x }
): Promise<Opened> {
	const shapes = Object.fromEntries(Object.entries(inputs).map(([id, { shape }]) => [id, [1, ...shape]]));
	const model = smallModel(shapes, [{ from: Object.keys(inputs), ...layer, id: 'y' }]);
	const feeds = Object.fromEntries(
		Object.entries(inputs).map(([id, { shape, data }]) => [id, tf.tensor(Float32Array.from(data), [1, ...shape])])
	);
	return {
		shape: model.graph.nodes.at(-1)!.shape.slice(1) as number[],
		at: async (...position) => {
			const before = tf.memory().numTensors;
			const found = await derive(model, feeds, 'y', position);
			expect(tf.memory().numTensors).toBe(before);
			expect(found).toMatchObject({ layer: 'y', position, from: Object.keys(inputs)[0] });
			expect(found.fromShape).toEqual(Object.values(inputs)[0]!.shape);
			expectClose({ data: [found.worked] }, { data: [found.value] }, { rtol: 1e-5, atol: 1e-6 });
			return found;
		}
	};
}
/** Row, column and channel of every fifth number and of the last. */
const everywhere = ([rows, columns, channels]: readonly number[]) =>
	Array.from({ length: rows! * columns! * channels! }, (_, i) => [
		Math.floor(i / (columns! * channels!)),
		Math.floor(i / channels!) % columns!,
		i % channels!
	]).filter((_, i, all) => i % 5 === 0 || i === all.length - 1);
const flat = ([y, t, c]: readonly number[], [, width, channels]: readonly number[]) =>
	(y! * width! + t!) * channels! + c!;

function expectWorked({ worked }: Derivation, right: Grid, position: readonly number[]): void {
	const expected = right.data[flat(position, right.shape)]!;
	expectClose({ data: [worked] }, { data: [expected] }, { rtol: 1e-6, atol: 1e-7 });
}

const WINDOWS: Window[] = [
	{},
	{ padding: 'same', strides: [2, 1] },
	{ padding: 'same', dilations: [1, 2] },
	{ padding: [[1, 2],
			[1, 0]], strides: [2, 2] } // prettier-ignore
];

describe('convolutions', () => {
	it.each(WINDOWS)('Conv2D %j', async (window) => {
		const shape = [3, 2, 4, 3] as const;
		const [kernel, bias] = [drawn(shape, 2), drawn([3], 3)];
		const right = convolved(x, shape, kernel, window, bias);
		const layer = await opened({
			type: 'Conv2D',
			attributes: { ...window } as never,
			weights: { kernel: [shape, kernel], bias: [[3], bias] }
		});
		expect(layer.shape).toEqual(right.shape);
		const visible = windows(SHAPE, [3, 2], window, (cells) => cells);
		const [dy, dx] = window.dilations ?? [1, 1];
		for (const position of everywhere(layer.shape)) {
			const found = await layer.at(...position);
			const f = position[2]!;
			expectWorked(found, right, position);
			expect(found).toMatchObject({ type: 'Conv2D', formula: 'Σ x·k + b', bias: bias[f], total: 4, figures: [] });
			expect(found.sum).toBeCloseTo(found.worked - bias[f]!, 12);
			const cells = visible.made[position[0]! * visible.columns + position[1]!]!;
			expect(found.window).toMatchObject({ height: 2 * dy + 1, width: dx + 1 });
			const [ky, kx, cy, cx] = cells[0]!;
			expect(found.window).toMatchObject({ y: cy - ky * dy, x: cx - kx * dx });
			expect(found.parts.map(({ channel }) => channel).sort()).toEqual([0, 1, 2, 3]);
			for (const part of found.parts) {
				expect([part.rows, part.columns]).toEqual([3, 2]);
				const input = Array.from({ length: 6 }, (): number | null => null);
				for (const [a, b, row, column] of cells) input[a * 2 + b] = x.data[flat([row, column, part.channel], SHAPE)]!;
				expect(part.input).toEqual(input);
				expect(part.kernel).toEqual(Array.from({ length: 6 }, (_, i) => kernel[(i * 4 + part.channel) * 3 + f]!));
				expect(part.sum).toBeCloseTo(
					input.reduce<number>((sum, v, i) => sum + (v ?? 0) * part.kernel![i]!, 0),
					12
				);
			}
			const sums = found.parts.map(({ sum }) => Math.abs(sum));
			expect(sums).toEqual([...sums].sort((a, b) => b - a));
		}
	});

	it('in groups: only the channels of its own', async () => {
		const shape = [2, 2, 2, 6] as const;
		const kernel = drawn(shape, 4);
		const right = convolved(x, shape, kernel);
		const layer = await opened({ type: 'Conv2D', attributes: { groups: 2 }, weights: { kernel: [shape, kernel] } });
		for (const position of everywhere(layer.shape)) {
			const found = await layer.at(...position);
			expectWorked(found, right, position);
			expect(found).toMatchObject({ formula: 'Σ x·k', bias: null, total: 2 });
			expect(found.parts.map(({ channel }) => channel).sort()).toEqual(position[2]! < 3 ? [0, 1] : [2, 3]);
		}
	});

	it('DepthwiseConv2D: one channel, by each of its filters', async () => {
		const shape = [2, 3, 4, 2] as const;
		const [kernel, bias] = [drawn(shape, 5), drawn([8], 6)];
		const right = depthwise(x, shape, kernel, {}, bias);
		const layer = await opened({ type: 'DepthwiseConv2D', weights: { kernel: [shape, kernel], bias: [[8], bias] } });
		for (const position of everywhere(layer.shape)) {
			const found = await layer.at(...position);
			expectWorked(found, right, position);
			expect(found).toMatchObject({
				total: 1,
				bias: bias[position[2]!],
				parts: [{ channel: Math.floor(position[2]! / 2) }]
			});
			expect(found.parts[0]!.kernel).toEqual(Array.from({ length: 6 }, (_, i) => kernel[i * 8 + position[2]!]!));
		}
	});
});

describe('pooling', () => {
	it.each(WINDOWS.filter(({ dilations, padding }) => !dilations && !Array.isArray(padding)))('%j', async (window) => {
		const sum = (cells: readonly number[]) => cells.reduce((a, b) => a + b, 0);
		const attributes = { size: [2, 3], strides: [1, 1], ...window } as never;
		const [max, mean] = [
			await opened({ type: 'MaxPool2D', attributes }),
			await opened({ type: 'AveragePool2D', attributes })
		];
		const right = [
			pooled(x, [2, 3], window, (all) => Math.max(...all)),
			pooled(x, [2, 3], window, (all) => sum(all) / all.length)
		];
		const inside = windows(SHAPE, [2, 3], window, (cells) => cells.length);
		for (const position of everywhere(max.shape)) {
			const [a, b] = [await max.at(...position), await mean.at(...position)];
			const expected = right.map(({ data, shape }) => data[flat(position, shape)]!);
			expectClose({ data: [a.worked, b.worked] }, { data: expected }, { rtol: 1e-12, atol: 1e-12 });
			expect([a.formula, b.formula]).toEqual([
				'max x',
				`Σ x / ${inside.made[position[0]! * inside.columns + position[1]!]}`
			]);
			for (const found of [a, b]) {
				expect(found.parts[0]).toMatchObject({
					channel: position[2],
					rows: 2,
					columns: 3,
					kernel: null,
					sum: found.worked
				});
				expect(found).toMatchObject({ bias: null, total: 1, sum: found.worked });
				expect(found.window).toMatchObject({ width: 3, height: 2 });
			}
		}
	});

	it('over everything, of a grid and of a sequence', async () => {
		const grid = { shape: [2, 3, 2], data: [1, 8, 3, 2, 5, 4, 7, 6, 9, 0, 11, 10] };
		const kind = (type: string) => ({ type, attributes: { axes: [1, 2] } });
		const mean = await (await opened(kind('GlobalAveragePool'), { x: grid })).at(1);
		expect(mean).toMatchObject({
			worked: 5,
			formula: 'Σ x / 6',
			window: { x: 0, y: 0, width: 3, height: 2 },
			bias: null
		});
		expect(mean.parts).toEqual([{ channel: 1, rows: 2, columns: 3, input: [8, 2, 4, 6, 0, 10], kernel: null, sum: 5 }]);
		const max = await (await opened(kind('GlobalMaxPool'), { x: grid })).at(0);
		expect(max).toMatchObject({ worked: 11, formula: 'max x', total: 1 });
		const series = { shape: [3, 2], data: [1, 8, 3, 2, 5, 4] };
		const line = await (await opened({ type: 'GlobalAveragePool', attributes: { axes: [1] } }, { x: series })).at(0);
		expect(line).toMatchObject({ worked: 3, window: null, parts: [{ rows: 1, columns: 3, input: [1, 3, 5] }] });
	});
});

describe('dense layers', () => {
	const kernel = drawn([70, 3], 7);
	const input = drawn([2, 70], 8);

	it('list the 64 strongest products, and sum all', async () => {
		const one = { shape: [70], data: input.subarray(0, 70) };
		const weights = { kernel: [[70, 3], kernel], bias: [[3], [0.5, 1.5, -2]] } as const;
		const found = await (await opened({ type: 'Dense', weights }, { x: one })).at(2);
		const all = Array.from({ length: 70 }, (_, i) => input[i]! * kernel[i * 3 + 2]!);
		expect(found).toMatchObject({ total: 70, bias: -2, formula: 'Σ x·w + b', window: null });
		expect(found.sum).toBeCloseTo(
			all.reduce((a, b) => a + b, 0),
			12
		);
		expect(found.worked).toBeCloseTo(found.sum - 2, 12);
		const order = [...all.keys()].sort((a, b) => Math.abs(all[b]!) - Math.abs(all[a]!)).slice(0, 64);
		expect(found.parts.map(({ channel }) => channel)).toEqual(order);
		const k = order[5]!;
		expect(found.parts[5]).toMatchObject({ channel: k, rows: 1, columns: 1, input: [input[k]] });
		expect(found.parts[5]!.kernel).toEqual([kernel[k * 3 + 2]]);
		expect(found.parts[5]!.sum).toBeCloseTo(all[k]!, 12);
	});

	it('over a sequence: each step by itself; without a bias', async () => {
		const layer = await opened(
			{ type: 'Dense', weights: { kernel: [[70, 3], kernel] } },
			{ x: { shape: [2, 70], data: input } }
		);
		for (const step of [0, 1]) {
			const found = await layer.at(step, 1);
			const all = Array.from({ length: 70 }, (_, i) => input[step * 70 + i]! * kernel[i * 3 + 1]!);
			expect(found.worked).toBeCloseTo(
				all.reduce((a, b) => a + b, 0),
				12
			);
			expect(found).toMatchObject({ bias: null, formula: 'Σ x·w' });
		}
	});
});

describe('number by number', () => {
	const grid = { shape: [1, 2, 2], data: [-3, 0.5, 2, 9] };
	it.each<[string, object, (x: number) => number]>([
		['Relu', {}, (v) => Math.max(0, v)],
		['Relu', { max: 4 }, (v) => Math.min(4, Math.max(0, v))],
		['Relu', { slope: 0.1, threshold: 1 }, (v) => (v < 1 ? 0.1 * (v - 1) : v)],
		['Relu6', {}, (v) => Math.min(6, Math.max(0, v))],
		['Sigmoid', {}, (v) => 1 / (1 + Math.exp(-v))],
		['Tanh', {}, Math.tanh],
		['Identity', {}, (v) => v]
	])('%s %j', async (type, attributes, f) => {
		const layer = await opened({ type, attributes: { ...attributes } as never }, { x: grid });
		for (const [k, value] of grid.data.entries()) {
			const found = await layer.at(0, k >> 1, k & 1);
			expect(found.worked).toBeCloseTo(f(value), 12);
			expect(found.parts).toEqual([{ channel: 0, rows: 1, columns: 1, input: [value], kernel: null, sum: value }]);
			expect(found).toMatchObject({ sum: found.worked, bias: null, window: null, figures: [] });
		}
	});

	const formulas: [string, string, (a: number, b: number, c: number) => number][] = [
		['Add', 'Σ x', (a, b, c) => a + b + c],
		['Multiply', 'Π x', (a, b, c) => a * b * c],
		['Average', 'Σ x / n', (a, b, c) => (a + b + c) / 3],
		['Maximum', 'max x', Math.max],
		['Minimum', 'min x', Math.min]
	];
	it.each(formulas)('%s of three', async (type, formula, f) => {
		const others = [
			{ shape: [1, 2, 2], data: [5, -1, 0.5, 3] },
			{ shape: [1, 2, 2], data: [-2, 4, 7, 0.25] }
		];
		const layer = await opened({ type }, { x: grid, y0: others[0]!, z: others[1]! });
		for (const k of grid.data.keys()) {
			const found = await layer.at(0, k >> 1, k & 1);
			const values = [grid, ...others].map(({ data }) => data[k]!) as [number, number, number];
			expect(found.worked).toBeCloseTo(f(...values), 12);
			expect(found).toMatchObject({ formula, total: 3 });
			const listed = [...found.parts].sort((a, b) => a.channel - b.channel);
			expect(listed.map(({ input }) => input[0])).toEqual(values);
		}
	});

	it('an axis of one, or one that is not there, stands for all positions', async () => {
		const layer = await opened({ type: 'Add' }, { x: grid, gate: { shape: [1, 1, 2], data: [10, 20] } });
		expect((await layer.at(0, 1, 1)).worked).toBe(29);
		expect((await layer.at(0, 1, 0)).worked).toBe(12);
		const lower = await opened(
			{ type: 'Multiply' },
			{ x: { shape: [2, 2], data: [1, 2, 3, 4] }, y0: { shape: [2], data: [] } as never }
		).catch(() => null);
		expect(lower).toBeNull();
	});

	it('a norm, with its figures', async () => {
		const weights = {
			mean: [[2], [1, 2]],
			variance: [[2], [4, 9]],
			gamma: [[2], [3, 5]],
			beta: [[2], [0.5, 7]]
		} as const;
		const whole = await opened({ type: 'BatchNormalization', attributes: { epsilon: 0.5 }, weights }, { x: grid });
		const found = await whole.at(0, 1, 1);
		expect(found.worked).toBeCloseTo((5 * (9 - 2)) / Math.sqrt(9.5) + 7, 12);
		expect(found.figures).toEqual([
			{ name: 'x', value: 9 },
			{ name: 'mean', value: 2 },
			{ name: 'variance', value: 9 },
			{ name: 'gamma', value: 5 },
			{ name: 'beta', value: 7 },
			{ name: 'epsilon', value: 0.5 }
		]);
		expect(found).toMatchObject({ formula: 'γ (x − mean) / √(variance + ε) + β', parts: [{ input: [9] }] });
		const { mean, variance } = weights;
		const bare = await opened({ type: 'BatchNormalization', weights: { mean, variance } }, { x: grid });
		const plain = await bare.at(0, 0, 0);
		expect(plain.worked).toBeCloseTo((-3 - 1) / Math.sqrt(4.001), 12);
		expect(plain.figures.map(({ value }) => value)).toEqual([-3, 1, 4, 1, 0, 0.001]);
	});
});

it('what cannot be taken apart is refused by its kind', async () => {
	const model = smallModel({ x: [1, 4] }, [{ id: 'y', type: 'Softmax' }]);
	const x4 = { x: tf.zeros([1, 4]) };
	await expect(derive(model, x4, 'y', [0])).rejects.toMatchObject({
		message: 'How Softmax computes its values is not shown.',
		code: 'refused'
	});
	await expect(derive(model, x4, 'nowhere', [0])).rejects.toThrow('How this computes its values is not shown.');
});
