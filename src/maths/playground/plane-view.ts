import { moveBy, steered, within, zoomBy, type Camera, type Size, type Steer } from '#maths/camera.ts';
import { finest, type PlaneWindow } from '#maths/playground/field.ts';

/** The part of the plane that is looked at: pan, zoom and its axes. Positions are shares of the picture from its top left. */

export const WHOLE: PlaneWindow = { x1: [-6, 6], x2: [-6, 6] };

const span = ([low, high]: readonly [number, number]) => high - low;

/** The point of the plane at a position of the picture. */
export const pointAt = ({ x1, x2 }: PlaneWindow, right: number, down: number): [x1: number, x2: number] => [
	x1[0] + right * span(x1),
	x2[1] - down * span(x2)
];

export const positionOf = ({ x1, x2 }: PlaneWindow, a: number, b: number): [right: number, down: number] => [
	(a - x1[0]) / span(x1),
	(x2[1] - b) / span(x2)
];

/** A picture as wide and as high as one. */
const UNIT: Size = { width: 1, height: 1 };
const BOUNDLESS = { scale: [0, Infinity] } as const;

function through({ x1, x2 }: PlaneWindow, steer: Steer): PlaneWindow {
	const camera: Camera = { x: (x1[0] + x1[1]) / 2, y: (x2[0] + x2[1]) / 2, scale: 1 / span(x1), down: -1 / span(x2) };
	const { x, y, scale } = steered(camera, UNIT, steer, BOUNDLESS);
	const half = [0.5 / scale, (0.5 * span(x2)) / span(x1) / scale] as const;
	return { x1: [x - half[0], x + half[0]], x2: [y - half[1], y + half[1]] };
}

/** Factors that there is room for: out to `min` (at most 1), in to `max`. */
export interface ZoomRange {
	min: number;
	max: number;
}

/** Zooms by `factor`, or by as much of it as there is room for; what lies at the position stays there. */
export function zoomedWithin(
	window: PlaneWindow,
	factor: number,
	{ min, max }: ZoomRange,
	right: number,
	down: number
): PlaneWindow {
	const k = within(factor, min, max);
	return Math.abs(k - 1) < 1e-3 ? window : through(window, zoomBy(k, [right, down]));
}

/**
 * Zooms the playground's plane: between a thousand times the whole and where 32 bits still tell the pixels of a picture of
 * so many apart (`isHonest`). There it stays the same.
 */
export function zoomed(window: PlaneWindow, factor: number, right: number, down: number, pixels = 1024): PlaneWindow {
	const size = span(window.x1);
	const range = { max: size / finest(window, pixels), min: Math.min(1, size / 12_000) };
	return zoomedWithin(window, factor, range, right, down);
}

/** Moves the plane by shares of the picture. */
export const panned = (window: PlaneWindow, right: number, down: number): PlaneWindow =>
	through(window, moveBy(right, down));

/** Moves and zooms by what hands did on a picture. @param zoom as far as there is room */
export function steeredPlane(
	window: PlaneWindow,
	{ width, height }: Size,
	{ dx, dy, factor, at }: Steer,
	zoom: (window: PlaneWindow, factor: number, right: number, down: number) => PlaneWindow
): PlaneWindow {
	const moved = dx || dy ? panned(window, dx / width, dy / height) : window;
	return factor === 1 ? moved : zoom(moved, factor, at[0] / width, at[1] / height);
}

/** Round numbers within a range, about `count` of them. */
export function ticks([low, high]: readonly [number, number], count = 6): number[] {
	const rough = (high - low) / count;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = ([1, 2, 5, 10].find((k) => k * power >= rough) ?? 10) * power;
	const all: number[] = [];
	for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step && all.length < 50; k++) all.push(k * step);
	return all;
}

/** A mark of an axis in words: enough digits that neighbours differ, powers of ten where they would be long. */
export function markText(value: number, all: readonly { value: number }[]): string {
	const step = Math.abs((all[1]?.value ?? 1) - (all[0]?.value ?? 0)) || 1;
	const decimals = -Math.floor(Math.log10(step) + 1e-9);
	const maxAbs = Math.max(...all.map((mark) => Math.abs(mark.value)));
	const shown = Math.abs(value) < step / 1e6 ? 0 : value;
	const powers = (decimals > 6 && maxAbs < 1e-3) || (decimals < -6 && maxAbs >= 1e8);
	const text =
		powers && shown
			? shown.toExponential(Math.max(0, Math.floor(Math.log10(Math.abs(shown)) + 1e-9) + decimals))
			: shown.toFixed(powers ? 0 : Math.min(20, Math.max(0, decimals)));
	return text.replaceAll('-', '−');
}
