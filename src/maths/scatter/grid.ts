import { adjacency, type Adjacency } from '#maths/layout/adjacency.ts';
import { indicesWhere } from '#maths/members.ts';

/**
 * Cells of equal size over a flat map, each with its points: what is under the pointer, and what is within a lasso,
 * without looking at all of them.
 */
export class SpatialGrid {
	readonly side: number;
	readonly #cells: Adjacency;

	/** @param positions count x 2, within -1..1; what is outside is never found */
	constructor(readonly positions: Float32Array) {
		const count = positions.length / 2;
		this.side = Math.max(1, Math.min(1024, Math.round(Math.sqrt(count / 4))));
		const isInside = (v: number) => Math.abs(v) <= 1.0001;
		const inside = indicesWhere(count, (i) => isInside(positions[2 * i]!) && isInside(positions[2 * i + 1]!));
		const cells = inside.map((i) => this.#row(positions[2 * i + 1]!) * this.side + this.#row(positions[2 * i]!));
		this.#cells = adjacency(this.side * this.side, cells, inside);
	}

	#row(v: number): number {
		return Math.min(this.side - 1, Math.max(0, Math.floor(((v + 1) / 2) * this.side)));
	}

	/** Tells every point of the cells that touch the box. */
	#each(x0: number, y0: number, x1: number, y1: number, tell: (point: number) => void): void {
		if (x1 < -1 || y1 < -1 || x0 > 1 || y0 > 1) return;
		const { start, list } = this.#cells;
		const [c0, c1, r0, r1] = [this.#row(x0), this.#row(x1), this.#row(y0), this.#row(y1)];
		for (let r = r0; r <= r1; r++)
			for (let c = c0; c <= c1; c++) {
				const cell = r * this.side + c;
				for (let k = start[cell]!; k < start[cell + 1]!; k++) tell(list[k]!);
			}
	}

	/** The nearest point within an ellipse of radii (rx, ry) around (x, y); -1 for none. Of equals, the last drawn. */
	nearest(x: number, y: number, rx: number, ry: number, hidden: Uint8Array | null): number {
		let [best, found] = [1, -1];
		this.#each(x - rx, y - ry, x + rx, y + ry, (i) => {
			if (hidden?.[i]) return;
			const d = ((this.positions[2 * i]! - x) / rx) ** 2 + ((this.positions[2 * i + 1]! - y) / ry) ** 2;
			if (d < best || (d === best && i > found)) [best, found] = [d, i];
		});
		return found;
	}

	/** @param polygon x, y, x, y, ... in the map's units */
	inside(polygon: Float32Array, hidden: Uint8Array | null): Int32Array<ArrayBuffer> {
		let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
		for (let k = 0; k < polygon.length; k += 2) {
			x0 = Math.min(x0, polygon[k]!);
			x1 = Math.max(x1, polygon[k]!);
			y0 = Math.min(y0, polygon[k + 1]!);
			y1 = Math.max(y1, polygon[k + 1]!);
		}
		const found: number[] = [];
		this.#each(x0, y0, x1, y1, (i) => {
			if (!hidden?.[i] && within(polygon, this.positions[2 * i]!, this.positions[2 * i + 1]!)) found.push(i);
		});
		return Int32Array.from(found).sort();
	}
}

/** Whether a point is within a polygon, by the even-odd rule. */
export function within(polygon: Float32Array, x: number, y: number): boolean {
	let inside = false;
	const n = polygon.length;
	for (let k = 0, j = n - 2; k < n; j = k, k += 2) {
		const [xk, yk, xj, yj] = [polygon[k]!, polygon[k + 1]!, polygon[j]!, polygon[j + 1]!];
		if (yk > y !== yj > y && x < ((xj - xk) * (y - yk)) / (yj - yk) + xk) inside = !inside;
	}
	return inside;
}
