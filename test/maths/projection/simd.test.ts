import { expect, it } from 'vitest';
import { exactNeighbours, nearestOf } from '#maths/projection/exact-neighbours.ts';
import { PlainLocalJoin, type LocalJoin } from '#maths/projection/local-join.ts';
import { descendedNeighbours } from '#maths/projection/nn-descent.ts';
import { between, comparable, finish, type Rows } from '#maths/projection/rows.ts';
import { code } from '#maths/projection/simd/code.ts';
import { SimdLocalJoin } from '#maths/projection/simd/simd-local-join.ts';
import { SimdScan } from '#maths/projection/simd/simd-scan.ts';
import { expectClose } from '../../close.ts';
import { gaussianMixture } from '../../tools/mixture.ts';
import { assembled } from '../../tools/wat.js';

it('is assembled from its text', async () => expect(await assembled()).toBe(code));

/** What a group tells, in a fixed order. */
function pairsOf(localJoin: LocalJoin, group: readonly number[], news: number) {
	localJoin.list.set(group);
	const size = localJoin.meet(news, group.length);
	return Array.from({ length: size }, (_, n) => ({
		pair: `${localJoin.reported[3 * n]} ${localJoin.reported[3 * n + 1]}`,
		sum: localJoin.sums[3 * n + 2]!
	}));
}

// Narrow and wide (with a sketch), odd and even widths, and rows that lie almost wholly along few axes, far from the origin.
const DATA: readonly (readonly [string, () => Rows])[] = [
	['3 columns', () => gaussianMixture(300, { width: 3, rank: 3 })],
	['64 columns', () => gaussianMixture(300)],
	['130 columns', () => gaussianMixture(300, { width: 130, rank: 60 })],
	['784 columns', () => gaussianMixture(300, { width: 784, rank: 100 })],
	[
		'200 columns of rank 4, off centre',
		() => {
			const data = gaussianMixture(300, { width: 200, rank: 4 });
			return { ...data, values: data.values.map((value) => value + 50) };
		}
	]
];

it.each(DATA)('groups of rows of %s tell what their plain twin tells', (_, make) => {
	const rows = comparable(make(), 'euclidean');
	// Two at one position.
	rows.values.copyWithin(0, 9 * rows.width, 10 * rows.width);
	const [simd, plain] = [finish(SimdLocalJoin.of(rows, 1))!, new PlainLocalJoin(rows)];
	const order = Int32Array.from({ length: 300 }, (_, i) => (7 * i) % 300);
	for (const localJoin of [simd, plain]) finish(localJoin.reorder(order));
	const group = Array.from({ length: 48 }, (_, n) => (n * 11) % 290);
	// At first all are told, then those nearer than about the half of the others, then none.
	const all = pairsOf(plain, group, 20);
	expect(all.length).toBe(20 * 48 - 210);
	const middle = all.map(({ sum }) => sum).sort((a, b) => a - b)[all.length >> 1]!;
	for (const bound of [Infinity, middle, 0]) {
		for (const localJoin of [simd, plain]) localJoin.bounds.fill(bound);
		const [own, expected] = [pairsOf(simd, group, 20), pairsOf(plain, group, 20)];
		// What float32 rounds may be on either side of the bound.
		const near = (sum: number) => Math.abs(sum / bound - 1) < 1e-5;
		const sure = (list: typeof own) => list.filter(({ sum }) => !near(sum));
		expect(sure(own).map(({ pair }) => pair)).toEqual(sure(expected).map(({ pair }) => pair));
		expectClose(
			{ data: sure(own).map(({ sum }) => sum) },
			{ data: sure(expected).map(({ sum }) => sum) },
			{ rtol: 1e-5 }
		);
	}
});

