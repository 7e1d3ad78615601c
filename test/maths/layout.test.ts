import { describe, expect, it } from 'vitest';
import { curved } from '#maths/layout/curve.ts';
import { layered } from '#maths/layout/layered.ts';
import { byDagre } from '../tools/dagre.ts';
import { drawing } from '../tools/drawing.ts';
import { denseBlock, inception, randomGraph, residualChain, unet, type TestGraph } from '../tools/graphs.ts';
import { hash01 } from '../tools/hash01.ts';

const GAPS = { nodeGap: 20, rankGap: 20 };
const equal = (n: number) => ({ width: new Float64Array(n).fill(120), height: new Float64Array(n).fill(40) });
const mixed = (n: number, seed: number) => ({
	width: Float64Array.from({ length: n }, (_, i) => 20 + 200 * hash01(seed, i)),
	height: Float64Array.from({ length: n }, (_, i) => 20 + 300 * hash01(seed + 3, i) ** 4)
});

function lay({ n, edges }: TestGraph, size = equal(n), options = {}) {
	return { ...layered({ ...size, edges }, { ...GAPS, ...options }), size };
}

describe('a layered drawing', () => {
	it.each(Array.from({ length: 12 }, (_, seed) => seed))(
		'has no overlap, no line through a box, every edge downwards: random graph %i',
		(seed) => {
			const graph = randomGraph(20 + seed * 9, 30 + seed * 14, seed);
			const size = mixed(graph.n, seed);
			for (const direction of ['down', 'right'] as const) {
				const { x, y, routes, rank, width, height } = lay(graph, size, { direction });
				const judged = drawing(x, y, size.width, size.height, routes);
				expect(judged.overlaps).toBe(0);
				expect(judged.hits).toBe(0);
				graph.edges.forEach(([a, b]) => expect(rank[a]!).toBeLessThan(rank[b]!));
				for (let v = 0; v < graph.n; v++) {
					expect(x[v]! - size.width[v]! / 2).toBeGreaterThan(-1e-6);
					expect(x[v]! + size.width[v]! / 2).toBeLessThan(width + 1e-6);
					expect(y[v]! - size.height[v]! / 2).toBeGreaterThan(-1e-6);
					expect(y[v]! + size.height[v]! / 2).toBeLessThan(height + 1e-6);
				}
				// Lines begin and end on the borders of their boxes.
				graph.edges.forEach(([a, b], e) => {
					for (const [v, px, py] of [
						[a, routes[e]![0]!, routes[e]![1]!],
						[b, routes[e]!.at(-2)!, routes[e]!.at(-1)!]
					] as const) {
						const out = Math.max(Math.abs(px - x[v]!) - size.width[v]! / 2, Math.abs(py - y[v]!) - size.height[v]! / 2);
						expect(Math.abs(out)).toBeLessThan(1e-6);
					}
				});
			}
		}
	);

	it('takes cycles, loops, doubled edges and parts', () => {
		const graph = randomGraph(60, 140, 4, true);
		graph.edges.push([3, 3], [1, 2], [1, 2], [2, 1]);
		const { x, y, routes, size } = lay(graph);
		const judged = drawing(x, y, size.width, size.height, []);
		expect(judged.overlaps).toBe(0);
		expect(routes).toHaveLength(graph.edges.length);
		// A turned edge still begins at its source.
		graph.edges.forEach(([a], e) => expect(Math.abs(routes[e]![0]! - x[a]!)).toBeLessThanOrEqual(60));
		expect(lay({ n: 0, edges: [] }).width).toBe(0);
		expect(lay({ n: 1, edges: [[0, 0]] }).routes[0]).toHaveLength(8);
	});

	it('is the same every time', () => {
		const graph = randomGraph(80, 120, 9);
		expect([...lay(graph).x]).toEqual([...lay(graph).x]);
	});

	it('keeps the order of what was there when something grows', () => {
		const graph = inception(6);
		const first = lay(graph);
		const size = equal(graph.n);
		size.width[5] = 600;
		size.height[5] = 900;
		const second = layered({ ...size, edges: graph.edges, order: first.x }, GAPS);
		for (let a = 0; a < graph.n; a++)
			for (let b = 0; b < graph.n; b++)
				if (first.rank[a] === first.rank[b] && first.x[a]! < first.x[b]!)
					expect(second.x[a]!).toBeLessThan(second.x[b]!);
		expect(drawing(second.x, second.y, size.width, size.height, second.routes)).toMatchObject({ overlaps: 0, hits: 0 });
	});

	it('holds pinned nodes above and below all others', () => {
		const pinned = [0, 0, -1, 1, 0];
		const edges: [number, number][] = [
			[2, 0],
			[0, 1],
			[1, 3],
			[4, 1]
		];
		const { rank } = layered({ ...equal(5), edges, pinned }, GAPS);
		expect(rank[2]).toBe(0);
		expect(rank[3]).toBe(Math.max(...rank));
		expect([...rank].filter((r) => r === 0)).toHaveLength(1);
	});

	it('gives a coarse picture of the same ranks without overlaps', () => {
		const graph = residualChain(400);
		const size = mixed(graph.n, 2);
		const coarse = lay(graph, size, { coarse: true });
		expect([...coarse.rank]).toEqual([...lay(graph, size).rank]);
		expect(drawing(coarse.x, coarse.y, size.width, size.height, []).overlaps).toBe(0);
	});

	it('can be cancelled from within', () => {
		const stop = () => {
			throw new DOMException('stop', 'AbortError');
		};
		expect(() => lay(residualChain(5000), undefined, { checkpoint: stop })).toThrow('stop');
	});

	it.each([
		['a chain of 50,000', residualChain(50_000), 20_000],
		['a graph of 50,000', randomGraph(50_000, 60_000, 3), 20_000],
		['a chain of 10,000', residualChain(10_000), 3000],
		['a graph of 5,000', randomGraph(5000, 6500, 3), 1500]
	])('is done in time and without a deep stack: %s', (_, graph, limit) => {
		const began = performance.now();
		const { rank } = lay(graph);
		expect(performance.now() - began).toBeLessThan(limit);
		expect(rank).toHaveLength(graph.n);
	});
});

