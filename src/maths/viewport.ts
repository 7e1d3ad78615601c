import { pointAt, steered as steeredCamera, within, type Camera, type Size, type Steer } from '#maths/camera.ts';

/** The window that all maps share: which part of the image a canvas shows. Lengths of the image are 0..1. */

export interface Window {
	/** Centre, 0..1 of the image. */
	x: number;
	y: number;
	/** 1 shows all of it; 4 a quarter of its width. */
	zoom: number;
}

interface Rectangle extends Size {
	x: number;
	y: number;
}

/** Where the whole image lies on the canvas, in canvas pixels: fitted, centred, then zoomed about the window's centre. */
export function imageBounds({ x, y, zoom }: Window, image: Size, canvas: Size): Rectangle {
	const scale = Math.min(canvas.width / image.width, canvas.height / image.height) * zoom;
	const width = image.width * scale;
	const height = image.height * scale;
	return { x: canvas.width / 2 - x * width, y: canvas.height / 2 - y * height, width, height };
}

function cameraOf(window: Window, image: Size, canvas: Size): Camera {
	const { width, height } = imageBounds(window, image, canvas);
	return { x: window.x, y: window.y, scale: width, down: height };
}

/** A canvas position -> image coordinates 0..1. */
export const imagePoint = (window: Window, image: Size, canvas: Size, px: number, py: number) =>
	pointAt(cameraOf(window, image, canvas), canvas, px, py);

const FARTHEST = 1;
const CLOSEST = 64;

/** Keeps the centre where the window does not leave the image. */
export function bounded({ x, y, zoom }: Window): Window {
	const z = within(zoom, FARTHEST, CLOSEST);
	const half = 0.5 / z;
	return { x: within(x, half, 1 - half), y: within(y, half, 1 - half), zoom: z };
}

/** Moves and zooms by what hands did on the canvas. */
export function steered(window: Window, image: Size, canvas: Size, steer: Steer): Window {
	const camera = cameraOf(window, image, canvas);
	const whole = camera.scale / window.zoom;
	const { x, y, scale } = steeredCamera(camera, canvas, steer, { scale: [FARTHEST * whole, CLOSEST * whole] });
	return bounded({ x, y, zoom: scale / whole });
}
