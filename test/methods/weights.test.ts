import { beforeAll, describe, expect, it } from 'vitest';
import type { GraphNode, WeightInfo } from '#contracts/graph.ts';
import { BINS } from '#contracts/weights.ts';
import { tensorStats } from '#engine/tensor-stats.ts';
import * as tf from '#engine/tf.ts';
import { centralMoments, mergedMoments, momentSums } from '#maths/moments.ts';
import { density } from '#maths/distribution.ts';
import { filterReport } from '#methods/weights/filters.ts';
import { fans, initialDistributions } from '#methods/weights/initialisation.ts';
import { filterRows, gateOf, matrixOf, spectrumSource } from '#methods/weights/matrix.ts';
import { weightPicture } from '#methods/weights/picture.ts';
import { weightShape } from '#methods/weights/shape.ts';
import { spectrumOf } from '#methods/weights/spectrum.ts';
import { weightStatistics } from '#methods/weights/statistics.ts';
import { expectClose } from '../close.ts';
import { useBackend } from '../tools/backends.ts';
import { figures, reference, someValues } from '../tools/weights-reference.ts';

const node = (type: string, weights: WeightInfo[] = []): GraphNode => ({
	id: 'n',
	type,
	attributes: {},
	inputs: [],
	shape: [null, 1],
	dtype: 'float32',
	weights,
	group: []
});
const weight = (shape: number[], role = 'kernel', name = `n/${role}`): WeightInfo => ({
	name,
	shape,
	dtype: 'float32',
	role
});
const statistics = async (tensor: tf.Tensor) => {
	const stats = await tensorStats(tensor);
	return weightStatistics(stats).finally(() => stats.dispose());
};

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
	beforeAll(() => useBackend(backend));

	it.each([
		[1, false],
		[2, false],
		[999, true],
		[4096, false],
		[20_000, true],
		[300_000, false]
	])('the statistics of %i numbers (odd ones: %s) are those of a float64 reference', async (n, odd) => {
		const values = someValues(n, n, odd);
		const before = tf.memory().numTensors;
		const tensor = tf.tensor1d(values);
		const found = await statistics(tensor);
		const expected = reference(values);
		expectClose({ data: figures(found).slice(0, 5) }, { data: figures(expected).slice(0, 5) }, { rtol: 0, atol: 0 });
		if (n > 2) expectClose({ data: figures(found) }, { data: figures(expected) }, { rtol: 1e-9, atol: 1e-12 });
		for (const [i, q] of found.quantiles.entries())
			expect(Math.abs(q - expected.quantiles[i]!)).toBeLessThanOrEqual(found.quantileError + 1e-15);
		expect(found.quantileError).toBeLessThan(n > 4096 ? 1e-5 * (expected.max - expected.min) : 1e-30);
		expect(found.histogram.counts).toHaveLength(BINS);
		expect(found.histogram.counts.reduce((a, b) => a + b)).toBe(n - found.nan - found.infinite);
		tensor.dispose();
		expect(tf.memory().numTensors).toBe(before);
	});

	it('takes whole numbers, truths, scalars, nothing, one value and huge values as they are', async () => {
		const whole = await statistics(tf.tensor1d([2 ** 30, 2 ** 30 + 1, -5], 'int32'));
		expect([whole.min, whole.max, whole.quantiles[4]]).toEqual([-5, 2 ** 30 + 1, 2 ** 30]);
		expect((await statistics(tf.tensor1d([true, false, true, true], 'bool'))).mean).toBe(0.75);
		const single = await statistics(tf.scalar(0.1));
		expect([single.mean, single.std, single.kurtosis]).toEqual([Math.fround(0.1), 0, NaN]);
		const none = await statistics(tf.zeros([0, 3]));
		expect([none.size, none.l2, none.mean]).toEqual([0, 0, NaN]);
		const same = await statistics(tf.fill([5000], 0.1));
		expect([same.std, same.skewness, same.quantiles[0]]).toEqual([0, NaN, Math.fround(0.1)]);
		const huge = await statistics(tf.tensor1d([3e38, -1e38, 2e38]));
		expect(huge.mean).toBeCloseTo(4e38 / 3, -33);
		expect(huge.std / 1.699673e38).toBeCloseTo(1, 5);
		const nothing = await statistics(tf.tensor1d([NaN, Infinity]));
		expect([nothing.nan, nothing.infinite, nothing.min]).toEqual([1, 1, NaN]);
	});

	it('takes numbers whose sums overflow where they are summed, as on a GPU', async () => {
		const tensor = tf.tensor1d([3e38, 1e38, 2e38, 2.5e38]);
		const stats = await tensorStats(tensor);
		const single = {
			...stats,
			values: stats.values,
			size: stats.size,
			histogram: (...args: Parameters<typeof stats.histogram>) => stats.histogram(...args),
			moments: async (shift: number, scale: number) => {
				const found = await stats.moments(shift, scale);
				return { ...found, sums: found.sums.map(Math.fround) as unknown as typeof found.sums };
			}
		};
		const found = await weightStatistics(single);
		expect(found.mean / 2.125e38).toBeCloseTo(1, 5);
		expect(found.std / (1e38 * Math.sqrt((0.875 ** 2 + 1.125 ** 2 + 0.125 ** 2 + 0.375 ** 2) / 4))).toBeCloseTo(1, 5);
		stats.dispose();
		tensor.dispose();
	});

	it('finds dead, constant and doubled filters, and their norms', async () => {
		const values = someValues(3 * 3 * 4 * 10, 5);
		const kernel = await tf.tensor4d(values, [3, 3, 4, 10]).array();
		kernel.forEach((row) =>
			row.forEach((column) =>
				column.forEach((input) => {
					input[3] = 0; // dead
					input[5] = 0.25; // constant
					input[7] = -2 * input[1]!; // the other way: no twin
					input[8] = 3 * input[2]!; // a twin
				})
			)
		);
		const tensor = tf.tensor4d(kernel);
		const info = weight([3, 3, 4, 10]);
		const rows = filterRows(tensor, node('Conv2D', [info]), info)!;
		const report = await filterReport(rows, 1e9);
		expect(report).toMatchObject({ count: 10, size: 36, dead: [3], constant: [5], duplicated: 2 });
		expect(report.duplicates).toHaveLength(1);
		expect(report.duplicates[0]).toMatchObject({ first: 2, second: 8 });
		const flat = kernel.flat(2);
		expectClose(
			{ data: report.norms },
			{ data: Array.from({ length: 10 }, (_, f) => Math.hypot(...flat.map((input) => input[f]!))) },
			{ rtol: 1e-6 }
		);
		expect((await filterReport(rows, 10)).duplicated).toBe(null);
		tf.dispose([tensor, rows]);
	});

	it('knows the singular values of matrices made from them', async () => {
		// A = U diag(s) Vᵀ with Householder reflections for U and V: exact orthogonal matrices.
		const reflection = (n: number, seed: number) => {
			const v = someValues(n, seed);
			const length = v.reduce((sum, x) => sum + x * x, 0);
			return Array.from({ length: n }, (_, i) =>
				Array.from({ length: n }, (_, j) => (i === j ? 1 : 0) - (2 * v[i]! * v[j]!) / length)
			);
		};
		const made = (rows: number, columns: number, s: readonly number[]) => {
			const [u, v] = [reflection(rows, 3), reflection(columns, 4)];
			return Float32Array.from({ length: rows * columns }, (_, at) => {
				const [i, j] = [Math.floor(at / columns), at % columns];
				return s.reduce((sum, value, k) => sum + u[i]![k]! * value * v[j]![k]!, 0);
			});
		};
		for (const [rows, columns] of [
			[40, 12],
			[12, 40]
		] as const) {
			const s = [5, 4, 3, 2, 1, 0.5, 0.25, 0.1, 0.01, 0.001, 0, 0];
			const matrix = tf.tensor2d(made(rows, columns, s), [rows, columns]);
			const source = await spectrumSource(matrix);
			const spectrum = spectrumOf(source);
			expectClose({ data: spectrum.values }, { data: s }, { rtol: 1e-6, atol: 2e-6 });
			const sum = s.reduce((a, b) => a + b);
			const entropy = -s.filter((x) => x > 0).reduce((h, x) => h + (x / sum) * Math.log(x / sum), 0);
			expect(spectrum.effectiveRank).toBeCloseTo(Math.exp(entropy), 4);
			expect(spectrum.stableRank).toBeCloseTo(s.reduce((a, b) => a + b * b, 0) / 25, 5);
			// The same from a single-precision table, to its floor.
			const wide = rows <= columns;
			const table = Float32Array.from(await tf.matMul(matrix, matrix, !wide, wide).data());
			const coarse = spectrumOf({ ...source, kind: 'gram', values: table });
			expectClose({ data: coarse.values }, { data: s }, { rtol: 1e-4, atol: coarse.floor });
			matrix.dispose();
		}
		const identity = spectrumOf(await spectrumSource(tf.eye(16)));
		expect(identity).toMatchObject({ condition: 1, stableRank: 16 });
		expect(identity.effectiveRank).toBeCloseTo(16, 10);
		const one = spectrumOf(await spectrumSource(tf.ones([6, 4])));
		expect(one.effectiveRank).toBeCloseTo(1, 5);
		expect(one.condition).toBe(Infinity);
	});

	it('finds the largest singular value alone where a matrix is too large', async () => {
		const diagonal = Float32Array.from({ length: 1100 }, (_, i) => (i === 700 ? 3 : 1 + i / 1100));
		const matrix = tf.mul(tf.eye(1100), tf.tensor1d(diagonal)) as tf.Tensor2D;
		const spectrum = spectrumOf(await spectrumSource(matrix));
		expect(spectrum.kind).toBe('leading');
		expect(spectrum.values[0]).toBeCloseTo(3, 4);
		expect(spectrum.effectiveRank).toBe(null);
		expect(spectrum.stableRank).toBeCloseTo(diagonal.reduce((sum, x) => sum + x * x, 0) / 9, 1);
		matrix.dispose();
	});

	it('lays kernels out so that every number is where its picture says', async () => {
		const values = someValues(3 * 2 * 4 * 5, 9);
		const tensor = tf.tensor4d(values, [3, 2, 4, 5]);
		const info = weight([3, 2, 4, 5]);
		const owner = node('Conv2D', [info]);
		const request = { name: info.name, gate: null, filter: null, block: [0, 0] as const, key: 'k' };
		const { field, picture } = await weightPicture(tensor, owner, info, request);
		const shown = await field.array();
		const { cells } = picture;
		expect(picture).toMatchObject({ kind: 'kernels', filters: 5, cells: { width: 2, height: 3, count: 20 } });
		for (let input = 0; input < 4; input++)
			for (let filter = 0; filter < 5; filter++) {
				const cell = input * 5 + filter;
				const at = (y: number, x: number) =>
					shown[Math.floor(cell / cells.columns) * 3 + y]![(cell % cells.columns) * 2 + x];
				expect(at(2, 1)).toBe(values[((2 * 2 + 1) * 4 + input) * 5 + filter]);
				expect(at(0, 1)).toBe(values[((0 * 2 + 1) * 4 + input) * 5 + filter]);
			}
		const one = await weightPicture(tensor, owner, info, { ...request, filter: 3 });
		expect(one.picture).toMatchObject({ filters: 1, cells: { count: 4 } });
		expect(one.picture.max[2]).toBe(picture.max[2 * 5 + 3]);
		tf.dispose([tensor, field, one.field]);
	});
});

