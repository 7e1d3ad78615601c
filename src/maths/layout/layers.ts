import { adjacency, type Adjacency } from '#maths/layout/adjacency.ts';
import type { Edges } from '#maths/layout/ranks.ts';

/** Nodes and the bends of long edges, rank by rank; every segment joins two ranks that follow each other. */
export interface Layers {
	/** Nodes first, then bends. */
	count: number;
	nodes: number;
	rank: Int32Array;
	/** Vertices of each rank, from left to right. */
	rows: Int32Array[];
	/** Segments to the rank above and below. */
	up: Adjacency;
	down: Adjacency;
	/** The bends of each edge, from above; -1 marks one that runs straight across the ranks between. */
	bends: Int32Array[];
}

/** More bends than this cost more than they help: the longest edges then run straight. */
const MAX_BENDS = 300_000;

/**
 * All long edges of one source share their bends, as wires in a cable do: there are few of them, and a skip to ten layers
 * is one line.
 */
export function layers(n: number, rank: Int32Array, { from, to }: Edges): Layers {
	const reach = new Int32Array(n);
	const limit = longest(rank, { from, to }, n);
	for (let e = 0; e < from.length; e++) {
		const span = rank[to[e]!]! - rank[from[e]!]!;
		if (span > 1 && span <= limit) reach[from[e]!] = Math.max(reach[from[e]!]!, span - 1);
	}
	let count = n;
	const first = new Int32Array(n);
	for (let v = 0; v < n; v++) {
		first[v] = count;
		count += reach[v]!;
	}
	const ranks = new Int32Array(count);
	ranks.set(rank);
	const above: number[] = [];
	const below: number[] = [];
	const join = (a: number, b: number) => {
		above.push(a);
		below.push(b);
	};
	for (let v = 0; v < n; v++)
		for (let k = 0; k < reach[v]!; k++) {
			ranks[first[v]! + k] = rank[v]! + 1 + k;
			join(k ? first[v]! + k - 1 : v, first[v]! + k);
		}
	const bends = Array.from({ length: from.length }, (_, e) => {
		const [u, v] = [from[e]!, to[e]!];
		const span = rank[v]! - rank[u]!;
		if (span > limit) return Int32Array.of(-1);
		join(span === 1 ? u : first[u]! + span - 2, v);
		return Int32Array.from({ length: span - 1 }, (_, k) => first[u]! + k);
	});
	const up = adjacency(count, below, above);
	const down = adjacency(count, above, below);
	const height = rank.reduce((max, r) => Math.max(max, r + 1), 0);
	const sizes = new Int32Array(height);
	for (const r of ranks) sizes[r]!++;
	return { count, nodes: n, rank: ranks, rows: Array.from(sizes, (size) => new Int32Array(size)), up, down, bends };
}

/** The longest span whose bends still fit. */
function longest(rank: Int32Array, { from, to }: Edges, n: number): number {
	let limit = Infinity;
	for (;;) {
		const reach = new Int32Array(n);
		let total = 0;
		let widest = 0;
		for (let e = 0; e < from.length; e++) {
			const span = rank[to[e]!]! - rank[from[e]!]!;
			if (span > limit) continue;
			widest = Math.max(widest, span);
			if (span - 1 > reach[from[e]!]!) {
				total += span - 1 - reach[from[e]!]!;
				reach[from[e]!] = span - 1;
			}
		}
		if (total <= MAX_BENDS) return limit;
		limit = Math.floor(widest / 2);
	}
}
