/** The window on a drawing: its middle, and how large a unit is. */
export interface Camera {
	x: number;
	y: number;
	/** Pixels per unit. */
	scale: number;
}

interface Size {
	width: number;
	height: number;
}

export const CLOSEST = 3;
const FARTHEST = 0.002;

const scaled = (scale: number) => Math.min(CLOSEST, Math.max(FARTHEST, scale));

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
export function begun(drawing: Size, canvas: Size, across: boolean, readable = 0.62): Camera {
	const all = fitted(drawing, canvas);
	if (all.scale >= readable) return all;
	const half = { width: canvas.width / 2 / readable, height: canvas.height / 2 / readable };
	const margin = 20 / readable;
	return across
		? { x: half.width - margin, y: drawing.height / 2, scale: readable }
		: { x: drawing.width / 2, y: half.height - margin, scale: readable };
}

/** A canvas position -> the point of the drawing there. */
export function pointAt({ x, y, scale }: Camera, canvas: Size, px: number, py: number): [x: number, y: number] {
	return [x + (px - canvas.width / 2) / scale, y + (py - canvas.height / 2) / scale];
}

/** The point of the drawing -> its canvas position. */
export function placeOf({ x, y, scale }: Camera, canvas: Size, px: number, py: number): [x: number, y: number] {
	return [(px - x) * scale + canvas.width / 2, (py - y) * scale + canvas.height / 2];
}

/** Zooms by `factor`; the point (px, py) of the drawing stays where it is. */
export function zoomedAt(camera: Camera, factor: number, px: number, py: number): Camera {
	const scale = scaled(camera.scale * factor);
	const k = camera.scale / scale;
	return { x: px + (camera.x - px) * k, y: py + (camera.y - py) * k, scale };
}

/** Moves the drawing by canvas pixels. */
export const moved = ({ x, y, scale }: Camera, dx: number, dy: number): Camera => ({
	x: x - dx / scale,
	y: y - dy / scale,
	scale
});

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
