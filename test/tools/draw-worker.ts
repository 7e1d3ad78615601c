import type { DrawApi } from '#contracts/draw.ts';
import type { SentField } from '#contracts/field.ts';
import { classColour } from '#maths/class-colours.ts';
import { connect } from '#workers/rpc.ts';

/** A draw worker of the test's own, and how fields get there. */
export function drawWorker() {
	const worker = new Worker(new URL('../../src/workers/draw.worker.ts', import.meta.url), { type: 'module' });
	const draw = connect<DrawApi>(worker).remote;
	const { port1: fields, port2 } = new MessageChannel();
	worker.postMessage({ type: 'field-port', port: port2 }, [port2]);
	const send = (key: string, width: number, height: number, values: ArrayLike<number>) =>
		fields.postMessage({
			key,
			width,
			height,
			payload: { kind: 'array', values: Float32Array.from(values) }
		} satisfies SentField);
	return { draw, send };
}

/** Colours of a picture by position. */
export function coloursOf(bitmap: ImageBitmap): (x: number, y: number) => number[] {
	const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', {
		willReadFrequently: true
	}) as OffscreenCanvasRenderingContext2D;
	context.drawImage(bitmap, 0, 0);
	return (x, y) => [...context.getImageData(x, y, 1, 1).data];
}

export const apart = (a: readonly number[], b: readonly number[]) =>
	Math.max(...[0, 1, 2].map((i) => Math.abs((a[i] as number) - (b[i] as number))));
export const hex = (text: string) => [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16));
export const isDark = ([r = 0, g = 0, b = 0, a = 255]: readonly number[]) => a > 128 && r + g + b < 300;

/** Of the first three classes that whose hue a colour has, however pale or dark. */
export function closestClass(pixel: readonly number[]): number {
	const hue = ([r = 0, g = 0, b = 0]: readonly number[]) => {
		const grey = (r + g + b) / 3;
		const away = [r - grey, g - grey, b - grey];
		return away.map((v) => v / Math.max(1e-9, Math.hypot(...away)));
	};
	const own = hue(pixel);
	const alike = [0, 1, 2].map((k) => hue(classColour(k)).reduce((sum, v, i) => sum + v * (own[i] as number), 0));
	return alike.indexOf(Math.max(...alike));
}
