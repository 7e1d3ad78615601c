import { describe, expect, it } from 'vitest';
import { adjacency, degree } from '#maths/layout/adjacency.ts';
import { curved } from '#maths/layout/curve.ts';
import { layered, type LayeredGraph, type LayeredOptions } from '#maths/layout/layered.ts';
import { layers } from '#maths/layout/layers.ts';
import { arrange, crossings } from '#maths/layout/order.ts';
import { backEdges, ranks } from '#maths/layout/ranks.ts';
import { touches } from '#maths/layout/touches.ts';

/** Drawings that can be checked on squared paper: boxes of 100 x 40, 20 apart, with 34 between ranks. */

interface Drawn {
	graph: LayeredGraph;
	options?: LayeredOptions;
	x: number[];
	y: number[];
	rank: number[];
	size: [number, number];
	routes?: number[][];
	crossings?: number;
}

const equal = (n: number) => ({ width: Array<number>(n).fill(100), height: Array<number>(n).fill(40) });
/** A line to a box beside leaves where the way between the middles would: 20 of 74 down, so 60 · 20 / 74 aside. */
const aside = (60 * 20) / 74;

const DRAWN: Readonly<Record<string, Drawn>> = {
	'a chain': {
		graph: { width: [100, 60], height: [40, 20], edges: [[0, 1]] },
		x: [50, 50],
		y: [20, 84],
		rank: [0, 1],
		size: [100, 94],
		routes: [[50, 40, 50, 74]]
	},
	'a diamond': {
		graph: {
			...equal(4),
			edges: [
				[0, 1],
				[0, 2],
				[1, 3],
				[2, 3]
			]
		},
		x: [110, 50, 170, 110],
		y: [20, 94, 94, 168],
		rank: [0, 1, 1, 2],
		size: [220, 188],
		routes: [
			[110 - aside, 40, 50 + aside, 74],
			[110 + aside, 40, 170 - aside, 74],
			[50 + aside, 114, 110 - aside, 148],
			[170 - aside, 114, 110 + aside, 148]
		]
	},
	'a line past a box': {
		graph: {
			...equal(3),
			edges: [
				[0, 1],
				[1, 2],
				[0, 2]
			]
		},
		// The line runs half a gap beside the box: 50 + 10 from its middle; the ends stand between both.
		x: [50, 80, 50],
		y: [20, 94, 168],
		rank: [0, 1, 2],
		size: [130, 188],
		routes: [
			[50 + (30 * 20) / 74, 40, 80 - (30 * 20) / 74, 74],
			[80 - (30 * 20) / 74, 114, 50 + (30 * 20) / 74, 148],
			[50 - (30 * 20) / 54, 40, 20, 74, 20, 114, 50 - (30 * 20) / 54, 148]
		]
	},
	'the same to the right, closer': {
		graph: {
			...equal(3),
			edges: [
				[0, 1],
				[1, 2],
				[0, 2]
			]
		},
		options: { direction: 'right', nodeGap: 10, rankGap: 50 },
		x: [50, 200, 350],
		y: [20, 32.5, 20],
		rank: [0, 1, 2],
		size: [400, 52.5],
		routes: [
			[100, 20 + (12.5 * 50) / 150, 150, 32.5 - (12.5 * 50) / 150],
			[250, 32.5 - (12.5 * 50) / 150, 300, 20 + (12.5 * 50) / 150],
			[100, 20 - (12.5 * 50) / 100, 150, 7.5, 250, 7.5, 300, 20 - (12.5 * 50) / 100]
		]
	},
	'a cycle and a loop': {
		graph: {
			...equal(2),
			edges: [
				[0, 1],
				[1, 0],
				[1, 1]
			]
		},
		x: [50, 50],
		y: [20, 94],
		rank: [0, 1],
		size: [100, 114],
		routes: [
			[50, 40, 50, 74],
			[50, 74, 50, 40],
			[100, 104, 112, 104, 112, 84, 100, 84]
		]
	},
	'what must cross': {
		graph: {
			...equal(4),
			edges: [
				[0, 2],
				[0, 3],
				[1, 2],
				[1, 3]
			]
		},
		x: [50, 170, 50, 170],
		y: [20, 20, 94, 94],
		rank: [0, 0, 1, 1],
		size: [220, 114],
		crossings: 1
	},
	'what need not cross': {
		graph: {
			...equal(4),
			edges: [
				[0, 3],
				[1, 2]
			]
		},
		x: [50, 170, 170, 50],
		y: [20, 20, 94, 94],
		rank: [0, 0, 1, 1],
		size: [220, 114]
	},
	'an order that is kept': {
		graph: {
			...equal(4),
			edges: [
				[0, 3],
				[1, 2]
			],
			order: [5, 1, 9, 2]
		},
		x: [170, 50, 170, 50],
		y: [20, 20, 94, 94],
		rank: [0, 0, 1, 1],
		size: [220, 114],
		crossings: 1
	},
	'something new in an order': {
		graph: {
			...equal(5),
			edges: [
				[0, 3],
				[1, 2],
				[1, 4]
			],
			order: [5, 1, 9, 12, NaN]
		},
		x: [290, 110, 170, 290, 50],
		y: [20, 20, 94, 94, 94],
		rank: [0, 0, 1, 1, 1],
		size: [340, 114]
	},
	'a coarse one, each rank about one axis': {
		graph: {
			width: [100, 60, 20],
			height: [40, 20, 80],
			edges: [
				[0, 1],
				[0, 2]
			]
		},
		options: { coarse: true },
		x: [50, 30, 90],
		y: [20, 114, 114],
		rank: [0, 1, 1],
		size: [100, 154],
		routes: [
			[50, 40, 30, 104],
			[50, 40, 90, 74]
		]
	},
	'a second source, which sinks to where it is needed': {
		graph: {
			...equal(5),
			edges: [
				[0, 1],
				[1, 2],
				[2, 3],
				[4, 3]
			]
		},
		x: [50, 50, 50, 110, 170],
		y: [20, 94, 168, 242, 168],
		rank: [0, 1, 2, 3, 2],
		size: [220, 262]
	},
	'low boxes beside high ones, whose lines run straight to the border of the rank': {
		graph: {
			width: [100, 100, 100, 100],
			height: [40, 20, 80, 40],
			edges: [
				[0, 1],
				[0, 2],
				[1, 3],
				[2, 3]
			]
		},
		x: [110, 50, 170, 110],
		y: [20, 114, 114, 208],
		rank: [0, 1, 1, 2],
		size: [220, 228],
		routes: [
			[110 - 1200 / 94, 40, 50 + 600 / 94, 74, 50 + 600 / 94, 104],
			[110 + 1200 / 94, 40, 170 - 2400 / 94, 74],
			[50 + 600 / 94, 124, 50 + 600 / 94, 154, 110 - 1200 / 94, 188],
			[170 - 2400 / 94, 154, 110 + 1200 / 94, 188]
		]
	},
	'two lines of one source, which share their bends': {
		graph: {
			...equal(5),
			edges: [
				[0, 1],
				[1, 2],
				[2, 3],
				[3, 4],
				[0, 4],
				[0, 3]
			]
		},
		x: [50, 80, 80, 80, 50],
		y: [20, 94, 168, 242, 316],
		rank: [0, 1, 2, 3, 4],
		size: [130, 336]
	},
	'what is pinned below, and what above': {
		graph: {
			...equal(4),
			edges: [
				[0, 1],
				[2, 1]
			],
			pinned: [0, 0, -1, 1]
		},
		// Its line runs beside the first box, 60 from its middle.
		x: [50, 80, 110, 80],
		y: [94, 168, 20, 242],
		rank: [1, 2, 0, 3],
		size: [160, 262]
	}
};

