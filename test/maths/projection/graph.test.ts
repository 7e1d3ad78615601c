import { UMAP } from 'umap-js';
import { describe, expect, it } from 'vitest';
import { curve, curveTable, fitCurve } from '#maths/projection/curve.ts';
import { exactNeighbours, nearestOf } from '#maths/projection/exact-neighbours.ts';
import {
	fuzzyGraph,
	labelDistances,
	memberships,
	smoothed,
	supervised,
	type Graph
} from '#maths/projection/fuzzy-graph.ts';
import { descendedNeighbours, measuredRecall } from '#maths/projection/nn-descent.ts';
import { comparable, finish, type Metric, type Neighbours, type Rows } from '#maths/projection/rows.ts';
import { gaussianMixture, swissRoll } from '../../tools/mixture.ts';
import { hash01 } from '../../tools/hash01.ts';
import { expectClose } from '../../close.ts';

const METRICS: readonly Metric[] = ['euclidean', 'cosine', 'manhattan', 'correlation'];

/** The textbook's definitions, pair by pair in float64. */
function distance(metric: Metric, a: readonly number[], b: readonly number[]): number {
	const pairs = a.map((x, c) => [x, b[c]!] as const);
	if (metric === 'euclidean') return Math.hypot(...pairs.map(([x, y]) => x - y));
	if (metric === 'manhattan') return pairs.reduce((sum, [x, y]) => sum + Math.abs(x - y), 0);
	const mean = (row: readonly number[]) => (metric === 'cosine' ? 0 : row.reduce((sum, x) => sum + x, 0) / row.length);
	const [m, n] = [mean(a), mean(b)];
	const dot = pairs.reduce((sum, [x, y]) => sum + (x - m) * (y - n), 0);
	const lengths = [Math.hypot(...a.map((x) => x - m)), Math.hypot(...b.map((y) => y - n))] as const;
	if (lengths.every((length) => length < 1e-6)) return 0;
	return lengths.some((length) => length < 1e-6) ? 1 : 1 - dot / lengths[0] / lengths[1];
}

const listed = ({ values, count, width }: Rows) =>
	Array.from({ length: count }, (_, i) => Array.from(values.subarray(i * width, (i + 1) * width)));

describe.each(METRICS)('neighbours by %s distance', (metric) => {
	const data: Rows = {
		values: Float32Array.from({ length: 150 * 37 }, (_, i) => 4 * hash01(3, i) - 1),
		count: 150,
		width: 37
	};
	// Two rows at one position, and two without a direction.
	data.values.copyWithin(0, 37 * 4, 37 * 5);
	data.values.fill(0, 37 * 10, 37 * 11);
	data.values.fill(metric === 'correlation' ? 2 : 0, 37 * 20, 37 * 21);
	const rows = listed(data);

	it('are those of brute force', () => {
		const { k, indices, distances } = finish(exactNeighbours(comparable(data, metric), 9));
		expect(k).toBe(9);
		for (let i = 0; i < data.count; i++) {
			const all = rows.map((row) => distance(metric, rows[i]!, row));
			const expected = all.filter((_, j) => j !== i).sort((a, b) => a - b);
			const found = indices.subarray(9 * i, 9 * i + 9);
			expect(new Set(found).size).toBe(9);
			expect(found).not.toContain(i);
			expectClose(
				{ data: distances.subarray(9 * i, 9 * i + 9) },
				{ data: expected.slice(0, 9) },
				{ rtol: 1e-5, atol: 2e-6 }
			);
			expectClose(
				{ data: Array.from(found, (j) => all[j]!) },
				{ data: expected.slice(0, 9) },
				{ rtol: 1e-5, atol: 2e-6 }
			);
		}
	});

	it('of some rows, and of new ones, are the same', () => {
		const all = finish(exactNeighbours(comparable(data, metric), 5));
		const some = finish(nearestOf(comparable(data, metric), Int32Array.of(7, 3, 20), 5));
		expectClose(
			{ data: some.distances },
			{ data: [7, 3, 20].flatMap((i) => Array.from(all.distances.subarray(5 * i, 5 * i + 5))) }
		);
		const fresh = { values: data.values.slice(37 * 7, 37 * 9), count: 2, width: 37 };
		const found = finish(nearestOf(comparable(data, metric), comparable(fresh, metric), 1));
		expect(Array.from(found.indices)).toEqual([7, 8]);
		expectClose({ data: found.distances }, { data: [0, 0] }, { atol: 1e-6 });
	});
});

