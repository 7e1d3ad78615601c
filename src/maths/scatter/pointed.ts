import { projected } from '#maths/scatter/camera.ts';
import { within } from '#maths/scatter/grid.ts';

/** What lies under a pointer or within a line, by looking at all points as they are seen. */

interface PointsView {
	/** count x dimensions */
	positions: Float32Array;
	dimensions: 2 | 3;
	/** Of the camera, and the canvas in pixels. */
	matrix: readonly number[];
	size: { width: number; height: number };
	/** 1: cannot be pointed at. */
	hidden: Uint8Array | null;
}

function each(
	{ positions: p, dimensions: d, matrix, size, hidden }: PointsView,
	tell: (i: number, at: number[]) => void
) {
	for (let i = 0; d * i < p.length; i++) {
		if (hidden?.[i]) continue;
		const at = projected(matrix, size, p[d * i]!, p[d * i + 1]!, d === 3 ? p[d * i + 2]! : 0);
		if (at[2] > 0) tell(i, at);
	}
}

/** The point within `radius` pixels: the nearest of a flat map, in space the one in front; -1 for none. */
export function pointAt(view: PointsView, x: number, y: number, radius: number): number {
	let [found, min] = [-1, Infinity];
	each(view, (i, [px, py, w]) => {
		const far = Math.hypot(px! - x, py! - y);
		const rank = view.dimensions === 3 ? w! : far;
		if (far <= radius && rank <= min) [found, min] = [i, rank];
	});
	return found;
}

/** @param polygon canvas pixels x, y, x, y, ... */
export function pointsInside(view: PointsView, polygon: Float32Array): Int32Array<ArrayBuffer> {
	const found: number[] = [];
	each(view, (i, [px, py]) => within(polygon, px!, py!) && found.push(i));
	return Int32Array.from(found);
}
