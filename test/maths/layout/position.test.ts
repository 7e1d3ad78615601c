import { describe, expect, it } from 'vitest';
import { layers, type Layers } from '#maths/layout/layers.ts';
import { arrange, crossings } from '#maths/layout/order.ts';
import { horizontal } from '#maths/layout/position.ts';
import { ranks } from '#maths/layout/ranks.ts';
import { tighten } from '#maths/layout/tighten.ts';
import { randomGraph, residualChain, unet, type TestGraph } from '../../tools/graphs.ts';
import { hash01 } from '../../tools/hash01.ts';

/** Rows of a graph in the order that crosses least. */
function positioned({ n, edges }: TestGraph, sweeps = 12): { graph: Layers; crossed: number; index: Float64Array } {
	const unique = [...new Map(edges.map((edge) => [edge.join(), edge])).values()];
	const all = { from: Int32Array.from(unique, ([a]) => a), to: Int32Array.from(unique, ([, b]) => b) };
	const graph = layers(n, ranks(n, all), all);
	const crossed = arrange(graph, sweeps, null, () => undefined);
	const index = new Float64Array(graph.count);
	for (const row of graph.rows) row.forEach((v, i) => (index[v] = i));
	return { graph, crossed, index };
}

const GRAPHS = [
	...[1, 2, 3, 4, 5, 6].map((seed) => randomGraph(24 + 6 * seed, 34 + 9 * seed, seed)),
	residualChain(60),
	unet(4)
];
const gap = (a: number, b: number) => 5 + ((a + 2 * b) % 7);
const neighbours = ({ up, down }: Layers, v: number) =>
	[up, down].flatMap(({ start, list }) => [...list.subarray(start[v], start[v + 1])]);

describe.each(GRAPHS.map((graph, i) => [i, graph] as const))('positions of graph %i', (i, test) => {
	const { graph, crossed, index } = positioned(test);
	const width = Float64Array.from({ length: graph.count }, (_, v) => (v < graph.nodes ? 20 + 60 * hash01(i, v) : 0));
	const x = horizontal(graph, width, gap);
	const room = (left: number, right: number) => (width[left]! + width[right]!) / 2 + gap(left, right);
	const kept = (at: Float64Array) => {
		for (const row of graph.rows)
			for (let k = 0; k + 1 < row.length; k++)
				expect(at[row[k + 1]!]! - at[row[k]!]!).toBeGreaterThanOrEqual(room(row[k]!, row[k + 1]!) - 1e-6);
	};
	const length = (at: Float64Array) => {
		let sum = 0;
		for (let v = 0; v < graph.count; v++)
			for (let k = graph.down.start[v]!; k < graph.down.start[v + 1]!; k++)
				sum += Math.abs(at[v]! - at[graph.down.list[k]!]!);
		return sum;
	};

	it('rows hold each vertex once, and segments join rows that follow', () => {
		expect([...graph.rows.flatMap((row) => [...row])].sort((a, b) => a - b)).toEqual(
			Array.from({ length: graph.count }, (_, v) => v)
		);
		graph.rows.forEach((row, r) => row.forEach((v) => expect(graph.rank[v]).toBe(r)));
		for (let v = 0; v < graph.count; v++)
			for (let k = graph.down.start[v]!; k < graph.down.start[v + 1]!; k++)
				expect(graph.rank[graph.down.list[k]!]! - graph.rank[v]!).toBe(1);
		graph.bends.forEach((bends) =>
			bends.forEach((bend, k) => {
				expect(bend).toBeGreaterThanOrEqual(graph.nodes);
				if (k) expect(graph.rank[bend]).toBe(graph.rank[bends[k - 1]!]! + 1);
			})
		);
	});

	it('no exchange of two neighbours takes a crossing away', () => {
		expect(crossings(graph, index)).toBe(crossed);
		if (i >= 3) return;
		graph.rows.forEach((row, r) => {
			for (let k = 0; k + 1 < row.length; k++) {
				const [a, b] = [row[k]!, row[k + 1]!];
				const [rows, other] = [graph.rows.map((one) => one.slice()), index.slice()];
				[rows[r]![k], rows[r]![k + 1]] = [b, a];
				[other[a], other[b]] = [index[b]!, index[a]!];
				expect(crossings({ ...graph, rows }, other)).toBeGreaterThanOrEqual(crossed);
			}
		});
	});

	it('keep the order and the gaps; lines between bends are straight where nothing crosses them', () => {
		kept(x);
		if (crossed === 0)
			for (let v = graph.nodes; v < graph.count; v++)
				for (let k = graph.down.start[v]!; k < graph.down.start[v + 1]!; k++)
					if (graph.down.list[k]! >= graph.nodes) expect(x[graph.down.list[k]!]).toBeCloseTo(x[v]!, 6);
	});

	it('tightened, lines are no longer, and nothing that has room would be better elsewhere', () => {
		const tight = x.slice();
		tighten(graph, tight, width, gap, 60);
		kept(tight);
		for (let v = graph.nodes + 1; v < graph.count; v++)
			if (neighbours(graph, v).includes(v - 1) && Math.abs(x[v]! - x[v - 1]!) < 1e-6)
				expect(tight[v]).toBe(tight[v - 1]);
		expect(length(tight)).toBeLessThanOrEqual(length(x) + 1e-6);
		for (const row of graph.rows)
			row.forEach((v, k) => {
				if (v >= graph.nodes) return;
				const near = neighbours(graph, v);
				const cost = (at: number) => near.reduce((sum, u) => sum + Math.abs(tight[u]! - at), 0);
				for (const step of [-0.5, 0.5]) {
					const at = tight[v]! + step;
					const left = row[k - 1];
					const right = row[k + 1];
					const free =
						(left === undefined || at - tight[left]! >= room(left, v)) &&
						(right === undefined || tight[right]! - at >= room(v, right));
					if (free && near.length) expect(cost(at)).toBeGreaterThanOrEqual(cost(tight[v]!) - 1e-6);
				}
			});
		const still = x.slice();
		tighten(graph, still, width, gap, 0);
		expect(still).toEqual(x);
	});
});

