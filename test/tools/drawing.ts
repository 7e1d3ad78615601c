/** What a drawing of a graph is judged by, whoever made it. */
export interface Drawing {
	/** Pairs of edges that cross away from a common end. Lines that share a piece count once there. */
	crossings: number;
	/** Sum over all edges. */
	length: number;
	/** Pairs of boxes that overlap. */
	overlaps: number;
	/** Lines that run through a box; one may touch the two that it joins. */
	hits: number;
}

interface Segment {
	x0: number;
	y0: number;
	x1: number;
	y1: number;
}

/** Each stretch of line once: edges that run together are one line there. */
function segments(routes: readonly ArrayLike<number>[]): Segment[] {
	const seen = new Set<string>();
	const all: Segment[] = [];
	for (const route of routes)
		for (let i = 0; i + 3 < route.length; i += 2) {
			const [x0, y0, x1, y1] = [route[i]!, route[i + 1]!, route[i + 2]!, route[i + 3]!];
			const key = [x0, y0, x1, y1].map((n) => n.toFixed(2)).join();
			if (seen.has(key)) continue;
			seen.add(key);
			all.push({ x0, y0, x1, y1 });
		}
	return all;
}

function cross(a: Segment, b: Segment): boolean {
	const side = (s: Segment, x: number, y: number) => (s.x1 - s.x0) * (y - s.y0) - (s.y1 - s.y0) * (x - s.x0);
	const [p, q] = [side(a, b.x0, b.y0), side(a, b.x1, b.y1)];
	const [r, s] = [side(b, a.x0, a.y0), side(b, a.x1, a.y1)];
	const e = 1e-6;
	return ((p > e && q < -e) || (p < -e && q > e)) && ((r > e && s < -e) || (r < -e && s > e));
}

export function drawing(
	x: ArrayLike<number>,
	y: ArrayLike<number>,
	width: ArrayLike<number>,
	height: ArrayLike<number>,
	routes: readonly ArrayLike<number>[]
): Drawing {
	const lines = segments(routes).sort((a, b) => Math.min(a.y0, a.y1) - Math.min(b.y0, b.y1));
	let crossings = 0;
	let open: Segment[] = [];
	for (const line of lines) {
		const top = Math.min(line.y0, line.y1);
		open = open.filter((other) => Math.max(other.y0, other.y1) > top);
		for (const other of open) if (cross(line, other)) crossings++;
		open.push(line);
	}
	let length = 0;
	for (const route of routes)
		for (let i = 0; i + 3 < route.length; i += 2)
			length += Math.hypot(route[i + 2]! - route[i]!, route[i + 3]! - route[i + 1]!);
	const order = Array.from({ length: x.length }, (_, i) => i).sort((a, b) => y[a]! - y[b]!);
	let overlaps = 0;
	for (let i = 0; i < order.length; i++)
		for (let k = i + 1; k < order.length; k++) {
			const [a, b] = [order[i]!, order[k]!];
			if (y[b]! - y[a]! >= (height[a]! + height[b]!) / 2 + 200) break;
			if (
				y[b]! - y[a]! < (height[a]! + height[b]!) / 2 - 1e-6 &&
				Math.abs(x[b]! - x[a]!) < (width[a]! + width[b]!) / 2 - 1e-6
			)
				overlaps++;
		}
	return { crossings, length, overlaps, hits: hits(x, y, width, height, routes) };
}

function hits(
	x: ArrayLike<number>,
	y: ArrayLike<number>,
	width: ArrayLike<number>,
	height: ArrayLike<number>,
	routes: readonly ArrayLike<number>[]
): number {
	let count = 0;
	for (const route of routes)
		for (let v = 0; v < x.length; v++) {
			const [w, h] = [width[v]! / 2 - 0.5, height[v]! / 2 - 0.5];
			for (let i = 0; i + 3 < route.length; i += 2)
				if (through(route[i]! - x[v]!, route[i + 1]! - y[v]!, route[i + 2]! - x[v]!, route[i + 3]! - y[v]!, w, h)) {
					count++;
					break;
				}
		}
	return count;
}

/** Whether a segment enters the box around the origin (Liang & Barsky 1984). */
function through(x0: number, y0: number, x1: number, y1: number, w: number, h: number): boolean {
	let [low, high] = [0, 1];
	for (const [p, q] of [
		[x0 - x1, x0 + w],
		[x1 - x0, w - x0],
		[y0 - y1, y0 + h],
		[y1 - y0, h - y0]
	] as const) {
		if (p === 0) {
			if (q < 0) return false;
			continue;
		}
		const t = q / p;
		if (p < 0) low = Math.max(low, t);
		else high = Math.min(high, t);
	}
	return low < high;
}
