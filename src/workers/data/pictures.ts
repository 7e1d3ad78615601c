import type { SpriteSheet } from '#contracts/data-api.ts';
import { decoded } from '#contracts/decode.ts';
import { throwIfAborted } from '#contracts/errors.ts';

/** Images of a data set, brought to one size. */

/** Sides of the pictures in a sheet, by how many there are. */
const TILES = [
	[2048, 64],
	[8192, 48],
	[Infinity, 32]
] as const;
/** Side of a sheet, and sheets at most: what any GPU holds. */
const SHEET = 2048;
const MAX_SHEETS = 4;
/** Decoded at a time. */
const TOGETHER = 16;

interface Pace {
	signal: AbortSignal;
	progress(value: { done: number; note: string }): void;
}

/** Walks over all images, so many at a time, each made small while it is decoded; null for one that cannot be. */
async function each(
	images: readonly Blob[],
	side: number,
	{ signal, progress }: Pace,
	take: (bitmap: ImageBitmap | null, i: number) => void
): Promise<void> {
	const size = { width: side, height: side };
	for (let i = 0; i < images.length; i += TOGETHER) {
		throwIfAborted(signal);
		const part = images.slice(i, i + TOGETHER);
		const bitmaps = await Promise.all(part.map((blob) => decoded(blob, size).catch(() => null)));
		bitmaps.forEach((bitmap, k) => {
			take(bitmap, i + k);
			bitmap?.close();
		});
		if (i % (TOGETHER * 8) === 0) progress({ done: i / images.length, note: 'Making small pictures' });
	}
}

/** Sheets of small pictures; when there are more than the sheets hold, of the first of them. A broken image is grey. */
export async function sprites(images: readonly Blob[], pace: Pace): Promise<SpriteSheet> {
	const tile = TILES.find(([max]) => images.length <= max)![1];
	const columns = Math.floor(SHEET / tile);
	const perSheet = columns * columns;
	const count = Math.min(images.length, MAX_SHEETS * perSheet);
	const canvases = Array.from({ length: Math.ceil(count / perSheet) }, () => new OffscreenCanvas(SHEET, SHEET));
	const contexts = canvases.map((canvas) => canvas.getContext('2d')!);
	const broken: number[] = [];
	await each(images.slice(0, count), tile, pace, (bitmap, i) => {
		const context = contexts[Math.floor(i / perSheet)]!;
		const [x, y] = [(i % columns) * tile, Math.floor((i % perSheet) / columns) * tile];
		if (bitmap) context.drawImage(bitmap, x, y);
		else {
			broken.push(i);
			context.fillStyle = '#888';
			context.fillRect(x, y, tile, tile);
		}
	});
	return { sheets: canvases.map((canvas) => canvas.transferToImageBitmap()), tile, columns, perSheet, count, broken };
}

/**
 * Red, green and blue of all images at side x side, 0..1, row by row. A broken image is grey.
 * @returns count x (side * side * 3)
 */
export async function pixels(images: readonly Blob[], side: number, pace: Pace) {
	const width = side * side * 3;
	const values = new Float32Array(images.length * width).fill(0.5);
	const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true })!;
	await each(images, side, pace, (bitmap, i) => {
		if (!bitmap) return;
		context.clearRect(0, 0, side, side);
		context.drawImage(bitmap, 0, 0);
		const { data } = context.getImageData(0, 0, side, side);
		for (let p = 0; p < side * side; p++)
			for (let c = 0; c < 3; c++) values[i * width + 3 * p + c] = data[4 * p + c]! / 255;
	});
	return { values, width };
}
