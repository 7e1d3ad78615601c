import type { Layers } from '#maths/layout/layers.ts';
import type { Edges } from '#maths/layout/ranks.ts';

/** Where lines run: down the gaps between the ranks, and straight through a rank, so that none touches a foreign box. */

export interface Ranks {
	/** Middle of each rank, and how deep its deepest box is. */
	centre: Float64Array;
	tallest: Float64Array;
}

export interface BoxLayout {
	x: Float64Array;
	y: Float64Array;
	breadth: Float64Array;
	depth: Float64Array;
}

/** Lines leave a box at least this far from its corners. */
const CORNER = 10;

/** @returns the points of edge k, from its upper end to its lower one: breadth, depth, breadth, depth... */
export function route(k: number, edges: Edges, rows: Layers, { centre, tallest }: Ranks, boxes: BoxLayout): number[] {
	const [u, v] = [edges.from[k]!, edges.to[k]!];
	const { x, y, breadth, depth } = boxes;
	const top = (rank: number) => centre[rank]! - tallest[rank]! / 2;
	const bottom = (rank: number) => centre[rank]! + tallest[rank]! / 2;
	const points: number[] = [];
	let straight = false;
	for (const bend of rows.bends[k]!) {
		if (bend < 0) {
			straight = true;
			continue;
		}
		const rank = rows.rank[bend]!;
		points.push(x[bend]!, top(rank), x[bend]!, bottom(rank));
	}
	/** Where the line from the middle of a box to a point would leave it, on its lower or upper side. */
	const exit = (box: number, px: number, py: number) => {
		const room = Math.max(0, breadth[box]! / 2 - CORNER);
		const share = Math.min(1, depth[box]! / 2 / Math.max(1, Math.abs(py - y[box]!)));
		return x[box]! + Math.max(-room, Math.min(room, (px - x[box]!) * share));
	};
	const first = points.length ? [points[0]!, points[1]!] : [x[v]!, y[v]!];
	const last = points.length ? [points.at(-2)!, points.at(-1)!] : [x[u]!, y[u]!];
	const leave = exit(u, first[0]!, first[1]!);
	const arrive = exit(v, last[0]!, last[1]!);
	const [below, above] = [y[u]! + depth[u]! / 2, y[v]! - depth[v]! / 2];
	const head = [leave, below];
	const tail = [arrive, above];
	if (!straight && bottom(rows.rank[u]!) > below + 0.5) head.push(leave, bottom(rows.rank[u]!));
	if (!straight && top(rows.rank[v]!) < above - 0.5) tail.unshift(arrive, top(rows.rank[v]!));
	return [...head, ...points, ...tail];
}

/** From the lower side of one box to the upper side of another. */
export function direct(u: number, v: number, { x, y, depth }: BoxLayout): number[] {
	return [x[u]!, y[u]! + depth[u]! / 2, x[v]!, y[v]! - depth[v]! / 2];
}

/** A line from a box to itself, at its side. */
export function loop(x: number, y: number, breadth: number, depth: number): number[] {
	const side = x + breadth / 2;
	const [high, low] = [y - depth / 4, y + depth / 4];
	return [side, high, side + 12, high, side + 12, low, side, low];
}
