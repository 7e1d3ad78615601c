import { adjacency, degree } from '#maths/layout/adjacency.ts';

/** Edges as two arrays. */
export interface Edges {
	from: Int32Array;
	to: Int32Array;
}

/** Which edges must be turned so that no cycle is left: those back to a node that is still open in a depth-first walk. */
export function backEdges(n: number, { from, to }: Edges): Uint8Array {
	const order = Int32Array.from({ length: from.length }, (_, i) => i);
	const { start, list } = adjacency(n, from, order);
	const back = new Uint8Array(from.length);
	const state = new Uint8Array(n);
	const next = start.slice(0, n);
	const stack = new Int32Array(n);
	for (let root = 0; root < n; root++) {
		if (state[root]) continue;
		let depth = 0;
		stack[0] = root;
		state[root] = 1;
		while (depth >= 0) {
			const v = stack[depth]!;
			if (next[v]! === start[v + 1]!) {
				state[v] = 2;
				depth--;
				continue;
			}
			const edge = list[next[v]!++]!;
			const w = to[edge]!;
			if (state[w] === 1) back[edge] = 1;
			else if (!state[w]) {
				state[w] = 1;
				stack[++depth] = w;
			}
		}
	}
	return back;
}

/** Sweeps that move nodes towards the side with more edges. */
const SWEEPS = 8;

/**
 * Longest-path ranks, then shortened: a node with more edges down than up sinks as far as it can, one with more up rises.
 * Linear per sweep, where the network simplex is not.
 * @param edges without cycles
 */
export function ranks(n: number, { from, to }: Edges): Int32Array {
	const down = adjacency(n, from, to);
	const up = adjacency(n, to, from);
	const order = topological(n, up.start, down.start, down.list);
	const rank = new Int32Array(n);
	const lowest = (v: number) => {
		let best = 0;
		for (let i = up.start[v]!; i < up.start[v + 1]!; i++) best = Math.max(best, rank[up.list[i]!]! + 1);
		return best;
	};
	const highest = (v: number) => {
		let best = Infinity;
		for (let i = down.start[v]!; i < down.start[v + 1]!; i++) best = Math.min(best, rank[down.list[i]!]! - 1);
		return best;
	};
	for (const v of order) rank[v] = lowest(v);
	for (let sweep = 0; sweep < SWEEPS; sweep++) {
		let moved = false;
		const move = (v: number, to: number) => {
			if (rank[v] === to) return;
			rank[v] = to;
			moved = true;
		};
		for (let i = n - 1; i >= 0; i--) {
			const v = order[i]!;
			if (degree(down, v) > degree(up, v)) move(v, highest(v));
		}
		for (const v of order) if (degree(up, v) > degree(down, v)) move(v, lowest(v));
		if (!moved) break;
	}
	let min = Infinity;
	for (let v = 0; v < n; v++) min = Math.min(min, rank[v]!);
	for (let v = 0; v < n; v++) rank[v]! -= min;
	return rank;
}

function topological(n: number, inStart: Int32Array, start: Int32Array, list: Int32Array): Int32Array {
	const left = new Int32Array(n);
	const order = new Int32Array(n);
	let size = 0;
	for (let v = 0; v < n; v++) {
		left[v] = inStart[v + 1]! - inStart[v]!;
		if (!left[v]) order[size++] = v;
	}
	for (let at = 0; at < size; at++) {
		const v = order[at]!;
		for (let i = start[v]!; i < start[v + 1]!; i++) if (!--left[list[i]!]!) order[size++] = list[i]!;
	}
	return order;
}
