import type { Adjacency } from '#maths/layout/adjacency.ts';
import type { Layers } from '#maths/layout/layers.ts';

/** Fewer crossings: barycentre sweeps (Sugiyama, Tagawa & Toda 1981), then exchanges of neighbours. */

/** Sweeps without a better result before it stops. */
const PATIENCE = 4;

/**
 * Fills the rows.
 * @param keys horizontal keys of an earlier layout; nodes that have one keep their relative order
 * @returns the number of crossings
 */
export function arrange(graph: Layers, sweeps: number, keys: ArrayLike<number> | null, checkpoint: () => void): number {
	const index = new Float64Array(graph.count);
	walk(graph);
	number(graph, index);
	if (keys) return keyed(graph, index, keys, checkpoint);
	let best = crossings(graph, index);
	let kept = graph.rows.map((row) => row.slice());
	for (let sweep = 0, idle = 0; sweep < sweeps && idle < PATIENCE && best > 0; sweep++, idle++) {
		pass(graph, index, sweep % 2 === 0, sweep % 4 >= 2, checkpoint);
		const now = crossings(graph, index);
		if (now < best) {
			best = now;
			idle = -1;
			kept = graph.rows.map((row) => row.slice());
		}
	}
	graph.rows.forEach((row, r) => row.set(kept[r]!));
	number(graph, index);
	for (let round = 0; round < 6 && best > 0; round++) {
		const gain = exchange(graph, index, checkpoint);
		if (!gain) break;
		best -= gain;
	}
	return best;
}

function number({ rows }: Layers, index: Float64Array): void {
	for (const row of rows) for (let i = 0; i < row.length; i++) index[row[i]!] = i;
}

/** A first order: depth first from the top, so that chains lie together. */
function walk({ count, rank, rows, up, down }: Layers): void {
	const seen = new Uint8Array(count);
	const filled = new Int32Array(rows.length);
	const stack: number[] = [];
	const start = (root: number) => {
		stack.push(root);
		while (stack.length) {
			const v = stack.pop()!;
			if (seen[v]) continue;
			seen[v] = 1;
			const r = rank[v]!;
			rows[r]![filled[r]!++] = v;
			for (let i = down.start[v + 1]! - 1; i >= down.start[v]!; i--)
				if (!seen[down.list[i]!]) stack.push(down.list[i]!);
		}
	};
	for (let v = 0; v < count; v++) if (up.start[v] === up.start[v + 1]) start(v);
	for (let v = 0; v < count; v++) if (!seen[v]) start(v);
}

/** One sweep down or up: every vertex at the mean index of its neighbours in the rank before. */
function pass(
	{ rows, up, down }: Layers,
	index: Float64Array,
	downwards: boolean,
	right: boolean,
	checkpoint: () => void
): void {
	const { start, list } = downwards ? up : down;
	for (let k = 1; k < rows.length; k++) {
		const row = rows[downwards ? k : rows.length - 1 - k]!;
		if (k % 64 === 0) checkpoint();
		const centre = new Float64Array(row.length);
		const movable: number[] = [];
		for (let i = 0; i < row.length; i++) {
			const v = row[i]!;
			let sum = 0;
			for (let j = start[v]!; j < start[v + 1]!; j++) sum += index[list[j]!]!;
			const n = start[v + 1]! - start[v]!;
			centre[i] = n ? sum / n : NaN;
			if (n) movable.push(i);
		}
		const sorted = movable.slice().sort((a, b) => centre[a]! - centre[b]! || (right ? b - a : a - b));
		// What has no neighbour there stays where it is.
		const before = row.slice();
		movable.forEach((slot, i) => (row[slot] = before[sorted[i]!]!));
		for (let i = 0; i < row.length; i++) index[row[i]!] = i;
	}
}

/** Exchanges neighbours wherever that takes crossings away. @returns how many */
function exchange({ rows, up, down }: Layers, index: Float64Array, checkpoint: () => void): number {
	let gain = 0;
	for (let r = 0; r < rows.length; r++) {
		const row = rows[r]!;
		if (r % 64 === 0) checkpoint();
		for (let i = 0; i + 1 < row.length; i++) {
			const [a, b] = [row[i]!, row[i + 1]!];
			const change = between(up, index, a, b) + between(down, index, a, b);
			if (change <= 0) continue;
			row[i] = b;
			row[i + 1] = a;
			index[a] = i + 1;
			index[b] = i;
			gain += change;
		}
	}
	return gain;
}

/** Vertices with more neighbours than this are not compared pair by pair. */
const MANY = 64;

/** Crossings of the edges of a (left) and b (right), minus those when exchanged. */
function between({ start, list }: Adjacency, index: Float64Array, a: number, b: number): number {
	if ((start[a + 1]! - start[a]!) * (start[b + 1]! - start[b]!) > MANY * MANY) return 0;
	let difference = 0;
	for (let i = start[a]!; i < start[a + 1]!; i++)
		for (let j = start[b]!; j < start[b + 1]!; j++) difference += Math.sign(index[list[i]!]! - index[list[j]!]!);
	return difference;
}

/** All crossings of segments, by a Fenwick tree per pair of ranks (Barth, Mutzel & Jünger 2004): O(E log V). */
export function crossings({ rows, down }: Layers, index: Float64Array): number {
	let total = 0;
	let widest = 1;
	for (const row of rows) widest = Math.max(widest, row.length);
	const tree = new Int32Array(widest + 1);
	for (let r = 0; r + 1 < rows.length; r++) {
		const size = rows[r + 1]!.length;
		tree.fill(0, 0, size + 1);
		let entered = 0;
		for (const v of rows[r]!) {
			const [from, to] = [down.start[v]!, down.start[v + 1]!];
			// All of one vertex first, so that edges that share it do not cross.
			for (let i = from; i < to; i++) {
				let at = index[down.list[i]!]! + 1;
				let left = 0;
				for (; at > 0; at -= at & -at) left += tree[at]!;
				total += entered - left;
			}
			for (let i = from; i < to; i++) for (let at = index[down.list[i]!]! + 1; at <= size; at += at & -at) tree[at]!++;
			entered += to - from;
		}
	}
	return total;
}

/** What had an index keeps its order; what is new stands where its neighbours are. */
function keyed(graph: Layers, index: Float64Array, keys: ArrayLike<number>, checkpoint: () => void): number {
	const { rows, up, down, count, nodes } = graph;
	const x = new Float64Array(count);
	for (let v = 0; v < count; v++) x[v] = v < nodes && Number.isFinite(keys[v]) ? (keys[v] as number) : NaN;
	const guess = (v: number) => {
		let [sum, n] = [0, 0];
		for (const { start, list } of [up, down])
			for (let i = start[v]!; i < start[v + 1]!; i++) {
				const near = x[list[i]!]!;
				if (!Number.isNaN(near)) {
					sum += near;
					n++;
				}
			}
		return n ? sum / n : NaN;
	};
	for (const backwards of [false, true, false])
		for (let k = 0; k < rows.length; k++)
			for (const v of rows[backwards ? rows.length - 1 - k : k]!) if (Number.isNaN(x[v]!)) x[v] = guess(v);
	checkpoint();
	for (const row of rows) {
		const sorted = [...row].sort((a, b) => (x[a]! || 0) - (x[b]! || 0) || index[a]! - index[b]!);
		row.set(sorted);
	}
	number(graph, index);
	return crossings(graph, index);
}
