import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { exactNeighbours } from '#maths/projection/exact-neighbours.ts';
import { fuzzyGraph, type Graph } from '#maths/projection/fuzzy-graph.ts';
import { comparable, finish, type Rows } from '#maths/projection/rows.ts';
import { components, spectralCoordinates } from '#maths/projection/spectral.ts';
import { expectClose } from '../../close.ts';
import { hash01 } from '../../tools/hash01.ts';

const graphOf = (data: Rows, k: number) => {
	const rows = comparable(data, 'euclidean');
	return finish(fuzzyGraph(finish(exactNeighbours(rows, k)), data.count));
};

describe('a spectral start', () => {
	it('unrolls a spiral: its first coordinate follows the length', () => {
		const count = 400;
		const values = new Float32Array(2 * count);
		for (let i = 0; i < count; i++) {
			const angle = 2 + i / 40;
			values.set([angle * Math.cos(angle), angle * Math.sin(angle)], 2 * i);
		}
		const graph = graphOf({ values, count, width: 2 }, 6);
		expect(components(graph).count).toBe(1);
		const found = finish(spectralCoordinates(graph, 2, new Float32Array(2 * count), 1));
		const steps = Array.from({ length: count - 1 }, (_, i) => Math.sign(found[2 * i + 2]! - found[2 * i]!));
		expect(Math.abs(steps.reduce((a, b) => a + b)) / steps.length).toBeGreaterThan(0.95);
	});

	it('keeps components apart where they are', () => {
		const values = Float32Array.from({ length: 400 }, (_, i) => (i < 200 ? 0 : 100) + Math.sin(i * 7.3));
		const graph = graphOf({ values, count: 200, width: 2 }, 5);
		expect(components(graph).count).toBeGreaterThanOrEqual(2);
		const found = finish(spectralCoordinates(graph, 2, values, 1));
		const [low, high] = [found.subarray(0, 200), found.subarray(200)];
		expect(Math.max(...low)).toBeLessThan(Math.min(...high));
	});
});

/** A graph by rows, of edges that are given once. */
function graphBy(count: number, edges: readonly (readonly [i: number, j: number, weight: number])[]): Graph {
	const rows = Array.from({ length: count }, () => new Map<number, number>());
	for (const [i, j, weight] of edges) {
		rows[i]!.set(j, weight);
		rows[j]!.set(i, weight);
	}
	const sorted = rows.map((row) => [...row].sort(([a], [b]) => a - b));
	const offsets = [0];
	for (const row of sorted) offsets.push(offsets.at(-1)! + row.length);
	return {
		count,
		offsets: Uint32Array.from(offsets),
		columns: Uint32Array.from(sorted.flat(), ([j]) => j),
		weights: Float32Array.from(sorted.flat(), ([, weight]) => weight)
	};
}

/** Eigenvectors of D^-½ W D^-½ after the first, the largest eigenvalues first, from the whole matrix. */
function dense({ count, offsets, columns, weights }: Graph, size: number): number[][] {
	const all = Matrix.zeros(count, count);
	for (let i = 0; i < count; i++)
		for (let at = offsets[i]!; at < offsets[i + 1]!; at++) all.set(i, columns[at]!, weights[at]!);
	const root = all.sum('row').map(Math.sqrt);
	const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
		new Matrix(Array.from({ length: count }, (_, i) => all.getRow(i).map((w, j) => w / root[i]! / root[j]!))),
		{ assumeSymmetric: true }
	);
	const order = [...realEigenvalues.keys()].sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
	return order.slice(1, 1 + size).map((column) => eigenvectorMatrix.getColumn(column));
}

/** As coordinates: the farthest of all is `reach` from the centre; the sign is that of the coordinates beside it. */
function scaled(
	vectors: readonly number[][],
	reach: number,
	centre: readonly number[],
	beside: (i: number, d: number) => number
) {
	const max = Math.max(...vectors.flat().map(Math.abs));
	return vectors[0]!.flatMap((_, i) =>
		vectors.map((own, d) => {
			const dot = own.reduce((sum, value, k) => sum + value * (beside(k, d) - centre[d]!), 0);
			return centre[d]! + (Math.sign(dot) * reach * own[i]!) / max;
		})
	);
}

/** Every row with the next and with some others, so that it hangs together. */
const woven = (first: number, count: number, seed: number): [number, number, number][] =>
	Array.from({ length: count - 1 }, (_, i): [number, number, number][] => [
		[first + i, first + i + 1, 0.2 + 0.8 * hash01(seed, i)],
		[first + i, first + Math.floor(count * hash01(seed + 1, i)), 0.2 + 0.8 * hash01(seed + 2, i)]
	])
		.flat()
		.filter(([i, j]) => i !== j);

describe('spectral coordinates beside the whole matrix', () => {
	it.each([2, 3])('are its eigenvectors in %d dimensions', (dimensions) => {
		const graph = graphBy(40, woven(0, 40, 1));
		const found = finish(spectralCoordinates(graph, dimensions, new Float32Array(40 * dimensions), 1));
		const expected = scaled(dense(graph, dimensions), 1, [0, 0, 0], (i, d) => found[i * dimensions + d]!);
		expectClose({ data: found }, { data: expected }, { rtol: 1e-4, atol: 1e-5 });
	});

	it('are near them where more vectors are needed than are kept at once', () => {
		// Three crowds with a few edges between them.
		const crowds = [0, 1, 2].flatMap((k) => woven(100 * k, 100, 10 + k));
		const graph = graphBy(300, [...crowds, [3, 140, 0.3], [150, 230, 0.2], [260, 70, 0.1]]);
		const found = finish(spectralCoordinates(graph, 2, new Float32Array(600), 1));
		const expected = scaled(dense(graph, 2), 1, [0, 0], (i, d) => found[2 * i + d]!);
		expectClose({ data: found }, { data: expected }, { rtol: 1e-2, atol: 1e-3 });
	});

	it('are each component’s own around its position, where it has rows enough', () => {
		// 30, 8 and 7 rows: the last are too few, and one is alone.
		const parts = [woven(0, 30, 20), woven(30, 8, 23), woven(38, 7, 26)];
		const graph = graphBy(46, parts.flat());
		const { of, count } = components(graph);
		expect(count).toBe(4);
		expect([...of]).toEqual([
			...Array<number>(30).fill(0),
			...Array<number>(8).fill(1),
			...Array<number>(7).fill(2),
			3
		]);
		const otherwise = Float32Array.from({ length: 92 }, (_, at) => 8 * hash01(30, at) - 3);
		const found = finish(spectralCoordinates(graph, 2, otherwise, 1));
		expect(found.subarray(76)).toEqual(otherwise.subarray(76));
		// Half of how far all reach, and smaller for each the more there are.
		const reach = (0.5 * Math.max(...otherwise.map(Math.abs))) / Math.sqrt(4);
		for (const [first, edges] of [
			[0, parts[0]!],
			[30, parts[1]!]
		] as const) {
			const size = first ? 8 : 30;
			const own = graphBy(
				size,
				edges.map(([i, j, weight]) => [i - first, j - first, weight] as const)
			);
			const mine = (values: Float32Array) => values.subarray(2 * first, 2 * (first + size));
			const centre = [0, 1].map((d) => mine(otherwise).reduce((sum, v, at) => sum + (at % 2 === d ? v / size : 0), 0));
			const expected = scaled(dense(own, 2), reach, centre, (i, d) => mine(found)[2 * i + d]!);
			expectClose({ data: mine(found) }, { data: expected }, { rtol: 1e-4, atol: 1e-4 });
		}
	});
});
