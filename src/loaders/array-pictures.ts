import { LIMITS } from '#contracts/data-loader.ts';
import { bmp } from '#maths/bmp.ts';
import { finiteRange } from '#maths/finite-range.ts';

/** Rows of numbers that have the shape of pictures, as pictures. */

export interface PictureShape {
	width: number;
	height: number;
	channels: 1 | 3 | 4;
	/** Channel by channel, as PyTorch keeps them. */
	planar: boolean;
}

const isChannels = (n: number | undefined): n is 1 | 3 | 4 => n === 1 || n === 3 || n === 4;
const isSide = (n: number) => n >= 4 && n <= 1024;

/** H x W, H x W x 1, 3 or 4, or these channels first; null for any other shape of a row. */
export function pictureShape(inner: readonly number[]): PictureShape | null {
	const [a = 0, b = 0, c] = inner;
	if (inner.length < 2 || inner.length > 3) return null;
	if (c === undefined) return isSide(a) && isSide(b) ? { width: b, height: a, channels: 1, planar: false } : null;
	if (isChannels(c) && isSide(a) && isSide(b)) return { width: b, height: a, channels: c, planar: false };
	return isChannels(a) && isSide(b) && isSide(c) ? { width: c, height: b, channels: a, planar: true } : null;
}

/** One scale for all of them: 0..255 and 0..1 as they are, anything else from its least to its greatest. */
export function arrayPictures(
	rows: Float32Array,
	count: number,
	{ width, height, channels, planar }: PictureShape
): Blob[] | null {
	if (count > LIMITS.images) return null;
	let [low, high] = finiteRange(rows);
	if (low >= 0 && high <= 255) [low, high] = [0, high <= 1 ? 1 : 255];
	const scale = 255 / (high - low || 1);
	const area = width * height;
	const size = area * channels;
	const pixels = new Uint8ClampedArray(size);
	return Array.from({ length: count }, (_, i) => {
		for (let k = 0; k < size; k++) {
			const to = planar ? (k % area) * channels + Math.floor(k / area) : k;
			pixels[to] = (rows[i * size + k]! - low) * scale;
		}
		return new Blob([bmp(pixels, width, height, channels)], { type: 'image/bmp' });
	});
}