describe('small drawings', () => {
	it.each(Object.entries(DRAWN))('%s', (_, { graph, options, x, y, rank, size, routes, crossings = 0 }) => {
		const drawn = layered(graph, options);
		const close = (values: number[]) => values.map((v) => expect.closeTo(v, 6) as number);
		expect([...drawn.rank]).toEqual(rank);
		expect([...drawn.y]).toEqual(close(y));
		expect([...drawn.x]).toEqual(close(x));
		expect([drawn.width, drawn.height]).toEqual(close(size));
		if (routes) expect(drawn.routes.map((route) => [...route])).toEqual(routes.map(close));
		expect(drawn.crossings).toBe(crossings);
	});
});

describe('its parts', () => {
	it('neighbours are listed in the order of the edges', () => {
		const { start, list } = adjacency(3, [2, 0, 2], [7, 8, 9]);
		expect([...start]).toEqual([0, 1, 1, 3]);
		expect([...list]).toEqual([8, 7, 9]);
		expect([0, 1, 2].map((v) => degree({ start, list }, v))).toEqual([1, 0, 2]);
	});

	it('an edge is turned only where it closes a cycle', () => {
		const of = (...edges: [number, number][]) => ({
			from: Int32Array.from(edges, ([a]) => a),
			to: Int32Array.from(edges, ([, b]) => b)
		});
		expect([...backEdges(4, of([0, 1], [1, 2], [2, 0], [0, 2], [3, 1], [2, 3]))]).toEqual([0, 0, 1, 0, 1, 0]);
		expect([...backEdges(2, of([1, 0], [0, 1], [1, 1]))]).toEqual([1, 0, 1]);
		expect([...backEdges(4, of([0, 1], [1, 0], [2, 3], [3, 2]))]).toEqual([0, 1, 0, 1]);
		// Sinks to its only reader; rises to its only source.
		expect([...ranks(6, of([0, 1], [1, 2], [2, 3], [4, 3], [0, 5]))]).toEqual([0, 1, 2, 3, 2, 1]);
		expect([...ranks(4, of([0, 3], [1, 2], [2, 3]))]).toEqual([1, 0, 1, 2]);
	});

	it('what had a position keeps its order; what is new stands between its neighbours', () => {
		const edges = { from: Int32Array.of(2, 0, 1, 0, 1), to: Int32Array.of(3, 4, 5, 6, 6) };
		const graph = layers(7, Int32Array.of(0, 0, 0, 1, 1, 1, 1), edges);
		const crossed = arrange(graph, 0, [0, 10, 20, NaN, 4, 16, Infinity], () => undefined);
		// The first new one below 20, the second below the middle of 0 and 10.
		expect(graph.rows.map((row) => [...row])).toEqual([
			[0, 1, 2],
			[4, 6, 5, 3]
		]);
		expect(crossed).toBe(0);
	});

	it('crossings are counted by pairs of edges', () => {
		for (let seed = 1; seed <= 20; seed++) {
			let state = seed;
			const next = (n: number) => (state = (state * 48271) % 2147483647) % n;
			const edges = Array.from({ length: 14 }, () => [next(5), 5 + next(6)] as const);
			const unique = [...new Map(edges.map((edge) => [edge.join(), edge])).values()];
			const from = Int32Array.from(unique, ([a]) => a);
			const to = Int32Array.from(unique, ([, b]) => b);
			const rank = Int32Array.from({ length: 11 }, (_, v) => (v < 5 ? 0 : 1));
			const graph = layers(11, rank, { from, to });
			const indicesOf = (values: readonly number[]) => Float64Array.from(values);
			graph.rows[0]!.set([0, 1, 2, 3, 4]);
			graph.rows[1]!.set([5, 6, 7, 8, 9, 10]);
			let pairs = 0;
			unique.forEach(([a, b], i) =>
				unique.slice(i + 1).forEach(([c, d]) => {
					if ((a - c) * (b - d) < 0) pairs++;
				})
			);
			expect(crossings(graph, indicesOf([0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5]))).toBe(pairs);
			// What is said of the result is true of it, and no worse.
			const arranged = arrange(graph, 24, null, () => undefined);
			const index = new Float64Array(11);
			for (const row of graph.rows) row.forEach((v, i) => (index[v] = i));
			expect(arranged).toBe(crossings(graph, index));
			expect(arranged).toBeLessThanOrEqual(pairs);
		}
	});

	it('a point touches a box on its border, within a pixel', () => {
		const boxes = [0, 0, 10, 10, 100, 50, 20, 10];
		const on = (x: number, y: number) => touches(boxes, 1, x, y);
		expect([on(100, 55), on(120, 55), on(110, 50), on(110, 60), on(99.5, 49.5)]).toEqual(Array(5).fill(true));
		expect([on(110, 55), on(98.9, 55), on(110, 61.1), on(101.5, 55), on(5, 0)]).toEqual(Array(5).fill(false));
		expect(touches(boxes, -1, 0, 0)).toBe(false);
	});

	it('curves leave and arrive along the drawing', () => {
		const down = curved([0, 0, 10, 20], false);
		expect(down).toHaveLength(22);
		// At half of a cubic with its handles half the way down: the middle; at a tenth by Bernstein's sum.
		expect([down[10], down[11]]).toEqual([expect.closeTo(5, 12), expect.closeTo(10, 12)]);
		expect(down[2]).toBeCloseTo(10 * (3 * 0.01 * 0.9 + 0.001), 12);
		expect(down[3]).toBeCloseTo(10 * 3 * 0.1 * 0.81 + 10 * 3 * 0.01 * 0.9 + 20 * 0.001, 12);
		const right = curved([0, 0, 20, 10], true);
		expect(right.filter((_, i) => i % 2 === 0)).toEqual(down.filter((_, i) => i % 2 === 1));
		expect(curved([0, 0, 0.4, 20, 5, 20.4], false).slice(0, 4)).toEqual([0, 0, 0.4, 20]);
		expect(curved([0, 0, 20, 0.6], true)).toHaveLength(22);
		expect(curved([0, 0, 20, 0.4], true)).toEqual([0, 0, 20, 0.4]);
	});
});
