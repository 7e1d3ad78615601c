import { describe, expect, it } from 'vitest';
import { layers, type Layers } from '#maths/layout/layers.ts';
import { arrange, crossings } from '#maths/layout/order.ts';
import { horizontal } from '#maths/layout/position.ts';
import { ranks } from '#maths/layout/ranks.ts';
import { tighten } from '#maths/layout/tighten.ts';
import { randomGraph, residualChain, unet, type TestGraph } from '../../tools/graphs.ts';
import { hash01 } from '../../tools/hash01.ts';

/** Rows of a graph in the order that crosses least. */
function arranged({ n, edges }: TestGraph, sweeps = 12): { graph: Layers; crossed: number; place: Float64Array } {
	const unique = [...new Map(edges.map((edge) => [edge.join(), edge])).values()];
	const all = { from: Int32Array.from(unique, ([a]) => a), to: Int32Array.from(unique, ([, b]) => b) };
	const graph = layers(n, ranks(n, all), all);
	const crossed = arrange(graph, sweeps, null, () => undefined);
	const place = new Float64Array(graph.count);
	for (const row of graph.rows) row.forEach((v, i) => (place[v] = i));
	return { graph, crossed, place };
}

const GRAPHS = [
	...[1, 2, 3, 4, 5, 6].map((seed) => randomGraph(24 + 6 * seed, 34 + 9 * seed, seed)),
	residualChain(60),
	unet(4)
];
const gap = (a: number, b: number) => 5 + ((a + 2 * b) % 7);
const neighbours = ({ up, down }: Layers, v: number) =>
	[up, down].flatMap(({ start, list }) => [...list.subarray(start[v], start[v + 1])]);

describe.each(GRAPHS.map((graph, i) => [i, graph] as const))('places of graph %i', (i, test) => {
	const { graph, crossed, place } = arranged(test);
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
		expect(crossings(graph, place)).toBe(crossed);
		if (i >= 3) return;
		graph.rows.forEach((row, r) => {
			for (let k = 0; k + 1 < row.length; k++) {
				const [a, b] = [row[k]!, row[k + 1]!];
				const [rows, other] = [graph.rows.map((one) => one.slice()), place.slice()];
				[rows[r]![k], rows[r]![k + 1]] = [b, a];
				[other[a], other[b]] = [place[b]!, place[a]!];
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
		const still = tight.slice();
		tighten(graph, still, width, gap, 0);
		expect(still).toEqual(tight);
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
	// 600 sources of a line each past hundreds of ranks: more than 300,000 bends.
	const far = {
		from: Int32Array.from({ length: n - 1 + 600 }, (_, e) => (e < n - 1 ? e : e - n + 1)),
		to: Int32Array.from({ length: n - 1 + 600 }, (_, e) => (e < n - 1 ? e + 1 : e - n + 1 + 600))
	};
	const straight = layers(
		n,
		Int32Array.from({ length: n }, (_, v) => v),
		far
	);
	expect(straight.count).toBe(n);
	expect([...straight.bends.at(-1)!]).toEqual([-1]);
	const fewer = layers(
		n,
		Int32Array.from({ length: n }, (_, v) => v),
		{
			from: far.from.subarray(0, n - 1 + 500),
			to: far.to.subarray(0, n - 1 + 500)
		}
	);
	expect(fewer.count).toBe(n + 500 * 599);
});