it('what of a row is off the axes is known for all rows or for none', () => {
	const rests = (make: () => Rows) => {
		const localJoin = finish(SimdLocalJoin.of(comparable(make(), 'euclidean'), 1))!;
		return Array.from({ length: 300 }, (_, i) => localJoin.row(i).at(-1)!);
	};
	expect(rests(DATA[2]![1]).every((rest) => rest > 0)).toBe(true);
	// Hardly anything is: its length is lost in float32.
	expect(rests(DATA[4]![1])).toEqual(Array(300).fill(0));
});

it('products for trees are the twin’s', () => {
	const rows = comparable(gaussianMixture(300, { width: 37 }), 'euclidean');
	const [simd, plain] = [finish(SimdLocalJoin.of(rows, 1))!, new PlainLocalJoin(rows)];
	const list = Int32Array.from({ length: 200 }, (_, i) => (13 * i) % 300);
	const [own, expected] = [simd, plain].map((localJoin) => {
		const out = new Float32Array(190);
		localJoin.products(list, 5, 195, Float32Array.from(localJoin.row(3)), out);
		return out;
	});
	expectClose({ data: own! }, { data: expected! }, { rtol: 1e-5, atol: 1e-5 });
});

it.each(DATA.slice(0, 4))('all pairs of rows of %s are looked at, in float64 where it counts', (_, make) => {
	const data = make();
	// Enough for the kernels to be used.
	const rows = comparable({ ...data, values: repeated(data.values, 20), count: 6000 }, 'euclidean');
	// One of them is the nearest to the first row.
	const queries = Int32Array.from({ length: 64 }, (_, q) => (q === 1 ? 300 : (q * 4657) % 6000));
	expect(SimdScan.of(rows, queries.length)).not.toBeNull();
	const { indices, distances } = finish(nearestOf(rows, queries, 25));
	queries.forEach((row, q) => {
		const own = Array.from(indices.subarray(25 * q, 25 * q + 25));
		expect(own).not.toContain(row);
		expect(new Set(own).size).toBe(25);
		const all = Array.from({ length: rows.count }, (_, j) => between(rows, row, rows, j));
		all[row] = Infinity;
		const expected = all.sort((a, b) => a - b).slice(0, 25);
		// To the bit: the sums that count are the same.
		expect(Array.from(distances.subarray(25 * q, 25 * q + 25))).toEqual(
			expected.map((sum) => Math.fround(Math.sqrt(sum)))
		);
	});
});

/** Copies, each a little off. */
function repeated(values: Float32Array, times: number): Float32Array {
	const out = new Float32Array(values.length * times);
	for (let t = 0; t < times; t++) values.forEach((value, at) => (out[t * values.length + at] = value * (1 + t / 100)));
	return out;
}

it('few rows have all others for neighbours', () => {
	const rows = comparable({ values: Float32Array.of(0, 0, 3, 0, 3, 4, 0, 1), count: 4, width: 2 }, 'euclidean');
	const { k, indices, distances } = finish(exactNeighbours(rows, 10));
	expect([k, ...indices.subarray(0, 3), ...distances.subarray(0, 3)]).toEqual([3, 3, 1, 2, 1, 3, 5]);
	expect(finish(exactNeighbours(rows, 2)).k).toBe(2);
});

it.each([
	[gaussianMixture(3000), 0.99],
	[gaussianMixture(3000, { width: 150, rank: 12 }), 0.985]
] as const)('NN-descent finds as much with the kernels as without (%#)', (data, min) => {
	const rows = comparable(data, 'euclidean');
	const exact = finish(exactNeighbours(rows, 14));
	for (const plain of [false, true]) {
		const found = finish(descendedNeighbours(rows, 14, 3, plain));
		let kept = 0;
		for (let i = 0; i < rows.count; i++) {
			const own = new Set(exact.indices.subarray(14 * i, 14 * i + 14));
			found.indices.subarray(14 * i, 14 * i + 14).forEach((j) => (kept += own.has(j) ? 1 : 0));
		}
		expect(kept / exact.indices.length).toBeGreaterThan(min);
	}
});
