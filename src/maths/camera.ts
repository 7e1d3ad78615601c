/** The one camera of flat pictures: which point of a plane is in the middle of a stage, and how large a unit is there. */
export interface Camera {
	x: number;
	y: number;
	/** Pixels per unit. */
	scale: number;
	/** Pixels per unit downwards, where that differs; negative where the second axis goes up. */
	down?: number;
}

export interface Size {
	width: number;
	height: number;
}

/** A position on the stage, in pixels from its top left. */
export type Position = readonly [px: number, py: number];

/** What hands do to a picture: it moves by pixels, and grows by a factor about the position where they are then. */
export interface Steer {
	dx: number;
	dy: number;
	factor: number;
	at: Position;
}

export const moveBy = (dx: number, dy: number): Steer => ({ dx, dy, factor: 1, at: [0, 0] });
export const zoomBy = (factor: number, at: Position): Steer => ({ dx: 0, dy: 0, factor, at });

/** The minimum and the maximum of a scale. */
type Range = readonly [min: number, max: number];
interface Limits {
	scale: Range;
	/** Absent: the other axis grows by as much. */
	down?: Range;
}

export const CLOSEST = 3;
const FARTHEST = 0.002;
const DRAWING: Limits = { scale: [FARTHEST, CLOSEST] };

export const within = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));
const scaled = (scale: number) => within(scale, FARTHEST, CLOSEST);
const downOf = ({ scale, down }: Camera) => down ?? scale;

/** All of a drawing on a canvas, with a margin; small ones are not blown up. */
export function fitted(drawing: Size, canvas: Size, margin = 24): Camera {
	const room = (length: number) => Math.max(16, length - 2 * margin);
	const scale = Math.min(
		1.25,
		room(canvas.width) / Math.max(1, drawing.width),
		room(canvas.height) / Math.max(1, drawing.height)
	);
	return { x: drawing.width / 2, y: drawing.height / 2, scale: scaled(scale) };
}

/** All of it where it can be read, else its beginning. */
export function begun(drawing: Size, canvas: Size, across: boolean, readable = 0.8): Camera {
	const all = fitted(drawing, canvas);
	if (all.scale >= readable) return all;
	const half = { width: canvas.width / 2 / readable, height: canvas.height / 2 / readable };
	const margin = 20 / readable;
	return across
		? { x: half.width - margin, y: drawing.height / 2, scale: readable }
		: { x: drawing.width / 2, y: half.height - margin, scale: readable };
}

/** A position on the stage -> the point of the plane there. */
export function pointAt(camera: Camera, stage: Size, px: number, py: number): [x: number, y: number] {
	return [camera.x + (px - stage.width / 2) / camera.scale, camera.y + (py - stage.height / 2) / downOf(camera)];
}

/** A point of the plane -> its position on the stage. */
export function positionOf(camera: Camera, stage: Size, x: number, y: number): [px: number, py: number] {
	return [(x - camera.x) * camera.scale + stage.width / 2, (y - camera.y) * downOf(camera) + stage.height / 2];
}

/** Moves and zooms; the point under the position stays there, however much of the factor there is room for. */
export function steered(camera: Camera, stage: Size, { dx, dy, factor, at }: Steer, limits = DRAWING): Camera {
	const scale = within(camera.scale * factor, ...limits.scale);
	const now = downOf(camera);
	const down = limits.down ? within(now * factor, ...limits.down) : now * (scale / camera.scale);
	return {
		x: camera.x - dx / camera.scale + (at[0] - stage.width / 2) * (1 / camera.scale - 1 / scale),
		y: camera.y - dy / now + (at[1] - stage.height / 2) * (1 / now - 1 / down),
		scale,
		...(camera.down === undefined ? {} : { down })
	};
}

/** Keeps a drawing on the stage: in the middle what is smaller, without a gap what is larger. */
export function kept(camera: Camera, stage: Size, drawing: Size): Camera {
	const along = (at: number, length: number, room: number) =>
		room >= length / 2 ? length / 2 : within(at, room, length - room);
	return {
		...camera,
		x: along(camera.x, drawing.width, stage.width / camera.scale / 2),
		y: along(camera.y, drawing.height, stage.height / downOf(camera) / 2)
	};
}

/** Moved as little as needed to have a box in sight, and near enough to be read. */
export function showing(camera: Camera, canvas: Size, box: Size & { x: number; y: number }, readable = 0.6): Camera {
	const scale = Math.max(camera.scale, Math.min(readable, scaled(readable)));
	const half = { width: canvas.width / 2 / scale, height: canvas.height / 2 / scale };
	const margin = 24 / scale;
	const along = (at: number, from: number, length: number, room: number) => {
		if (length + 2 * margin > 2 * room) return from + Math.min(length / 2, room - margin);
		return Math.min(from - margin + room, Math.max(from + length + margin - room, at));
	};
	return {
		x: along(camera.x, box.x, box.width, half.width),
		y: along(camera.y, box.y, box.height, half.height),
		scale
	};
}
