/** Planes in a model's input space, in float64: an origin and two directions at right angles, both of length one (L2). */

export interface Frame {
	origin: Float64Array;
	u: Float64Array;
	v: Float64Array;
}

export type Point = readonly [a: number, b: number];

/** A part of a plane; b grows upwards. */
export interface PlaneBox {
	x1: readonly [low: number, high: number];
	x2: readonly [low: number, high: number];
}

export const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
	let sum = 0;
	for (let i = 0; i < x.length; i++) sum += (x[i] as number) * (y[i] as number);
	return sum;
};
export const norm = (x: ArrayLike<number>): number => Math.sqrt(dot(x, x));
export const minus = (x: ArrayLike<number>, y: ArrayLike<number>): Float64Array =>
	Float64Array.from(x, (value, i) => value - (y[i] as number));

/** Directions whose sine is below this are one. */
const PARALLEL = 1e-6;

const scaled = (x: Float64Array, factor: number) => x.map((value) => value * factor);

export interface Spanned {
	frame: Frame;
	/** Of the two directions, as they came. */
	lengths: readonly [number, number];
	/** Between them, before the second was turned to a right angle. */
	cosine: number;
}

/**
 * Gram and Schmidt: u along the first direction, v along what the second has beside it. The projection is taken off twice,
 * so that u · v stays zero to rounding for nearly parallel directions, too.
 * @returns null where a direction is zero, or both are one
 */
export function planeAlong(origin: ArrayLike<number>, first: Float64Array, second: Float64Array): Spanned | null {
	const lengths = [norm(first), norm(second)] as const;
	if (!(lengths[0] > 0 && lengths[1] > 0 && lengths[0] < Infinity && lengths[1] < Infinity)) return null;
	const u = scaled(first, 1 / lengths[0]);
	const cosine = dot(u, second) / lengths[1];
	let rest = second;
	for (let pass = 0; pass < 2; pass++) {
		const share = dot(u, rest);
		rest = rest.map((value, i) => value - share * (u[i] as number));
	}
	const size = norm(rest);
	if (!(size > PARALLEL * lengths[1])) return null;
	return { frame: { origin: Float64Array.from(origin), u, v: scaled(rest, 1 / size) }, lengths, cosine };
}

/**
 * The plane through three points, as dbViz has it (Somepalli et al. 2022, `get_plane`): x1 at (0, 0), x2 at (|x2 − x1|, 0),
 * x3 at (c1, c2).
 * @returns null where two are the same, or all lie on one line
 */
export function planeThrough(x1: ArrayLike<number>, x2: ArrayLike<number>, x3: ArrayLike<number>): Spanned | null {
	return planeAlong(x1, minus(x2, x1), minus(x3, x1));
}

/** A plane of two of the input's own numbers: its coordinates are their values. */
export function planeOfFeatures(row: ArrayLike<number>, first: number, second: number): Frame {
	const origin = Float64Array.from(row);
	origin[first] = origin[second] = 0;
	const axis = (i: number) => Float64Array.from({ length: row.length }, (_, k) => Number(k === i));
	return { origin, u: axis(first), v: axis(second) };
}

export const pointOn = ({ origin, u, v }: Frame, [a, b]: Point): Float64Array =>
	origin.map((value, i) => value + a * (u[i] as number) + b * (v[i] as number));

/** Where a point stands in the plane, or its foot; `off` is how far it is from there (L2). */
export function coordinates(frame: Frame, x: ArrayLike<number>): { at: Point; off: number } {
	const from = minus(x, frame.origin);
	const at = [dot(frame.u, from), dot(frame.v, from)] as const;
	return { at, off: norm(minus(x, pointOn(frame, at))) };
}

/** The smallest box around points, and a tenth of its sides more at each end (dbViz's default). */
export function boxAround(points: readonly Point[], margin = 0.1): PlaneBox {
	const part = (axis: 0 | 1): [number, number] => {
		const all = points.map((point) => point[axis]);
		const [low, high] = [Math.min(...all), Math.max(...all)];
		const more = margin * (high - low);
		return [low - more, high + more];
	};
	return { x1: part(0), x2: part(1) };
}

/** A box that is not slimmer than `slimmest`: a thin one is widened about its middle. */
export function shapely({ x1, x2 }: PlaneBox, slimmest = 0.5): PlaneBox {
	const [width, height] = [x1[1] - x1[0], x2[1] - x2[0]];
	const widened = ([low, high]: readonly [number, number], size: number): [number, number] => {
		const more = Math.max(0, size - (high - low)) / 2;
		return [low - more, high + more];
	};
	return { x1: widened(x1, slimmest * height), x2: widened(x2, slimmest * width) };
}

/** How large the numbers are that steps along each axis are added to: it decides which of them float32 tells apart. */
export interface Grain {
	/** Length (L2) of the origin, of those of its numbers that u moves, and that v moves. */
	origin: readonly [number, number];
	/** How much of v lies in the numbers that u moves, and of u in those that v moves: 1 mostly, 0 for two features. */
	shared: readonly [number, number];
}

export function grainOf({ origin, u, v }: Frame): Grain {
	const within = (x: Float64Array, moved: Float64Array) => norm(x.map((value, i) => (moved[i] ? value : 0)));
	return { origin: [within(origin, u), within(origin, v)], shared: [within(v, u), within(u, v)] };
}

/**
 * The smallest honest step along each axis: it must move the input's numbers by more than four of the last places of what
 * is added there, in the mean square.
 */
export function finestSteps({ origin, shared }: Grain, { x1, x2 }: PlaneBox): [number, number] {
	const [a, b] = [x1, x2].map((ends) => Math.max(...ends.map(Math.abs))) as [number, number];
	const step = (...sizes: number[]) => 4 * 2 ** -23 * Math.max(2 ** -100, ...sizes);
	return [step(origin[0], a, shared[0] * b), step(origin[1], b, shared[1] * a)];
}

/** Whether neighbouring pixels of a field differ in 32 bits. */
export function isFine(frame: Frame, box: PlaneBox, width: number, height: number): boolean {
	const [right, up] = finestSteps(grainOf(frame), box);
	return (box.x1[1] - box.x1[0]) / width >= right && (box.x2[1] - box.x2[0]) / height >= up;
}
