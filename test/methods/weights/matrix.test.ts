import { beforeAll, describe, expect, it } from 'vitest';
import type { GraphNode, WeightInfo } from '#contracts/graph.ts';
import type { PictureRequest } from '#contracts/weights.ts';
import * as tf from '#engine/tf.ts';
import { filterReport } from '#methods/weights/filters.ts';
import { filterRows, gateOf, matrixOf, spectrumSource } from '#methods/weights/matrix.ts';
import { weightPicture } from '#methods/weights/picture.ts';
import { useBackend } from '../../tools/backends.ts';
import { denseNode, weightInfo as weight } from '../../tools/weight-nodes.ts';

/** Weights of a few numbers as matrices, as filters and as pictures. */

beforeAll(() => useBackend('cpu'));

const node = (type: string, attributes: GraphNode['attributes'] = {}) =>
	denseNode('n', { type, attributes, shape: [null, 1] });

describe('as matrices', () => {
	const twelve = Array.from({ length: 12 }, (_, i) => i);
	it('what one output multiplies is a column', async () => {
		const data = async (tensor: tf.Tensor, type: string, info: WeightInfo, gate: number | null = null) => {
			const matrix = matrixOf(tensor, node(type), info, gate);
			return [matrix.shape, [...(await matrix.data())]];
		};
		const kernel = weight([1, 2, 2, 3], 'kernel');
		expect(await data(tf.tensor(twelve, [1, 2, 2, 3]), 'Conv2D', kernel)).toEqual([[4, 3], twelve]);
		// Filters lie before inputs in a transposed convolution.
		const back = [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11];
		expect(await data(tf.tensor(back, [1, 2, 3, 2]), 'Conv2DTranspose', weight([1, 2, 3, 2], 'kernel'))).toEqual([
			[4, 3],
			[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
		]);
		const one = weight([2, 3, 2, 1], 'kernel');
		expect(await data(tf.tensor(twelve, [2, 3, 2, 1]), 'Conv2D', one)).toEqual([[12, 1], twelve]);
		const gated = weight([2, 4], 'kernel');
		expect(await data(tf.tensor([0, 1, 2, 3, 4, 5, 6, 7], [2, 4]), 'LSTM', gated, 2)).toEqual([[2, 1], [2, 6]]); // prettier-ignore
		expect(await data(tf.tensor([1, 0], [2], 'bool'), 'Dense', weight([2], 'bias'))).toEqual([[1, 2], [1, 0]]); // prettier-ignore
	});

	it('filters are rows: none of what has no filters, or nothing in it', async () => {
		const rows = async (shape: number[], type: string, role: string) => {
			const found = filterRows(
				tf.tensor(
					twelve.slice(
						0,
						shape.reduce((a, b) => a * b, 1)
					),
					shape
				),
				node(type),
				weight(shape, role)
			);
			return found && [found.shape, [...(await found.data())]];
		};
		expect(await rows([2, 3], 'Dense', 'kernel')).toEqual([[3, 2], [0, 3, 1, 4, 2, 5]]); // prettier-ignore
		expect(await rows([3, 2], 'Embedding', 'embeddings')).toEqual([[3, 2], [0, 1, 2, 3, 4, 5]]); // prettier-ignore
		expect(await rows([3], 'Dense', 'bias')).toBeNull();
		expect(await rows([0, 3], 'Dense', 'kernel')).toBeNull();
		expect([...(await gateOf(tf.tensor2d([[1, 2, 3, 4]]), null, 4).data())]).toEqual([1, 2, 3, 4]);
		expect([...(await gateOf(tf.tensor2d([[1, 2, 3, 4]]), 1, 0).data())]).toEqual([1, 2, 3, 4]);
		expect([...(await gateOf(tf.tensor2d([[1, 2, 3, 4], [5, 6, 7, 8]]), 1, 2).data())]).toEqual([3, 4, 7, 8]); // prettier-ignore
	});

	it.each([
		[[1, 1024], 'exact'],
		[[2, 5], 'exact'],
		[[1025, 1025], 'leading'],
		[[1024, 4096], 'exact'],
		[[4, (1 << 20) + 1], 'gram'],
		[[(1 << 20) + 1, 4], 'gram']
	] as const)('of %j the %s matrix is handed over', async ([rows, columns], kind) => {
		const matrix = tf.ones([rows, columns]) as tf.Tensor2D;
		if (kind === 'leading') {
			// Only its first value: √(n n).
			const small = tf.concat([tf.ones([1025, 1]), tf.zeros([1025, 1024])], 1) as tf.Tensor2D;
			const source = await spectrumSource(small);
			expect(source).toMatchObject({ kind, rows: 1025, columns: 1025, energy: 1025 });
			expect(source.values[0]).toBeCloseTo(Math.sqrt(1025), 2);
			return;
		}
		const source = await spectrumSource(matrix);
		expect(source).toMatchObject({ kind, rows, columns });
		expect(source.energy).toBeCloseTo(rows * columns, -1);
		expect(source.values.length).toBe(kind === 'gram' ? 16 : rows * columns);
		if (kind === 'gram') source.values.forEach((value) => expect(value).toBe((1 << 20) + 1));
	});
});

describe('filters', () => {
	const report = async (rows: number[][], max = 1e9) => filterReport(tf.tensor2d(rows), max);
	it('dead below a ten-thousandth of the median norm, constant, doubled from a cosine of 0.99', async () => {
		const angle = (cosine: number) => [cosine, Math.sqrt(1 - cosine * cosine), 0];
		const found = await report([[1, 0, 0], [0, 0, 2], angle(0.991), [9e-5, 0, 0], [1.2e-4, 5e-5, 0], [-3, -3, -3], [0, 0, 0]]); // prettier-ignore
		expect(found).toMatchObject({ count: 7, size: 3, dead: [3, 6], constant: [5], duplicated: 2 });
		expect(found.duplicates).toEqual([{ first: 0, second: 2, cosine: expect.closeTo(0.991, 5) as number }]);
		const apart = await report([[1, 0, 0], angle(0.989), [0, 0, 2]]); // prettier-ignore
		expect(apart).toMatchObject({ duplicated: 0, duplicates: [] });
	});
	it('of one number each are neither constant nor doubled; a NaN spoils nothing but itself', async () => {
		expect(await report([[1], [1]])).toMatchObject({ constant: [], duplicated: null, duplicates: [] });
		expect(await report([[1, 2]])).toMatchObject({ duplicated: null });
		const found = await report([[NaN, 1], [1, 2], [2, 4], [Infinity, 0]]); // prettier-ignore
		expect(found).toMatchObject({ duplicated: 2, duplicates: [{ first: 1, second: 2 }] });
		expect([...found.norms].map(Number.isFinite)).toEqual([false, true, true, false]);
	});
	it('no more is compared than may be spent; no more than 64 pairs are named, the closest first', async () => {
		const two = [[1, 0], [1, 0]]; // prettier-ignore
		expect((await report(two, 8)).duplicated).toBe(2);
		expect((await report(two, 7)).duplicated).toBeNull();
		const many = Array.from({ length: 600 }, (_, i) => {
			const turn = (Math.floor(i / 2) / 300) * Math.PI + (i % 2) * (i < 4 ? 0 : 1e-3);
			return [Math.cos(turn), Math.sin(turn)];
		});
		const found = await report(many);
		expect(found.duplicated).toBe(600);
		expect(found.duplicates).toHaveLength(64);
		expect(found.duplicates.slice(0, 2).map(({ first, second }) => [first, second])).toEqual([[0, 1], [2, 3]]); // prettier-ignore
	});
});

describe('pictures', () => {
	const request = (change: Partial<PictureRequest> = {}): PictureRequest => ({
		...{ name: 'n/w', gate: null, filter: null, block: [0, 0], key: 'k' },
		...change
	});
	const of = async (shape: number[], type: string, role: string, change: Partial<PictureRequest> = {}) => {
		const size = shape.reduce((a, b) => a * b, 1);
		const { field, picture } = await weightPicture(
			tf.reshape(tf.range(0, size), shape),
			node(type),
			weight(shape, role),
			request(change)
		);
		return { picture, shape: field.shape, values: [...(await field.data())] };
	};
	it('of a matrix as it is, with its least and largest', async () => {
		const { picture, values, shape } = await of([2, 3], 'Dense', 'kernel');
		expect([shape, values]).toEqual([[2, 3], [0, 1, 2, 3, 4, 5]]); // prettier-ignore
		expect(picture).toEqual({
			...{ name: 'n/w', kind: 'matrix', key: 'k', filters: 1, start: [0, 0], whole: [2, 3], axes: ['input', 'unit'] },
			cells: { width: 3, height: 2, columns: 1, shown: 1, count: 1 },
			min: Float32Array.of(0),
			max: Float32Array.of(5)
		});
	});
	it('of one gate', async () => {
		const { picture, values } = await of([2, 4], 'LSTM', 'kernel', { gate: 3 });
		expect(values).toEqual([3, 7]);
		expect(picture.whole).toEqual([2, 1]);
	});
	it('of a block of what is too large, 4096 a side', async () => {
		const second = await of([1, 4100], 'Dense', 'kernel', { block: [0, 4096] });
		expect([second.shape, second.values, second.picture.start]).toEqual([[1, 4], [4096, 4097, 4098, 4099], [0, 4096]]); // prettier-ignore
		expect(second.picture.whole).toEqual([1, 4100]);
		expect((await of([1, 4100], 'Dense', 'kernel', { block: [9, 9999] })).picture.start).toEqual([0, 4096]);
		expect((await of([1, 4096], 'Dense', 'kernel', { block: [-1, 4096] })).picture.start).toEqual([0, 0]);
		expect((await of([1, 4100], 'Dense', 'kernel')).shape).toEqual([1, 4096]);
	});
	it('of kernels: one for each input and filter, or those of one filter', async () => {
		const all = await of([1, 2, 2, 2], 'Conv2D', 'kernel');
		expect(all.picture).toMatchObject({
			kind: 'kernels',
			filters: 2,
			whole: [1, 2],
			start: [0, 0],
			cells: { width: 2, height: 1, count: 4 }
		});
		expect([[...all.picture.min], [...all.picture.max]]).toEqual([[0, 1, 2, 3], [4, 5, 6, 7]]); // prettier-ignore
		const one = await of([1, 2, 2, 2], 'Conv2D', 'kernel', { filter: 1 });
		expect(one.picture).toMatchObject({ filters: 1, cells: { count: 2 } });
		expect([[...one.picture.min], [...one.picture.max]]).toEqual([[1, 3], [5, 7]]); // prettier-ignore
		expect((await of([1, 2, 2, 2], 'Conv2D', 'kernel', { filter: 2 })).picture.cells.count).toBe(4);
		// Filters before inputs: filter 1 has the third and fourth number of each cell.
		const back = await of([1, 2, 2, 2], 'Conv2DTranspose', 'kernel', { filter: 1 });
		expect([[...back.picture.min], [...back.picture.max]]).toEqual([[2, 3], [6, 7]]); // prettier-ignore
	});
});
