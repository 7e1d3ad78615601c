/** The window that all maps share: which part of the image a canvas shows. Lengths of the image are 0..1. */

export interface Window {
	/** Centre, 0..1 of the image. */
	x: number;
	y: number;
	/** 1 shows all of it; 4 a quarter of its width. */
	zoom: number;
}

export interface Size {
	width: number;
	height: number;
}

export interface Place extends Size {
	x: number;
	y: number;
}

/** Where the whole image lies on the canvas, in canvas pixels: fitted, centred, then zoomed about the window's centre. */
export function imagePlace({ x, y, zoom }: Window, image: Size, canvas: Size): Place {
	const scale = Math.min(canvas.width / image.width, canvas.height / image.height) * zoom;
	const width = image.width * scale;
	const height = image.height * scale;
	return { x: canvas.width / 2 - x * width, y: canvas.height / 2 - y * height, width, height };
}

/** A canvas position -> image coordinates 0..1. */
export function imagePoint(window: Window, image: Size, canvas: Size, px: number, py: number): [x: number, y: number] {
	const place = imagePlace(window, image, canvas);
	return [(px - place.x) / place.width, (py - place.y) / place.height];
}

const within = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** Keeps the centre where the window does not leave the image. */
export function bounded({ x, y, zoom }: Window): Window {
	const z = within(zoom, 1, 64);
	const half = 0.5 / z;
	return { x: within(x, half, 1 - half), y: within(y, half, 1 - half), zoom: z };
}

/** Zooms by `factor`, the image point (ix, iy) staying where it is. */
export function zoomAt(window: Window, factor: number, ix: number, iy: number): Window {
	const zoom = within(window.zoom * factor, 1, 64);
	const k = window.zoom / zoom;
	return bounded({ x: ix + (window.x - ix) * k, y: iy + (window.y - iy) * k, zoom });
}

/** Moves the image by canvas pixels. */
export function pan(window: Window, image: Size, canvas: Size, dx: number, dy: number): Window {
	const { width, height } = imagePlace(window, image, canvas);
	return bounded({ ...window, x: window.x - dx / width, y: window.y - dy / height });
}
