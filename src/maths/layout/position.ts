import { adjacency } from '#maths/layout/adjacency.ts';
import type { Layers } from '#maths/layout/layers.ts';

/**
 * Horizontal positions by Brandes & Köpf 2002, "Fast and Simple Horizontal Coordinate Assignment", with the blocks packed
 * along a graph of their own, which mends the overlaps of the published packing: four extreme layouts, and the mean of
 * the two middle ones for each vertex. Linear.
 * @param width of every vertex
 * @param gap between two of them
 */
export function horizontal(
	graph: Layers,
	width: Float64Array,
	gap: (left: number, right: number) => number
): Float64Array {
	const { count, rows } = graph;
	const index = new Int32Array(count);
	for (const row of rows) for (let i = 0; i < row.length; i++) index[row[i]!] = i;
	const up = sortedNeighbours(graph, index, true);
	const down = sortedNeighbours(graph, index, false);
	const forbidden = conflicts(graph, index, up);
	const layouts: Float64Array[] = [];
	for (const fromTop of [true, false])
		for (const leftmost of [true, false]) {
			const { root } = align(graph, index, fromTop ? up : down, fromTop, leftmost, forbidden);
			layouts.push(pack(graph, root, width, gap, leftmost));
		}
	return balanced(layouts, width, count);
}

interface Neighbours {
	start: Int32Array;
	list: Int32Array;
}

function sortedNeighbours({ count, up, down }: Layers, index: Int32Array, above: boolean): Neighbours {
	const { start, list } = above ? up : down;
	const sorted = list.slice();
	for (let v = 0; v < count; v++)
		if (start[v + 1]! - start[v]! > 1) sorted.subarray(start[v]!, start[v + 1]!).sort((a, b) => index[a]! - index[b]!);
	return { start, list: sorted };
}

/** Segments that cross one between two bends: long edges stay straight, the others give way. Key: lower * count + upper. */
function conflicts({ count, nodes, rows }: Layers, index: Int32Array, up: Neighbours): Set<number> {
	const found = new Set<number>();
	for (let r = 1; r < rows.length; r++) {
		const row = rows[r]!;
		let low = 0;
		let scanned = 0;
		for (let i = 0; i < row.length; i++) {
			const v = row[i]!;
			const inner = v >= nodes ? (up.list[up.start[v]!] ?? -1) : -1;
			const bend = inner >= nodes ? index[inner]! : -1;
			if (i !== row.length - 1 && bend < 0) continue;
			const high = bend >= 0 ? bend : rows[r - 1]!.length - 1;
			for (; scanned <= i; scanned++) {
				const w = row[scanned]!;
				for (let k = up.start[w]!; k < up.start[w + 1]!; k++) {
					const u = up.list[k]!;
					const at = index[u]!;
					if ((at < low || at > high) && !(u >= nodes && w >= nodes)) found.add(w * count + u);
				}
			}
			low = high;
		}
	}
	return found;
}

/** Blocks of vertices that are to stand one above the other: each with the median of its neighbours, if it is free. */
function align(
	{ count, rows }: Layers,
	index: Int32Array,
	{ start, list }: Neighbours,
	fromTop: boolean,
	leftmost: boolean,
	forbidden: ReadonlySet<number>
): { root: Int32Array } {
	const root = Int32Array.from({ length: count }, (_, v) => v);
	const taken = new Uint8Array(count);
	const height = rows.length;
	for (let k = 0; k < height; k++) {
		const row = rows[fromTop ? k : height - 1 - k]!;
		let limit = leftmost ? -1 : Infinity;
		for (let i = 0; i < row.length; i++) {
			const v = row[leftmost ? i : row.length - 1 - i]!;
			const [from, to] = [start[v]!, start[v + 1]!];
			const n = to - from;
			if (!n) continue;
			const lower = from + ((n - 1) >> 1);
			const upper = from + (n >> 1);
			for (const m of leftmost ? [lower, upper] : [upper, lower]) {
				const u = list[m]!;
				const key = fromTop ? v * count + u : u * count + v;
				const free = leftmost ? index[u]! > limit : index[u]! < limit;
				if (taken[u] || !free || forbidden.has(key)) continue;
				taken[u] = 1;
				root[v] = root[u]!;
				limit = index[u]!;
				break;
			}
		}
	}
	return { root };
}

/** Packs blocks to one side, then pulls them back as far as nothing is pushed. */
function pack(
	{ count, rows }: Layers,
	root: Int32Array,
	width: Float64Array,
	gap: (left: number, right: number) => number,
	leftmost: boolean
): Float64Array {
	const from: number[] = [];
	const to: number[] = [];
	const distance: number[] = [];
	for (const row of rows)
		for (let i = 0; i + 1 < row.length; i++) {
			const [a, b] = [row[i]!, row[i + 1]!];
			from.push(root[leftmost ? a : b]!);
			to.push(root[leftmost ? b : a]!);
			distance.push((width[a]! + width[b]!) / 2 + gap(a, b));
		}
	const ids = Int32Array.from({ length: from.length }, (_, i) => i);
	const out = adjacency(count, from, ids);
	const waiting = new Int32Array(count);
	for (const v of to) waiting[v]!++;
	const order = new Int32Array(count);
	let size = 0;
	for (let v = 0; v < count; v++) if (root[v] === v && !waiting[v]) order[size++] = v;
	const x = new Float64Array(count);
	for (let at = 0; at < size; at++) {
		const v = order[at]!;
		for (let i = out.start[v]!; i < out.start[v + 1]!; i++) {
			const e = out.list[i]!;
			const w = to[e]!;
			x[w] = Math.max(x[w]!, x[v]! + distance[e]!);
			if (!--waiting[w]!) order[size++] = w;
		}
	}
	for (let at = size - 1; at >= 0; at--) {
		const v = order[at]!;
		let max = Infinity;
		for (let i = out.start[v]!; i < out.start[v + 1]!; i++) {
			const e = out.list[i]!;
			max = Math.min(max, x[to[e]!]! - distance[e]!);
		}
		if (Number.isFinite(max)) x[v] = Math.max(x[v]!, max);
	}
	return Float64Array.from({ length: count }, (_, v) => (leftmost ? x[root[v]!]! : -x[root[v]!]!));
}

function balanced(layouts: readonly Float64Array[], width: Float64Array, count: number): Float64Array {
	const ends = layouts.map((xs) => {
		let [low, high] = [Infinity, -Infinity];
		for (let v = 0; v < count; v++) {
			low = Math.min(low, xs[v]! - width[v]! / 2);
			high = Math.max(high, xs[v]! + width[v]! / 2);
		}
		return { low, high };
	});
	let narrowest = 0;
	ends.forEach(({ low, high }, i) => {
		if (high - low < ends[narrowest]!.high - ends[narrowest]!.low) narrowest = i;
	});
	const goal = ends[narrowest]!;
	// Layouts that were packed left meet at the left end, the others at the right one.
	const shifts = ends.map(({ low, high }, i) => (i % 2 === 0 ? goal.low - low : goal.high - high));
	const x = new Float64Array(count);
	const four = new Float64Array(4);
	for (let v = 0; v < count; v++) {
		for (let i = 0; i < 4; i++) four[i] = layouts[i]![v]! + shifts[i]!;
		four.sort();
		x[v] = (four[1]! + four[2]!) / 2;
	}
	return x;
}