describe('beside dagre', () => {
	it.each([
		['a chain', residualChain(150, 99)],
		['a residual chain', residualChain(220)],
		['inception', inception(10)],
		['U-net', unet(5)],
		['a dense block', denseBlock(40)],
		['a sparse random graph', randomGraph(90, 120, 5)],
		['a larger one', randomGraph(300, 390, 4)],
		['another', randomGraph(300, 390, 6)],
		['a third', randomGraph(300, 390, 7)]
	])('crosses no more and is no longer: %s', (_, { n, edges }) => {
		const unique = [...new Map(edges.map((edge) => [edge.join(), edge])).values()];
		const { x, y, routes, size } = lay({ n, edges: unique });
		const ours = drawing(x, y, size.width, size.height, routes);
		const theirs = byDagre(size.width, size.height, unique, GAPS);
		expect(ours.crossings).toBeLessThanOrEqual(1.1 * theirs.crossings);
		expect(ours.length).toBeLessThanOrEqual(1.15 * theirs.length);
		expect(ours.hits).toBe(0);
	});
});

it('curves keep their ends and stay between their bends', () => {
	const points = curved([0, 0, 0, 10, 50, 40, 50, 60], false);
	expect(points.slice(0, 4)).toEqual([0, 0, 0, 10]);
	expect(points.slice(-2)).toEqual([50, 60]);
	for (let i = 0; i < points.length; i += 2) {
		expect(points[i]!).toBeGreaterThanOrEqual(0);
		expect(points[i]!).toBeLessThanOrEqual(50);
		if (i) expect(points[i + 1]!).toBeGreaterThanOrEqual(points[i - 1]!);
	}
});