it('NN-descent finds nearly all, and the same for a seed', () => {
	for (const data of [gaussianMixture(3000), swissRoll(3000)]) {
		const rows = comparable(data, 'euclidean');
		const found = finish(descendedNeighbours(rows, 14, 5));
		expect(finish(descendedNeighbours(rows, 14, 5))).toEqual(found);
		const exact = finish(exactNeighbours(rows, 14));
		let kept = 0;
		for (let i = 0; i < data.count; i++) {
			const own = new Set(exact.indices.subarray(14 * i, 14 * i + 14));
			found.indices.subarray(14 * i, 14 * i + 14).forEach((j) => (kept += own.has(j) ? 1 : 0));
			expect(new Set(found.indices.subarray(14 * i, 14 * i + 14)).size).toBe(14);
		}
		const recall = kept / exact.indices.length;
		expect(recall).toBeGreaterThan(0.985);
		expect(Math.abs(finish(measuredRecall(rows, found, 1)) - recall)).toBeLessThan(0.01);
	}
});

it('copes with rows that are all at one position', () => {
	const rows = comparable({ values: new Float32Array(500 * 4), count: 500, width: 4 }, 'euclidean');
	const { indices, distances } = finish(descendedNeighbours(rows, 5, 1));
	expect(Math.max(...distances)).toBe(0);
	expect(Math.min(...indices)).toBeGreaterThanOrEqual(0);
	const graph = finish(fuzzyGraph({ k: 5, indices, distances }, 500));
	expect(graph.weights.every((weight) => weight === 1)).toBe(true);
});

type Private = {
	graph: { getAll(): { row: number; col: number; value: number }[] };
	processGraphForSupervisedProjection(): void;
};

function umapJsGraph({ k, indices, distances }: Neighbours, data: Rows, options: object, labels?: Int32Array) {
	const own = new UMAP({ nNeighbors: k + 1, random: () => 0.5, ...options });
	if (labels) own.setSupervisedProjection(Array.from(labels));
	const per = <T>(start: (i: number) => T, list: ArrayLike<T>) =>
		Array.from({ length: data.count }, (_, i) => [start(i), ...Array.from(list).slice(i * k, (i + 1) * k)]);
	own.setPrecomputedKNN(
		per((i) => i, indices),
		per(() => 0, distances)
	);
	own.initializeFit(listed(data));
	return (own as unknown as Private).graph.getAll().filter(({ value }) => value > 0);
}

function expectSame(graph: Graph, expected: { row: number; col: number; value: number }[]) {
	const { count, offsets, columns, weights } = graph;
	const key = (row: number, col: number) => row * count + col;
	const known = new Map(expected.map(({ row, col, value }) => [key(row, col), value]));
	expect(columns.length).toBe(known.size);
	let worst = 0;
	for (let i = 0; i < count; i++)
		for (let at = offsets[i]!; at < offsets[i + 1]!; at++) {
			if (at > offsets[i]!) expect(columns[at]!).toBeGreaterThan(columns[at - 1]!);
			worst = Math.max(worst, Math.abs(weights[at]! - (known.get(key(i, columns[at]!)) ?? Infinity)));
		}
	expect(worst).toBeLessThanOrEqual(6e-8);
}

describe('the fuzzy simplicial set is umap-js’s', () => {
	const data = gaussianMixture(300, { width: 10 });
	const neighbours = finish(exactNeighbours(comparable(data, 'euclidean'), 11));

	it.each([1, 0.5, 0])('with mix ratio %d', (mix) =>
		expectSame(finish(fuzzyGraph(neighbours, 300, { mix })), umapJsGraph(neighbours, data, { setOpMixRatio: mix }))
	);

	it.each([1.5, 3])('with local connectivity %d', (connectivity) =>
		expectSame(
			finish(fuzzyGraph(neighbours, 300, { connectivity })),
			umapJsGraph(neighbours, data, { localConnectivity: connectivity })
		)
	);

	it('with labels, some unknown', () => {
		const labels = data.labels.map((label, i) => (i % 7 ? label % 3 : -1));
		const graph = finish(supervised(finish(fuzzyGraph(neighbours, 300)), labels, labelDistances(0.5)));
		expectSame(graph, umapJsGraph(neighbours, data, {}, labels));
	});
});

