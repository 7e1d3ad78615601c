import type { LabelPlace, Matrix } from '#contracts/data-api.ts';
import { projected, unprojected } from '#maths/scatter/camera.ts';
import { groups } from '#maths/scatter/groups.ts';
import { SpatialGrid, within } from '#maths/scatter/grid.ts';

type Canvas = readonly [width: number, height: number];

/** Where the points of the map are, for the pointer: a grid where it is flat, all points projected where it is turned. */
export class PointMap {
	hidden: Uint8Array | null = null;
	#grid: SpatialGrid | null = null;

	constructor(
		readonly positions: Float32Array,
		readonly dimensions: 2 | 3
	) {}

	/** Made when first asked for: a map that still forms is mostly not pointed at. */
	get grid(): SpatialGrid {
		return (this.#grid ??= new SpatialGrid(this.positions));
	}

	pick(matrix: Matrix, [width, height]: Canvas, [x, y]: readonly [number, number], radius: number): number {
		const size = { width, height };
		if (this.dimensions === 2) {
			const [ax, ay] = unprojected(matrix, size, x, y);
			const [bx, by] = unprojected(matrix, size, x + radius, y - radius);
			return this.grid.nearest(ax, ay, bx - ax, by - ay, this.hidden);
		}
		let [found, nearest] = [-1, Infinity];
		this.#each(matrix, size, (i, px, py, w) => {
			const d = Math.hypot(px - x, py - y);
			// Of those under the pointer, the one in front.
			if (d <= radius && w < nearest) [found, nearest] = [i, w];
		});
		return found;
	}

	inside(matrix: Matrix, [width, height]: Canvas, polygon: Float32Array): Int32Array<ArrayBuffer> {
		const size = { width, height };
		if (this.dimensions === 2) {
			const own = new Float32Array(polygon.length);
			for (let k = 0; k < polygon.length; k += 2) own.set(unprojected(matrix, size, polygon[k]!, polygon[k + 1]!), k);
			return this.grid.inside(own, this.hidden);
		}
		const found: number[] = [];
		this.#each(matrix, size, (i, px, py) => within(polygon, px, py) && found.push(i));
		return Int32Array.from(found);
	}

	#each(
		matrix: Matrix,
		size: { width: number; height: number },
		tell: (i: number, x: number, y: number, w: number) => void
	): void {
		const p = this.positions;
		for (let i = 0; 3 * i < p.length; i++) {
			if (this.hidden?.[i]) continue;
			const [x, y, w] = projected(matrix, size, p[3 * i]!, p[3 * i + 1]!, p[3 * i + 2]!);
			if (w > 0) tell(i, x, y, w);
		}
	}

	labels(codes: Int32Array, categories: number): LabelPlace[] {
		return groups(this.positions, this.dimensions, codes, categories).map(({ at: [x, y, z], ...rest }) => ({
			x,
			y,
			z,
			...rest
		}));
	}
}