it('long lines share their bends, and are straight where there would be too many', () => {
	const edges = { from: Int32Array.of(0, 1, 2, 3, 0, 0), to: Int32Array.of(1, 2, 3, 4, 3, 4) };
	const graph = layers(5, Int32Array.of(0, 1, 2, 3, 4), edges);
	expect([graph.count, graph.nodes]).toEqual([8, 5]);
	expect(graph.bends.map((bends) => [...bends])).toEqual([[], [], [], [], [5, 6], [5, 6, 7]]);
	expect([...graph.rank]).toEqual([0, 1, 2, 3, 4, 1, 2, 3]);
	expect(graph.rows.map((row) => row.length)).toEqual([1, 2, 2, 2, 1]);
	const n = 1200;
	const rank = Int32Array.from({ length: n }, (_, v) => v);
	// Sources of a line each past hundreds of ranks, 300,000 bends being the most; then a chain, and one line half as far.
	const far = (sources: number) => [
		...Array.from({ length: sources }, (_, v) => [v, v + 601] as const),
		...Array.from({ length: n - 1 }, (_, v) => [v, v + 1] as const),
		[0, 300] as const
	];
	const laid = (all: readonly (readonly [number, number])[]) =>
		layers(n, rank, { from: Int32Array.from(all, ([a]) => a), to: Int32Array.from(all, ([, b]) => b) });
	const straight = laid(far(501));
	expect(straight.count).toBe(n + 299);
	expect([0, 500, 501, -1].map((e) => straight.bends.at(e)!.length)).toEqual([1, 1, 0, 299]);
	expect([straight.bends[0]![0], straight.bends[500]![0]]).toEqual([-1, -1]);
	expect(laid(far(500)).count).toBe(n + 300_000);
});

it('a packed row moves to where there is room in one sweep to and one fro', () => {
	// Three boxes over three that are held from below, far to the right.
	const edges = { from: Int32Array.of(0, 1, 2, 3, 4, 5), to: Int32Array.of(3, 4, 5, 6, 7, 8) };
	const graph = layers(9, Int32Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2), edges);
	graph.rows.forEach((row, r) => row.set([3 * r, 3 * r + 1, 3 * r + 2]));
	const x = Float64Array.of(0, 12, 24, 100, 112, 124, 100, 112, 124);
	tighten(graph, x, new Float64Array(9).fill(10), () => 2, 2);
	expect([...x]).toEqual([100, 112, 124, 100, 112, 124, 100, 112, 124]);
});

it('what has two below stands in the middle, as has what has two above', () => {
	const x = (from: number[], to: number[], rank: number[], rows: number[][]) => {
		const graph = layers(3, Int32Array.from(rank), { from: Int32Array.from(from), to: Int32Array.from(to) });
		graph.rows.forEach((row, r) => row.set(rows[r]!));
		return horizontal(graph, new Float64Array(3).fill(20), () => 10);
	};
	const [top, left, right] = x([0, 0], [1, 2], [0, 1, 1], [[0], [1, 2]]) as unknown as [number, number, number];
	expect([right - left, top - left]).toEqual([30, 15]);
	const [a, b, below] = x([0, 1], [2, 2], [0, 0, 1], [[0, 1], [2]]) as unknown as [number, number, number];
	expect([b - a, below - a]).toEqual([30, 15]);
});
