import type { DrawApi } from '#contracts/draw.ts';
import type { SentField } from '#contracts/field.ts';
import { connect } from '#workers/rpc.ts';

/** A draw worker of the test's own, and how fields get there. */
export function drawWorker() {
	const worker = new Worker(new URL('../../src/workers/draw.worker.ts', import.meta.url), { type: 'module' });
	const draw = connect<DrawApi>(worker);
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

/** Colours of a picture by place. */
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
