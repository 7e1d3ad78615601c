import { steered as steeredCamera, within, type Size, type Steer } from '#maths/camera.ts';

/** A camera around the box -1..1 × -1..1 × 0..1, z upwards. */
export interface Orbit {
	/** Turn around z and height above the horizon, in radians. */
	yaw: number;
	pitch: number;
	/** 1 shows the whole box. */
	zoom: number;
	/** Where the middle of the box is on the picture, in half pictures from its middle. */
	right: number;
	up: number;
}

export const FIRST_ORBIT: Orbit = { yaw: 0.5, pitch: 0.6, zoom: 1, right: -0.02, up: 0.06 };

const DISTANCE = 6;
/** 1 / tan of half the angle of view. */
const FOCUS = 3.4;

export const turned = (orbit: Orbit, yaw: number, pitch: number): Orbit => ({
	...orbit,
	yaw: (orbit.yaw + yaw) % (2 * Math.PI),
	pitch: within(orbit.pitch + pitch, -Math.PI / 2, Math.PI / 2)
});

/** Moves and zooms by what hands did on a picture of a size; the middle of the box is seen farther from its own. */
export function steered(orbit: Orbit, size: Size, steer: Steer): Orbit {
	const { zoom, right, up } = orbit;
	// The box lies still in a plane whose unit is half a picture at zoom 1.
	const camera = { x: -right / zoom, y: -up / zoom, scale: (zoom * size.width) / 2, down: (-zoom * size.height) / 2 };
	const to = steeredCamera(camera, size, steer, { scale: [0.125 * size.width, 20 * size.width] });
	const next = (2 * to.scale) / size.width;
	return { ...orbit, zoom: next, right: within(-to.x * next, -40, 40), up: within(-to.y * next, -40, 40) };
}

/** @param aspect width over height @returns 4 × 4, column-major, from the box to clip space */
export function orbitMatrix({ yaw, pitch, zoom, right, up }: Orbit, aspect: number): number[] {
	const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
	const middle = 0.5;
	// Rows of the turned box: to the right, up, and towards the eye.
	const x = [cy, -sy, 0, 0];
	const y = [sy * sp, cy * sp, cp, -middle * cp];
	const z = [-sy * cp, -cy * cp, sp, -middle * sp];
	const [near, far] = [DISTANCE - 3, DISTANCE + 3];
	const f = FOCUS * zoom;
	const wide = Math.max(1, aspect);
	const tall = Math.max(1, 1 / aspect);
	const depth = (far + near) / (far - near);
	const shift = (-2 * far * near) / (far - near);
	const matrix: number[] = [];
	for (let column = 0; column < 4; column++) {
		// Distance along the view; clip coordinates are divided by it.
		const w = (column === 3 ? DISTANCE : 0) - (z[column] as number);
		matrix.push(
			(f * (x[column] as number)) / wide + right * w,
			(f * (y[column] as number)) / tall + up * w,
			depth * w + (column === 3 ? shift : 0),
			w
		);
	}
	return matrix;
}

/** @returns shares of the picture from its top left, and the distance */
export function projected(matrix: readonly number[], x: number, y: number, z: number): [number, number, number] {
	const row = (r: number) =>
		(matrix[r] as number) * x +
		(matrix[4 + r] as number) * y +
		(matrix[8 + r] as number) * z +
		(matrix[12 + r] as number);
	const w = row(3);
	return [0.5 + (0.5 * row(0)) / w, 0.5 - (0.5 * row(1)) / w, w];
}