describe('what axes mean', () => {
	beforeAll(() => useBackend('cpu'));

	it.each([
		['Conv2D', [3, 3, 4, 8], 'kernel', 'kernels', [3, 3, 4, 8], 3],
		['Conv2D', [1, 1, 4, 8], 'kernel', 'matrix', [4, 8], 1],
		['DepthwiseConv2D', [3, 3, 4, 2], 'kernel', 'kernels', [3, 3, 1, 8], 3],
		['Conv2DTranspose', [3, 3, 8, 4], 'kernel', 'kernels', [3, 3, 8, 4], 2],
		['Conv1D', [5, 3, 8], 'kernel', 'kernels', [1, 5, 3, 8], 3],
		['Conv3D', [2, 3, 3, 4, 8], 'kernel', 'kernels', [6, 3, 4, 8], 3],
		['Dense', [4, 8], 'kernel', 'matrix', [4, 8], 1],
		['Embedding', [100, 16], 'embeddings', 'matrix', [100, 16], 0],
		['Dense', [8], 'bias', 'matrix', [1, 8], null],
		['Add', [], 'y', 'matrix', [1, 1], null]
	] as const)('%s %j %s', (type, shape, role, kind, view, filterAxis) => {
		const info = weight([...shape], role);
		expect(weightShape(node(type, [info]), info)).toMatchObject({ kind, view, filterAxis });
	});

	it('splits recurrent weights by gate in the order of Keras', async () => {
		const info = weight([3, 8], 'kernel', 'lstm/lstm_cell/kernel');
		const lstm = node('LSTM', [info]);
		expect(weightShape(lstm, info).gates).toEqual(['input', 'forget', 'cell', 'output']);
		const tensor = tf.tensor2d(
			Array.from({ length: 24 }, (_, i) => i),
			[3, 8]
		);
		expect(Array.from(await gateOf(tensor, 1, 4).data())).toEqual([2, 3, 10, 11, 18, 19]);
		expect(matrixOf(tensor, lstm, info, 3).shape).toEqual([3, 2]);
		const gru = weight([3, 9], 'recurrent_kernel');
		expect(weightShape(node('GRU', [gru]), gru).gates).toEqual(['update', 'reset', 'hidden']);
		const wrapped = weight([3, 8], 'kernel', 'bidirectional/forward_lstm/kernel');
		expect(weightShape(node('Bidirectional', [wrapped]), wrapped).gates).toHaveLength(4);
		const dense = weight([3, 8], 'kernel', 'lstm_head/kernel');
		expect(weightShape(node('Dense', [dense]), dense).gates).toEqual([]);
	});

	it('knows the laws that kernels begin with, and their densities', () => {
		expect(fans([3, 3, 16, 32])).toEqual([144, 288]);
		const info = weight([3, 3, 16, 32]);
		const distributions = initialDistributions(node('Conv2D', [info]), info);
		const std = (id: string) => distributions.find((distribution) => distribution.id === id)?.std;
		expect(std('glorot-uniform')).toBeCloseTo(Math.sqrt(2 / (144 + 288)), 12);
		expect(std('he-normal')).toBeCloseTo(Math.sqrt(2 / 144), 12);
		expect(std('lecun-normal')).toBeCloseTo(Math.sqrt(1 / 144), 12);
		const known = { ...node('Conv2D', [info]), attributes: { initialiser: 'He normal' } };
		expect(initialDistributions(known, info)[0]).toMatchObject({ title: 'He normal', known: true, kind: 'truncated' });
		const odd = { ...node('Conv2D', [info]), attributes: { initialiser: 'variance scaling 0.333 fan out uniform' } };
		expect(initialDistributions(odd, info)[0]!.std).toBeCloseTo(Math.sqrt(0.333 / 288), 12);
		expect(initialDistributions(node('Dense'), weight([8], 'bias'))).toEqual([]);
		for (const kind of ['uniform', 'normal', 'truncated'] as const) {
			// Each is a density with that std.
			const [n, reach, distribution] = [200_000, 8, { kind, std: 0.7 }];
			let [mass, square] = [0, 0];
			for (let i = 0; i < n; i++) {
				const x = reach * ((2 * i + 1) / n - 1);
				mass += (density(distribution, x) * 2 * reach) / n;
				square += (x * x * density(distribution, x) * 2 * reach) / n;
			}
			expect(mass).toBeCloseTo(1, 4);
			expect(Math.sqrt(square)).toBeCloseTo(0.7, 4);
		}
	});

	it('puts the moments of two sets together as those of their union', () => {
		const [a, b] = [someValues(700, 1), someValues(300, 2).map((x) => 5 * x - 2)];
		const of = (values: Float32Array) => centralMoments(momentSums(values, 0.1, 0.5), 0.1, 0.5);
		const both = mergedMoments(of(a), of(b));
		const expected = of(Float32Array.of(...a, ...b));
		expectClose({ data: Object.values(both) }, { data: Object.values(expected) }, { rtol: 1e-9 });
	});
});
