import { zoomedWithin } from '#maths/playground/plane-view.ts';
import { finestSteps, type Grain, type PlaneBox } from '#maths/slices/frame.ts';

/** Sides of the widest window, in those of the whole plane. */
const WIDEST = 1000;
/** Pixels of the sharpest picture. */
const PIXELS = 1024;

const span = ([low, high]: readonly [number, number]) => high - low;

/**
 * Zooms a slice, in whatever unit its axes have: out to a thousand times the whole, and in to where float32 still tells
 * the pixels of the sharpest picture apart on both axes. Beyond, a window stays the same.
 */
export function sliceZoomed(
	window: PlaneBox,
	whole: PlaneBox,
	grain: Grain,
	factor: number,
	right: number,
	down: number
): PlaneBox {
	const axes = ['x1', 'x2'] as const;
	const steps = finestSteps(grain, window);
	const deeper = axes.map((axis, i) => span(window[axis]) / (PIXELS * (steps[i] as number)));
	const wider = axes.map((axis) => span(window[axis]) / (WIDEST * span(whole[axis])));
	const range = { max: Math.max(1, Math.min(...deeper)), min: Math.min(1, Math.max(...wider)) };
	return zoomedWithin(window, factor, range, right, down);
}

/** Whether two windows have a part in common. */
export const overlap = (a: PlaneBox, b: PlaneBox): boolean =>
	(['x1', 'x2'] as const).every((axis) => a[axis][0] < b[axis][1] && a[axis][1] > b[axis][0]);

/** Pixels of a picture of a window whose axes have one unit. @param side of the longer one; the shorter has 8 at least */
export function pixelsOf(window: PlaneBox | null, side: number): [width: number, height: number] {
	const across = window ? span(window.x1) / span(window.x2) : 1;
	return across >= 1 ? [side, Math.max(8, Math.round(side / across))] : [Math.max(8, Math.round(side * across)), side];
}
