import type { LabelPlacement, Matrix } from '#contracts/data-api.ts';
import { unprojected } from '#maths/scatter/camera.ts';
import { groups } from '#maths/scatter/groups.ts';
import { SpatialGrid } from '#maths/scatter/grid.ts';
import { pointAt, pointsInside } from '#maths/scatter/pointed.ts';

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
		return pointAt(this.#view(matrix, size), x, y, radius);
	}

	inside(matrix: Matrix, [width, height]: Canvas, polygon: Float32Array): Int32Array<ArrayBuffer> {
		const size = { width, height };
		if (this.dimensions === 2) {
			const own = new Float32Array(polygon.length);
			for (let k = 0; k < polygon.length; k += 2) own.set(unprojected(matrix, size, polygon[k]!, polygon[k + 1]!), k);
			return this.grid.inside(own, this.hidden);
		}
		return pointsInside(this.#view(matrix, size), polygon);
	}

	#view(matrix: Matrix, size: { width: number; height: number }) {
		const { positions, dimensions, hidden } = this;
		return { positions, dimensions, hidden, matrix, size };
	}

	labels(codes: Int32Array, categories: number): LabelPlacement[] {
		return groups(this.positions, this.dimensions, codes, categories).map(({ at: [x, y, z], ...rest }) => ({
			x,
			y,
			z,
			...rest
		}));
	}
}
