import { steered as steeredCamera, within, type Size, type Steer } from '#maths/camera.ts';

/** The eye on a map of points whose units are -1..1: moved and zoomed in the plane, turned around in space. */

export interface ScatterCamera {
	/** What is in the middle. */
	x: number;
	y: number;
	z: number;
	/** 1 shows -1..1 along the shorter side. */
	zoom: number;
	/** Radians. */
	yaw: number;
	pitch: number;
}

export const WHOLE: ScatterCamera = { x: 0, y: 0, z: 0, zoom: 0.92, yaw: 0, pitch: 0 };
export const TURNED: ScatterCamera = { ...WHOLE, zoom: 0.8, yaw: 0.6, pitch: 0.35 };

/** How strongly what is near is larger, in space. */
const PERSPECTIVE = 0.28;

/** The axes of the screen in the map's units: right, up, towards the eye. */
function axes({ yaw, pitch }: ScatterCamera): readonly [readonly number[], readonly number[], readonly number[]] {
	const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
	return [
		[cy, 0, -sy],
		[sy * sp, cp, cy * sp],
		[sy * cp, -sp, cy * cp]
	];
}

/** The matrix of a camera, column by column: clip = M (x, y, z, 1). */
export function matrixOf(camera: ScatterCamera, size: Size, dimensions: 2 | 3): number[] {
	const side = Math.max(1, Math.min(size.width, size.height));
	const [sx, sy] = [(camera.zoom * side) / Math.max(1, size.width), (camera.zoom * side) / Math.max(1, size.height)];
	const flat = dimensions === 2;
	const [right, up, near] = flat ? axes({ ...camera, yaw: 0, pitch: 0 }) : axes(camera);
	const p = flat ? 0 : PERSPECTIVE;
	const at = [camera.x, camera.y, flat ? 0 : camera.z];
	const dot = (axis: readonly number[]) => axis[0]! * at[0]! + axis[1]! * at[1]! + axis[2]! * at[2]!;
	const rows = [
		right.map((v) => v * sx).concat(-dot(right) * sx),
		up.map((v) => v * sy).concat(-dot(up) * sy),
		near.map((v) => -0.25 * v).concat(0.25 * dot(near)),
		near.map((v) => -p * v).concat(1 + p * dot(near))
	];
	return Array.from({ length: 16 }, (_, i) => rows[i % 4]![i >> 2]!);
}

/** Canvas pixels of a point; w is smaller the nearer it is. */
export function projected(
	m: readonly number[],
	{ width, height }: Size,
	x: number,
	y: number,
	z: number
): [x: number, y: number, w: number] {
	const w = m[3]! * x + m[7]! * y + m[11]! * z + m[15]!;
	const cx = (m[0]! * x + m[4]! * y + m[8]! * z + m[12]!) / w;
	const cy = (m[1]! * x + m[5]! * y + m[9]! * z + m[13]!) / w;
	return [(0.5 + 0.5 * cx) * width, (0.5 - 0.5 * cy) * height, w];
}

/** The point of a flat map under a canvas pixel. */
export function unprojected(
	m: readonly number[],
	{ width, height }: Size,
	px: number,
	py: number
): [x: number, y: number] {
	return [((2 * px) / width - 1 - m[12]!) / m[0]!, (1 - (2 * py) / height - m[13]!) / m[5]!];
}

const FARTHEST = 0.2;
const NEAREST = 4000;

/** Moves and zooms by what hands did on the canvas: along the screen, not far out of the map. */
export function steered(camera: ScatterCamera, size: Size, steer: Steer, dimensions: 2 | 3): ScatterCamera {
	const [right, up] = axes(dimensions === 2 ? { ...camera, yaw: 0, pitch: 0 } : camera);
	/** Pixels per unit at zoom 1. */
	const unit = Math.max(1, Math.min(size.width, size.height)) / 2;
	const scale = camera.zoom * unit;
	const limits = { scale: [FARTHEST * unit, NEAREST * unit] } as const;
	const by = steeredCamera({ x: 0, y: 0, scale, down: -scale }, size, steer, limits);
	const along = (i: number) => by.x * right[i]! + by.y * up[i]!;
	const near = (v: number) => within(v, -1.5, 1.5);
	return {
		...camera,
		x: near(camera.x + along(0)),
		y: near(camera.y + along(1)),
		z: near(camera.z + along(2)),
		zoom: by.scale / unit
	};
}

export function turned(camera: ScatterCamera, dx: number, dy: number): ScatterCamera {
	const pitch = within(camera.pitch + dy * 0.008, -Math.PI / 2, Math.PI / 2);
	return { ...camera, yaw: camera.yaw - dx * 0.008, pitch };
}

/** A camera on a part of a flat map. */
export function showing(low: readonly number[], high: readonly number[]): ScatterCamera {
	const spread = Math.max(0.004, high[0]! - low[0]!, high[1]! - low[1]!, (high[2] ?? 0) - (low[2] ?? 0));
	const middle = (i: number) => ((low[i] ?? 0) + (high[i] ?? 0)) / 2;
	return { ...WHOLE, x: middle(0), y: middle(1), z: middle(2), zoom: within(1.7 / spread, FARTHEST, NEAREST) };
}
