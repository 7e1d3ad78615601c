import { isHonest, type PlaneWindow } from '#maths/playground/field.ts';

/** The part of the plane that is looked at: pan, zoom and its axes. Places are shares of the picture from its top left. */

export const WHOLE: PlaneWindow = { x1: [-6, 6], x2: [-6, 6] };

const span = ([low, high]: readonly [number, number]) => high - low;

/** The point of the plane at a place of the picture. */
export const pointAt = ({ x1, x2 }: PlaneWindow, right: number, down: number): [x1: number, x2: number] => [
	x1[0] + right * span(x1),
	x2[1] - down * span(x2)
];

export const placeOf = ({ x1, x2 }: PlaneWindow, a: number, b: number): [right: number, down: number] => [
	(a - x1[0]) / span(x1),
	(x2[1] - b) / span(x2)
];

/**
 * Zooms by `factor`; what lies at the place stays there. Between a thousand times the whole and where 32 bits still tell
 * the pixels of a picture of so many apart (`isHonest`): there it stays as it is.
 */
export function zoomed(window: PlaneWindow, factor: number, right: number, down: number, pixels = 1024): PlaneWindow {
	const [a, b] = pointAt(window, right, down);
	if (factor < 1 && span(window.x1) / factor > 12_000) return window;
	const part = ([low, high]: readonly [number, number], at: number): [number, number] => [
		at - (at - low) / factor,
		at + (high - at) / factor
	];
	const next = { x1: part(window.x1, a), x2: part(window.x2, b) };
	return factor > 1 && !isHonest(next, pixels, pixels) ? window : next;
}

/** Moves the plane by shares of the picture. */
export function panned({ x1, x2 }: PlaneWindow, right: number, down: number): PlaneWindow {
	const [dx, dy] = [right * span(x1), down * span(x2)];
	return { x1: [x1[0] - dx, x1[1] - dx], x2: [x2[0] + dy, x2[1] + dy] };
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