describe('the curve', () => {
	// umap-learn's find_ab_params: 0.1 and 1 are its documented default; the others make no fit necessary to know.
	it('is umap-learn’s for its defaults', () => {
		const { a, b } = fitCurve(0.1, 1);
		expectClose({ data: [a, b] }, { data: [1.5769434603113077, 0.8950608779109733] }, { rtol: 1e-6 });
	});

	it.each([
		[0, 1],
		[0.5, 1],
		[0.1, 3],
		[0.99, 1]
	])('is where least squares has its minimum: %d, %d', (minDist, spread) => {
		const { a, b } = fitCurve(minDist, spread);
		const error = (a: number, b: number) => {
			let sum = 0;
			for (let i = 0; i < 300; i++) {
				const d = (3 * spread * i) / 299;
				sum += (curve({ a, b }, d) - (d < minDist ? 1 : Math.exp(-(d - minDist) / spread))) ** 2;
			}
			return sum;
		};
		const best = error(a, b);
		for (const [da, db] of [
			[1, 0],
			[-1, 0],
			[0, 1],
			[0, -1]
		] as const)
			expect(error(a * (1 + 1e-3 * da), b * (1 + 1e-3 * db))).toBeGreaterThan(best);
	});

	it('is in the table of its gradient, within 0.4 %', () => {
		const { a, b } = fitCurve(0.1, 1);
		const { first, shift, factors } = curveTable({ a, b });
		for (let i = 0; i < 2000; i++) {
			const square = Math.fround(2 ** (-20 + 36 * hash01(1, i)));
			const bits = new Uint32Array(Float32Array.of(square).buffer)[0]!;
			const index = (bits >>> shift) - first;
			const power = square ** b;
			const pull = (-2 * a * b * square ** (b - 1)) / (a * power + 1);
			const push = (2 * b) / ((0.001 + square) * (a * power + 1));
			expect(Math.abs(factors[2 * index]! / pull - 1)).toBeLessThan(0.004);
			expect(Math.abs(factors[2 * index + 1]! / push - 1)).toBeLessThan(0.004);
		}
	});
});

describe('scales of a row', () => {
	const lists = (k: number, ...rows: number[][]): Neighbours => ({
		k,
		indices: new Int32Array(k * rows.length),
		distances: Float32Array.from(rows.flat())
	});
	it('are a thousandth of the mean distance at least, that of all where every neighbour is at one position', () => {
		// The row itself counts as a neighbour at 0: of three at 2 the mean is 6 / 4; of all rows (6 + 0) / 8.
		const { rho, sigma } = finish(smoothed(lists(3, [2, 2, 2], [0, 0, 0])));
		expect([...rho]).toEqual([2, 0]);
		expectClose({ data: sigma }, { data: [1e-3 * (6 / 4), 1e-3 * (6 / 8)] }, { rtol: 1e-9 });
	});
	it('make memberships that add up to the logarithm of how many there are', () => {
		const neighbours = lists(4, [1, 2, 3, 5], [0, 2, 2.5, 7], [0.5, 0.5, 0.9, 1.4]);
		const scales = finish(smoothed(neighbours));
		expect([...scales.rho]).toEqual([1, 2, 0.5]);
		const strengths = finish(memberships(neighbours, scales));
		for (let i = 0; i < 3; i++)
			expect(strengths.subarray(4 * i, 4 * i + 4).reduce((a, b) => a + b)).toBeCloseTo(Math.log2(5), 4);
		expect(strengths[4]).toBe(1);
		expect(strengths[1]).toBeCloseTo(Math.exp(-1 / scales.sigma[0]!), 12);
	});
	it('reach to the neighbour that is asked for, or between two', () => {
		const reached = (connectivity: number, row = [0, 1, 3, 4]) => finish(smoothed(lists(4, row), connectivity)).rho[0];
		expect([reached(1), reached(2), reached(1.5), reached(0.5), reached(3), reached(4)]).toEqual([1, 3, 2, 0.5, 4, 4]);
		expect([reached(2, [0, 0, 0, 6]), reached(1, [0, 0, 0, 0]), reached(0)]).toEqual([6, 0, 0]);
	});
});
