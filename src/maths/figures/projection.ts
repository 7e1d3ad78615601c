import type { Point } from '#maths/figures/svg.ts';

/** Boxes in space on paper, by parallel projection: x to the right, y up, z away from the eye. */

export type Vector = readonly [x: number, y: number, z: number];

export interface Projection {
	x: Point;
	y: Point;
	z: Point;
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/**
 * Cabinet and cavalier projection: the front is true to scale, depth runs up to the right.
 * @param angle of the depth axis, degrees
 * @param depth length of one unit of depth: 0.5 cabinet, 1 cavalier
 */
export function oblique(angle: number, depth: number): Projection {
	const a = radians(angle);
	return { x: [1, 0], y: [0, -1], z: [depth * Math.cos(a), -depth * Math.sin(a)] };
}

/**
 * What a camera far away sees.
 * @param azimuth how far it stands to the right, degrees in 0..90
 * @param elevation how far above, degrees in 0..90
 */
export function orthographic(azimuth: number, elevation: number): Projection {
	const [a, e] = [radians(azimuth), radians(elevation)];
	return {
		x: [Math.cos(a), Math.sin(a) * Math.sin(e)],
		y: [0, -Math.cos(e)],
		z: [Math.sin(a), -Math.cos(a) * Math.sin(e)]
	};
}

export function projected({ x, y, z }: Projection, [a, b, c]: Vector): Point {
	return [a * x[0] + b * y[0] + c * z[0], a * x[1] + b * y[1] + c * z[1]];
}

export interface Cuboid {
	/** Centre. */
	at: Vector;
	/** Width (along x), height, depth. */
	size: Vector;
}

/** A corner by the signs of its offsets. */
export function corner({ at, size }: Cuboid, signs: Vector): Vector {
	return [0, 1, 2].map(
		(k) => (at[k] as number) + ((signs[k] as number) * (size[k] as number)) / 2
	) as unknown as Vector;
}

/** The three faces that the eye sees: to the front, above, and on the right. */
export function faces(projection: Projection, box: Cuboid): { front: Point[]; top: Point[]; right: Point[] } {
	const at = (...signs: [number, number, number]) => projected(projection, corner(box, signs));
	return {
		front: [at(-1, -1, -1), at(1, -1, -1), at(1, 1, -1), at(-1, 1, -1)],
		top: [at(-1, 1, -1), at(1, 1, -1), at(1, 1, 1), at(-1, 1, 1)],
		right: [at(1, -1, -1), at(1, -1, 1), at(1, 1, 1), at(1, 1, -1)]
	};
}

/** How long a side is drawn, so that the largest is `longest`. Nothing is drawn thinner than `min`. */
export function scaled(value: number, max: number, longest: number, scale: 'linear' | 'root' | 'log', min = 4): number {
	const f = { linear: (n: number) => n, root: Math.sqrt, log: (n: number) => Math.log2(1 + n) }[scale];
	return Math.max(min, (longest * f(Math.max(0, value))) / f(Math.max(1, max, value)));
}
