import { channelCount } from '#state/comparison/beyond.ts';
import { product } from '#maths/product.ts';

/** The numbers of a layer as pictures: one channel of maps, else all there is. */

/** Units of a list in one row. */
const ROW = 32;

export interface Layout {
	width: number;
	height: number;
	/** Index into the numbers of a position, -1 for none. */
	at(row: number, column: number): number;
}

/** @param shape without the batch */
export function layoutOf(shape: readonly number[], channel: number): Layout {
	if (shape.length < 2) {
		const n = shape[0] ?? 1;
		const width = Math.min(n, ROW);
		return {
			width,
			height: Math.ceil(n / width),
			at: (row, column) => (row * width + column < n ? row * width + column : -1)
		};
	}
	if (shape.length === 2) {
		const [height, width] = shape as [number, number];
		return { width, height, at: (row, column) => row * width + column };
	}
	// Whatever lies before the grid is stacked above it.
	const channels = channelCount(shape);
	const width = shape.at(-2) as number;
	const height = product(shape.slice(0, -2));
	return { width, height, at: (row, column) => (row * width + column) * channels + channel };
}

/** Row and column of a number that the picture shows, or null. */
export function placeIn({ width, height, at }: Layout, index: number): { row: number; column: number } | null {
	for (let row = 0; row < height; row++)
		for (let column = 0; column < width; column++) if (at(row, column) === index) return { row, column };
	return null;
}

/** Least and largest of the numbers that are shown; no number counts for nothing. */
export function rangeOf(layout: Layout, value: (index: number) => number): [low: number, high: number] {
	let [low, high] = [Infinity, -Infinity];
	for (let row = 0; row < layout.height; row++)
		for (let column = 0; column < layout.width; column++) {
			const index = layout.at(row, column);
			const one = index < 0 ? NaN : value(index);
			if (!Number.isFinite(one)) continue;
			[low, high] = [Math.min(low, one), Math.max(high, one)];
		}
	return low <= high ? [low, high] : [0, 0];
}

/** RGBA; what is no number stays clear. @param colours from low to high, `#rrggbb` */
export function pixelsOf(
	layout: Layout,
	value: (index: number) => number,
	[low, high]: readonly [number, number],
	colours: readonly string[]
): Uint8ClampedArray<ArrayBuffer> {
	const { width, height } = layout;
	const pixels = new Uint8ClampedArray(4 * width * height);
	const bytes = colours.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
	for (let row = 0; row < height; row++)
		for (let column = 0; column < width; column++) {
			const index = layout.at(row, column);
			const one = index < 0 ? NaN : value(index);
			if (!Number.isFinite(one)) continue;
			const share = high > low ? (one - low) / (high - low) : 0.5;
			const colour = bytes[Math.round(Math.min(1, Math.max(0, share)) * (bytes.length - 1))] ?? [0, 0, 0];
			pixels.set([...colour, 255], 4 * (row * width + column));
		}
	return pixels;
}
