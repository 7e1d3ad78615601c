import { layers } from '#maths/layout/layers.ts';
import { arrange } from '#maths/layout/order.ts';
import { horizontal } from '#maths/layout/position.ts';
import { backEdges, ranks, type Edges } from '#maths/layout/ranks.ts';
import { direct, loop, route } from '#maths/layout/routes.ts';
import { tighten } from '#maths/layout/tighten.ts';

/** A layered drawing of a directed graph in linear time but for sorting: cycles, loops, parts and doubled edges allowed. */

export interface LayeredGraph {
	width: ArrayLike<number>;
	height: ArrayLike<number>;
	edges: readonly (readonly [from: number, to: number])[];
	/** Horizontal positions in an earlier layout: nodes that have one (finite) keep their relative order; NaN is new. */
	order?: ArrayLike<number>;
	/** Per node: -1 holds it above all others, 1 below them. */
	pinned?: ArrayLike<number>;
}

export interface LayeredOptions {
	nodeGap?: number;
	rankGap?: number;
	direction?: 'down' | 'right';
	sweeps?: number;
	/** Ranks alone, in the order of the nodes, with straight lines: a picture to look at while the whole is made. */
	coarse?: boolean;
	/** Called often; it may throw to cancel. */
	checkpoint?: () => void;
}

export interface LayeredLayout {
	/** Centres. */
	x: Float64Array;
	y: Float64Array;
	width: number;
	height: number;
	rank: Int32Array;
	/** Of each edge: x, y, x, y... from the border of its source to that of its target. */
	routes: Float64Array[];
	crossings: number;
}

const NONE: Edges = { from: new Int32Array(0), to: new Int32Array(0) };
/** Between two lines that only pass by. */
const WIRE_GAP = 8;
/** Sweeps: two take a third off the lines of random graphs, more change nothing (measured). */
const TIGHTENING = 2;

export function layered(graph: LayeredGraph, options: LayeredOptions = {}): LayeredLayout {
	const {
		direction = 'down',
		nodeGap = 20,
		rankGap = 34,
		sweeps = 24,
		coarse = false,
		checkpoint = () => {}
	} = options;
	const across = direction === 'right';
	const n = graph.width.length;
	const breadth = Float64Array.from(across ? graph.height : graph.width);
	const depth = Float64Array.from(across ? graph.width : graph.height);
	const { edges, flipped, index } = oriented(n, graph.edges);
	checkpoint();
	const rank = ranks(n, edges);
	if (graph.pinned) pin(rank, graph.pinned);
	const rows = layers(n, rank, coarse ? NONE : edges);
	const widths = new Float64Array(rows.count);
	widths.set(breadth);
	const crossings = arrange(rows, coarse ? 0 : sweeps, graph.order ?? null, checkpoint);
	checkpoint();
	const gap = (a: number, b: number) => (a < n && b < n ? nodeGap : a >= n && b >= n ? WIRE_GAP : nodeGap / 2);
	const x = coarse ? centred(rows.rows, widths, nodeGap) : horizontal(rows, widths, gap);
	if (!coarse) tighten(rows, x, widths, gap, TIGHTENING);
	let left = Infinity;
	let right = -Infinity;
	for (let v = 0; v < rows.count; v++) {
		left = Math.min(left, x[v]! - widths[v]! / 2);
		right = Math.max(right, x[v]! + widths[v]! / 2);
	}
	if (rows.count) for (let v = 0; v < rows.count; v++) x[v]! -= left;
	const { centre, tallest, total } = vertical(rows.rows.length, rank, depth, rankGap);
	const y = Float64Array.from({ length: n }, (_, v) => centre[rank[v]!]!);
	checkpoint();

	const boxes = { x, y, breadth, depth };
	const routes = graph.edges.map(([from], e): Float64Array => {
		const k = index[e]!;
		const points =
			k < 0
				? loop(x[from]!, y[from]!, breadth[from]!, depth[from]!)
				: coarse
					? direct(edges.from[k]!, edges.to[k]!, boxes)
					: route(k, edges, rows, { centre, tallest }, boxes);
		return Float64Array.from(ordered(points, flipped[e] === 1, across));
	});
	const size = n ? [right - left, total] : [0, 0];
	const [width, height] = across ? [size[1]!, size[0]!] : [size[0]!, size[1]!];
	const xs = x.slice(0, n);
	return { x: across ? y : xs, y: across ? xs : y, width, height, rank, routes, crossings };
}

/** Distinct edges without loops and cycles; `index` says which of them an edge of the graph became, -1 for a loop. */
function oriented(n: number, all: LayeredGraph['edges']): { edges: Edges; flipped: Uint8Array; index: Int32Array } {
	const from = Int32Array.from(all, ([a]) => a);
	const to = Int32Array.from(all, ([, b]) => b);
	const back = backEdges(n, { from, to });
	const known = new Map<number, number>();
	const index = new Int32Array(all.length).fill(-1);
	const [sources, targets]: [number[], number[]] = [[], []];
	for (let e = 0; e < all.length; e++) {
		if (from[e] === to[e]) continue;
		const [u, v] = back[e] ? [to[e]!, from[e]!] : [from[e]!, to[e]!];
		const key = u * n + v;
		let k = known.get(key);
		if (k === undefined) {
			k = sources.length;
			known.set(key, k);
			sources.push(u);
			targets.push(v);
		}
		index[e] = k;
	}
	return { edges: { from: Int32Array.from(sources), to: Int32Array.from(targets) }, flipped: back, index };
}

/** Puts pinned nodes into ranks of their own, above and below all others. */
function pin(rank: Int32Array, pinned: ArrayLike<number>): void {
	let [low, high, above] = [Infinity, -Infinity, false];
	for (let v = 0; v < rank.length; v++) {
		if (pinned[v] === -1) above = true;
		if (pinned[v]) continue;
		low = Math.min(low, rank[v]!);
		high = Math.max(high, rank[v]!);
	}
	if (low > high) return;
	const first = above ? 1 : 0;
	for (let v = 0; v < rank.length; v++)
		rank[v] = pinned[v] === -1 ? 0 : pinned[v] === 1 ? high - low + 1 + first : rank[v]! - low + first;
}

function vertical(count: number, rank: Int32Array, depth: Float64Array, gap: number) {
	const tallest = new Float64Array(count);
	for (let v = 0; v < rank.length; v++) tallest[rank[v]!] = Math.max(tallest[rank[v]!]!, depth[v]!);
	const centre = new Float64Array(count);
	let at = 0;
	for (let r = 0; r < count; r++) {
		centre[r] = at + tallest[r]! / 2;
		at += tallest[r]! + gap;
	}
	return { centre, tallest, total: Math.max(0, at - gap) };
}

/** Each rank packed around one axis. */
function centred(rows: readonly Int32Array[], breadth: Float64Array, gap: number): Float64Array {
	const x = new Float64Array(breadth.length);
	for (const row of rows) {
		let at = 0;
		for (const v of row) {
			x[v] = at + breadth[v]! / 2;
			at += breadth[v]! + gap;
		}
		for (const v of row) x[v]! -= (at - gap) / 2;
	}
	return x;
}

/** Breadth and depth become x and y; an edge that was turned runs back. */
function ordered(points: readonly number[], backwards: boolean, across: boolean): number[] {
	const out: number[] = [];
	for (let i = 0; i < points.length; i += 2) {
		const k = backwards ? points.length - 2 - i : i;
		const [a, b] = [points[k]!, points[k + 1]!];
		out.push(across ? b : a, across ? a : b);
	}
	return out;
}
