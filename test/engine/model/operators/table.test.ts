import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../../../close.ts';
import { useBackend } from '../../../tools/backends.ts';
import { drawn, pooled, type Grid, type Window } from '../../../tools/naive-layers.ts';
import { outputOf, outputsOf, type OperatorOptions } from './table.ts';

/** The other operators of the table against their formulas. */

const filled = (n: number, f: (i: number) => number = (i) => i) => Array.from({ length: n }, (_, i) => f(i));
const clip = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);
const xs = [-7, -3.2, -1.2, -0.6, -0.3, 0, 0.25, 0.4, 1.1, 2.5, 5, 6.5, 9];

describe.each(['cpu', 'wasm'] as const)('operators on %s', (backend) => {
	beforeAll(() => useBackend(backend));
	const same = async (
		type: string,
		inputs: tf.Tensor[],
		shape: number[],
		data: ArrayLike<number>,
		how: OperatorOptions = {}
	) => expectClose(await outputOf(type, inputs, how), { shape, data }, { rtol: 1e-5, atol: 2e-6 });

	it.each<[string, object, (x: number) => number]>([
		['Relu', { max: 3 }, (x) => clip(x, 0, 3)],
		['Relu', { max: 6 }, (x) => clip(x, 0, 6)],
		['Relu', { slope: 0.3 }, (x) => (x > 0 ? x : 0.3 * x)],
		['Relu', { threshold: 0.25 }, (x) => (x >= 0.25 ? x : 0)],
		['Relu', { max: 4, slope: 0.5, threshold: 1.1 }, (x) => (x >= 1 ? Math.min(x, 4) : 0.5 * (x - 1.1))],
		['Relu', { max: 4, slope: 0, threshold: -1 }, (x) => (x >= -1 ? Math.min(x, 4) : 0)],
		['LeakyRelu', {}, (x) => (x > 0 ? x : 0.2 * x)],
		['LeakyRelu', { slope: 0.05 }, (x) => (x > 0 ? x : 0.05 * x)],
		['Elu', {}, (x) => (x > 0 ? x : Math.expm1(x))],
		['Elu', { alpha: 0.5 }, (x) => (x > 0 ? x : 0.5 * Math.expm1(x))],
		['Celu', {}, (x) => (x > 0 ? x : Math.expm1(x))],
		['Celu', { alpha: 2 }, (x) => (x > 0 ? x : 2 * Math.expm1(x / 2))],
		['HardSigmoid', {}, (x) => clip(0.2 * x + 0.5, 0, 1)],
		['HardSigmoid', { slope: 0.1, offset: 0.3 }, (x) => clip(0.1 * x + 0.3, 0, 1)],
		['SoftShrink', {}, (x) => Math.sign(x) * Math.max(0, Math.abs(x) - 0.5)],
		['SoftShrink', { threshold: 2 }, (x) => Math.sign(x) * Math.max(0, Math.abs(x) - 2)],
		['HardShrink', {}, (x) => (Math.abs(x) > 0.5 ? x : 0)],
		['HardShrink', { threshold: 2.5 }, (x) => (Math.abs(x) > 2.5 ? x : 0)],
		['SquarePlus', {}, (x) => (x + Math.sqrt(x * x + 4)) / 2],
		['SquarePlus', { b: 1 }, (x) => (x + Math.sqrt(x * x + 1)) / 2],
		['GeluTanh', {}, (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))],
		['Square', {}, (x) => x * x],
		['Neg', {}, (x) => -x],
		['Abs', {}, Math.abs],
		['Exp', {}, Math.exp],
		['Rescale', { scale: 0.5, offset: -1 }, (x) => 0.5 * x - 1],
		['Rescale', { scale: 3 }, (x) => 3 * x]
	])('%s %j', (type, attributes, f) =>
		same(
			type,
			[tf.tensor1d(xs)],
			[xs.length],
			xs.map((x) => f(x)),
			{ attributes: { ...attributes } as never }
		)
	);

	it.each([
		[[2, 3], undefined],
		[[2, 2, 3], 1],
		[[1, 2, 2, 3], 3],
		[[1, 2, 2, 2, 3], undefined],
		[[1, 2, 3, 2, 2], 2]
	] as [number[], number | undefined][])('BatchNorm of %j along axis %s', async (shape, axis) => {
		const size = shape.reduce((a, b) => a * b, 1);
		const data = filled(size, (i) => Math.sin(1.7 * i));
		const along = axis ?? shape.length - 1;
		const behind = shape.slice(along + 1).reduce((a, b) => a * b, 1);
		const n = shape[along]!;
		const [mean, variance, gamma, beta] = [
			filled(n, (c) => 0.1 * c),
			filled(n, (c) => 0.5 + c),
			filled(n, (c) => 2 - c),
			filled(n, (c) => c - 1)
		];
		const right = (epsilon: number, g: number[], b: number[]) =>
			data.map((x, i) => {
				const c = Math.floor(i / behind) % n;
				return (g[c]! * (x - mean[c]!)) / Math.sqrt(variance[c]! + epsilon) + b[c]!;
			});
		const of = (values: number[]) => tf.tensor1d(values);
		const attributes = { ...(axis === undefined ? {} : { axis }), epsilon: 0.01 };
		const all = { mean: of(mean), variance: of(variance), gamma: of(gamma), beta: of(beta) };
		const x = tf.tensor(data, shape);
		await same('BatchNormalization', [x], shape, right(0.01, gamma, beta), { attributes, weights: all });
		const bare = { mean: of(mean), variance: of(variance) };
		const plain: Record<string, number> = axis === undefined ? {} : { axis };
		await same('BatchNormalization', [x], shape, right(1e-3, gamma.map(() => 1), beta.map(() => 0)), { attributes: plain, weights: bare }); // prettier-ignore
	});

	it('Log, Sqrt and PRelu', async () => {
		const positive = xs.map((x) => Math.abs(x) + 0.1);
		await same('Log', [tf.tensor1d(positive)], [xs.length], positive.map(Math.log));
		await same('Sqrt', [tf.tensor1d(positive)], [xs.length], positive.map(Math.sqrt));
		const x = tf.tensor2d([
			[-1, 2],
			[3, -4]
		]);
		await same('PRelu', [x], [2, 2], [-0.1, 2, 3, -2], { weights: { alpha: tf.tensor1d([0.1, 0.5]) } });
	});

	it.each([0, 1, 2, -1, -3])('Softmax along the axis %d', async (axis) => {
		const shape = [2, 3, 4] as const;
		const x = drawn(shape, 1);
		const along = (axis + 3) % 3;
		const [n, step] = [shape[along]!, along === 0 ? 12 : along === 1 ? 4 : 1];
		const right = Array.from(x, (value, i) => {
			const first = i - (Math.floor(i / step) % n) * step;
			return Math.exp(value) / filled(n).reduce((sum, k) => sum + Math.exp(x[first + k * step]!), 0);
		});
		await same('Softmax', [tf.tensor3d(x, [...shape])], [...shape], right, { attributes: { axis } });
	});

	it('Softmax of large numbers along another axis than the last does not overflow', () =>
		same('Softmax', [tf.tensor2d([[1000], [1000]])], [2, 1], [0.5, 0.5], { attributes: { axis: 0 } }));

	it.each<[string, (...all: number[]) => number]>([
		['Add', (a, b, c) => a! + b! + c!],
		['Subtract', (a, b, c) => a! - b! - c!],
		['Multiply', (a, b, c) => a! * b! * c!],
		['Divide', (a, b, c) => a! / b! / c!],
		['Maximum', Math.max],
		['Minimum', Math.min],
		['Average', (a, b, c) => (a! + b! + c!) / 3]
	])('%s of three', async (type, f) => {
		const all = [1, 2, 3].map((seed) => drawn([6], seed));
		const right = filled(6, (i) => f(...all.map((one) => one[i]!)));
		await same(
			type,
			all.map((one) => tf.tensor1d(one)),
			[6],
			right
		);
	});

	const pools: Window[] = [{}, { padding: 'same', strides: [2, 1] }, { padding: 'valid', strides: [1, 2] }];
	it.each(pools)('pools %j: cells outside do not count', async (window) => {
		const x: Grid = { shape: [5, 6, 2], data: drawn([5, 6, 2], 4) };
		const how = { attributes: { size: [3, 2], ...window } as never };
		const image = tf.tensor4d(Float32Array.from(x.data), [1, 5, 6, 2]);
		const max = pooled(x, [3, 2], window, (cells) => Math.max(...cells));
		await same('MaxPool2D', [image], [1, ...max.shape], max.data, how);
		const mean = pooled(x, [3, 2], window, (cells) => cells.reduce((a, b) => a + b, 0) / cells.length);
		await same('AveragePool2D', [image], [1, ...mean.shape], mean.data, how);
	});

	it('pools over everything, keeping its axes or not', async () => {
		const x = tf.tensor4d(
			filled(12, (i) => (i * 5) % 12),
			[1, 2, 3, 2]
		);
		await same('GlobalAveragePool', [x], [1, 2], [5, 6], { attributes: { axes: [1, 2] } });
		await same('GlobalAveragePool', [x], [1, 1, 1, 2], [5, 6], { attributes: { axes: [1, 2], keepDims: true } });
		await same('GlobalMaxPool', [x], [1, 2], [10, 11], { attributes: { axes: [1, 2] } });
		await same('GlobalMaxPool', [x], [1, 2, 1, 2], [10, 5, 6, 11], { attributes: { axes: [2], keepDims: true } });
		expect(() => outputsOf('GlobalMaxPool', [x])).toThrow('"y" lacks the list axes');
	});

	it('matrices: a row, a sequence of rows, transposed ones', async () => {
		const kernel = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
		const bias = tf.tensor1d([10, 20]);
		await same('Dense', [tf.tensor2d([[1, 0, -1]])], [1, 2], [6, 16], { weights: { kernel, bias } });
		await same('Dense', [tf.tensor2d([[1, 0, -1]])], [1, 2], [-4, -4], { weights: { kernel } });
		const two = tf.tensor3d([1, 0, -1, 0, 1, 0], [1, 2, 3]);
		await same('Dense', [two], [1, 2, 2], [6, 16, 13, 24], { weights: { kernel, bias } });
		await same('Dense', [two], [1, 2, 2], [-4, -4, 3, 4], { weights: { kernel } });
		const [a, b] = [tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]), tf.tensor2d([1, 0, 2, 0, 1, 1], [2, 3])];
		await same('MatMul', [a, b], [2, 2], [7, 5, 16, 11], { attributes: { transposeB: true } });
		await same('MatMul', [a, b], [3, 3], [1, 4, 6, 2, 5, 9, 3, 6, 12], {
			attributes: { transposeA: true }
		});
		await same('BiasAdd', [tf.zeros([1, 2])], [1, 2], [10, 20], { weights: { bias } });
		const embeddings = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
		await same('Embedding', [tf.tensor2d([[2, 0]])], [1, 2, 2], [5, 6, 1, 2], { weights: { embeddings } });
	});

	it('BatchNormalization, with what it lacks as if it changed nothing', async () => {
		const x = tf.tensor2d([[1, -2]]);
		const [mean, variance] = [tf.tensor1d([0.5, 1]), tf.tensor1d([0.25, 4])];
		const right = (epsilon: number, gamma = [1, 1], beta = [0, 0]) =>
			[0.5, -3].map((d, i) => (gamma[i]! * d) / Math.sqrt([0.25, 4][i]! + epsilon) + beta[i]!);
		const one = (weights: OperatorOptions['weights'], data: number[], attributes = {}) =>
			same('BatchNormalization', [x], [1, 2], data, { attributes, weights: { mean, variance, ...weights } });
		await one({}, right(1e-3));
		await one({}, right(0.5), { epsilon: 0.5 });
		await one({ gamma: tf.tensor1d([2, 3]) }, right(1e-3, [2, 3]));
		await one({ gamma: tf.tensor1d([2, 3]), beta: tf.tensor1d([4, 5]) }, right(1e-3, [2, 3], [4, 5]));
	});

	it('shapes: reshaped, flat, transposed, joined, padded, cut', async () => {
		const x = tf.tensor4d(filled(24), [2, 2, 3, 2]);
		await same('Reshape', [x], [2, 4, 3], filled(24), { attributes: { shape: [-1, 3] } });
		await same('Flatten', [x], [2, 12], filled(24));
		const row = tf.tensor3d(filled(6), [1, 2, 3]);
		await same('Transpose', [row], [1, 3, 2], [0, 3, 1, 4, 2, 5], { attributes: { permutation: [0, 2, 1] } });
		await same('Concat', [row, row], [1, 2, 6], [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5]);
		await same('Concat', [row, row], [1, 4, 3], [...filled(6), ...filled(6)], { attributes: { axis: 1 } });
		const paddings = [[0, 0], [1, 0], [0, 2]]; // prettier-ignore
		await same('Pad', [row], [1, 3, 5], [0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 5, 0, 0], { attributes: { paddings } });
		const sevens = [7, 7, 7, 7, 7, 0, 1, 2, 7, 7, 3, 4, 5, 7, 7];
		await same('Pad', [row], [1, 3, 5], sevens, { attributes: { paddings, value: 7 } });
		const image = tf.tensor4d(filled(30), [1, 5, 6, 1]);
		const cropping = [[1, 2], [3, 1]]; // prettier-ignore
		await same('Crop2D', [image], [1, 2, 2, 1], [9, 10, 15, 16], { attributes: { cropping } });
	});

	it('sizes: nearest repeats; bilinear at half pixels or not', async () => {
		const x = tf.tensor4d([0, 4, 8, 12], [1, 2, 2, 1]);
		const twice = [0, 0, 4, 4].concat([0, 0, 4, 4], [8, 8, 12, 12], [8, 8, 12, 12]);
		await same('Upsample2D', [x], [1, 4, 4, 1], twice, { attributes: { size: 2, method: 'nearest' } });
		const wide = [0, 0, 0, 4, 4, 4, 8, 8, 8, 12, 12, 12];
		await same('Upsample2D', [x], [1, 2, 6, 1], wide, { attributes: { size: [1, 3], method: 'nearest' } });
		const rows = (at: readonly number[]) => at.flatMap((y) => at.map((t) => 8 * y + 4 * t));
		const bilinear = { size: [2, 2], method: 'bilinear' };
		await same('Upsample2D', [x], [1, 4, 4, 1], rows([0, 0.5, 1, 1]), { attributes: bilinear });
		const half = rows([0, 0.25, 0.75, 1]);
		await same('Upsample2D', [x], [1, 4, 4, 1], half, { attributes: { ...bilinear, halfPixel: true } });
		await same('Resize', [x], [1, 4, 4, 1], half, { attributes: { size: [4, 4], method: 'bilinear' } });
		const five = tf.tensor4d(filled(5), [1, 1, 5, 1]);
		// At half pixels: floor((i + 1/2) 5/3) = 0, 2, 4; without, 0, 1, 3.
		await same('Resize', [five], [1, 1, 3, 1], [0, 2, 4], { attributes: { size: [1, 3], method: 'nearest' } });
	});
});
