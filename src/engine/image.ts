import type { BaselineKind } from '#contracts/method.ts';
import { cropOf, type Preprocessing } from '#contracts/preprocessing.ts';
import type { Shape } from '#contracts/graph.ts';
import { imageLayout } from '#engine/model/inspect.ts';
import * as tf from '#engine/tf.ts';

/** An image on its way into a model, and the baselines that are made in image space. */

export interface PreparedImage {
	/** RGBA pixels of the model's own size, after fitting, grey and inversion: what the model sees. */
	pixels: ImageData;
	/** A batch of one in the layout that the input wants. The caller disposes. */
	tensor: tf.Tensor;
	baseline(kind: BaselineKind): tf.Tensor;
	/** What 0 and 255 of a pixel become, over all channels. */
	range: [low: number, high: number];
}

/** Rec. 601, as Pillow and OpenCV turn colours into grey. */
const LUMA = [0.299, 0.587, 0.114] as const;

/**
 * Draws the seen part at the model's size; black where padded, white behind what is transparent. A model that takes
 * opacity gets it as it is, and nothing at all where padded.
 */
export function fitted(bitmap: ImageBitmap, p: Preprocessing): ImageData {
	const canvas = new OffscreenCanvas(p.width, p.height);
	const context = canvas.getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
	const crop = cropOf(bitmap.width, bitmap.height, p);
	const [sx, sy] = [p.width / crop.width, p.height / crop.height];
	const bounds = [-crop.x * sx, -crop.y * sy, bitmap.width * sx, bitmap.height * sy] as const;
	if (p.channels !== 4) {
		context.fillStyle = 'black';
		context.fillRect(0, 0, p.width, p.height);
		context.fillStyle = 'white';
		context.fillRect(...bounds);
	}
	context.imageSmoothingQuality = 'high';
	// Enlarged pixel art, as digits are, keeps its values only when not smoothed by whole factors.
	context.imageSmoothingEnabled = !(bitmap.width === p.width && bitmap.height === p.height);
	context.drawImage(bitmap, ...bounds);
	return context.getImageData(0, 0, p.width, p.height);
}

/** Grey and inversion, as the model will see them, in place. */
export function toned(pixels: ImageData, { channels, invert }: Preprocessing): ImageData {
	const { data } = pixels;
	for (let i = 0; i < data.length; i += 4) {
		if (channels === 1) {
			const grey =
				LUMA[0] * (data[i] as number) + LUMA[1] * (data[i + 1] as number) + LUMA[2] * (data[i + 2] as number);
			data[i] = data[i + 1] = data[i + 2] = Math.round(grey);
		}
		if (invert) for (let k = 0; k < 3; k++) data[i + k] = 255 - (data[i + k] as number);
	}
	return pixels;
}

/** The affine map of a pixel value 0..255 in channel k (of RGB); opacity has neither mean nor std. */
function affine({ normalisation: n, channels }: Preprocessing, k: number): { scale: number; offset: number } {
	if (n.kind === 'range') return { scale: (n.high - n.low) / 255, offset: n.low };
	const at = (list: readonly number[], otherwise: number) =>
		(channels === 1 ? list[0] : (list[k] ?? (k === 3 ? otherwise : list[0]))) ?? otherwise;
	const std = at(n.std, 1) || 1;
	return { scale: 1 / (255 * std), offset: -at(n.mean, 0) / std };
}

/** What 0 and 255 of a pixel become: the lowest and the highest over the channels. */
export function pixelRange(p: Preprocessing): [number, number] {
	const ends = Array.from({ length: p.channels }, (_, k) => affine(p, k)).flatMap(({ scale, offset }) => [
		offset,
		offset + 255 * scale
	]);
	return [Math.min(...ends), Math.max(...ends)];
}

/** Blue first, where the model wants it so; opacity stays last. */
const swapped = (k: number, channels: number, order: 'rgb' | 'bgr') =>
	channels > 1 && k < 3 && order === 'bgr' ? 2 - k : k;

/** RGBA bytes -> the numbers a model takes, [height, width, channels]. */
export function normalised(
	{ data, width, height }: Pick<ImageData, 'data' | 'width' | 'height'>,
	p: Preprocessing
): Float32Array {
	const { channels, order } = p;
	const values = new Float32Array(width * height * channels);
	for (let k = 0; k < channels; k++) {
		const from = swapped(k, channels, order);
		const { scale, offset } = affine(p, from);
		for (let i = 0; i < width * height; i++) values[i * channels + k] = (data[4 * i + from] as number) * scale + offset;
	}
	return values;
}

/**
 * Back from the numbers of a model's input to pixels, as the model sees them: `shaped` undone. What is beyond 0..255 is cut.
 * @param values in the layout of `shape`
 */
export function imagePixels(values: ArrayLike<number>, p: Preprocessing, shape: Shape): ImageData {
	const { width, height, channels, order } = p;
	const pixels = new ImageData(width, height);
	const planar = imageLayout(shape) === 'nchw';
	const count = width * height;
	for (let k = 0; k < Math.max(3, channels); k++) {
		const channel = channels === 1 ? 0 : swapped(k, channels, order);
		const { scale, offset } = affine(p, channels === 1 ? 0 : k);
		for (let i = 0; i < count; i++) {
			const value = values[planar ? channel * count + i : i * channels + channel] as number;
			pixels.data[4 * i + k] = Math.round((value - offset) / scale);
		}
	}
	if (channels !== 4) for (let i = 0; i < count; i++) pixels.data[4 * i + 3] = 255;
	return pixels;
}

/** [1, h, w, 3 or 4] with red and blue exchanged. */
function blueFirst(x: tf.Tensor4D): tf.Tensor4D {
	const colours = tf.reverse(tf.slice(x, [0, 0, 0, 0], [-1, -1, -1, 3]), 3);
	return x.shape[3] === 3 ? colours : tf.concat([colours, tf.slice(x, [0, 0, 0, 3], [-1, -1, -1, 1])], 3);
}

/**
 * The same affine map on the GPU, differentiable.
 * @param pixels [1, h, w, channels] of RGB or grey, 0..1
 * @returns in the layout that the input wants
 */
export function normalisedTensor(pixels: tf.Tensor4D, p: Preprocessing, shape: Shape): tf.Tensor {
	return tf.tidy(() => {
		const maps = Array.from({ length: p.channels }, (_, k) => affine(p, k));
		const scale = tf.tensor1d(maps.map((map) => 255 * map.scale));
		const offset = tf.tensor1d(maps.map((map) => map.offset));
		const rgb = tf.add<tf.Tensor4D>(tf.mul(pixels, scale), offset);
		const nhwc = p.channels > 1 && p.order === 'bgr' ? blueFirst(rgb) : rgb;
		const layout = imageLayout(shape);
		if (layout === 'nhwc') return nhwc;
		return layout === 'nchw' ? tf.transpose(nhwc, [0, 3, 1, 2]) : tf.reshape(nhwc, [1, p.height, p.width]);
	});
}

/** Pixels of the model's own size -> a batch of one in the layout that the input wants. */
function shaped(pixels: ImageData, p: Preprocessing, shape: Shape): tf.Tensor {
	const values = normalised(pixels, p);
	const nhwc = tf.tensor(values, [1, p.height, p.width, p.channels]);
	const layout = imageLayout(shape);
	if (layout === 'nhwc') return nhwc;
	const other = layout === 'nchw' ? tf.transpose(nhwc, [0, 3, 1, 2]) : tf.reshape(nhwc, [1, p.height, p.width]);
	nhwc.dispose();
	return other;
}

function flat(pixels: ImageData, colour: readonly number[]): ImageData {
	const plain = new ImageData(pixels.width, pixels.height);
	for (let i = 0; i < plain.data.length; i++) plain.data[i] = i % 4 === 3 ? 255 : (colour[i % 4] as number);
	return plain;
}

function meanColour({ data }: ImageData): number[] {
	const sums = [0, 0, 0];
	for (let i = 0; i < data.length; i++) if (i % 4 < 3) sums[i % 4] = (sums[i % 4] as number) + (data[i] as number);
	return sums.map((sum) => sum / (data.length / 4));
}

/** Shrunk to an eighth and enlarged again: a blur that every browser draws alike. */
function blurred(pixels: ImageData): ImageData {
	const { width, height } = pixels;
	const [w, h] = [Math.max(1, Math.round(width / 8)), Math.max(1, Math.round(height / 8))];
	const full = new OffscreenCanvas(width, height);
	const small = new OffscreenCanvas(w, h);
	const [a, b] = [full, small].map((canvas) => canvas.getContext('2d') as OffscreenCanvasRenderingContext2D) as [
		OffscreenCanvasRenderingContext2D,
		OffscreenCanvasRenderingContext2D
	];
	a.imageSmoothingQuality = b.imageSmoothingQuality = 'high';
	a.putImageData(pixels, 0, 0);
	b.drawImage(full, 0, 0, w, h);
	a.drawImage(small, 0, 0, width, height);
	return a.getImageData(0, 0, width, height);
}

function baselinePixels(kind: BaselineKind, pixels: ImageData): ImageData {
	switch (kind) {
		case 'black':
			return flat(pixels, [0, 0, 0]);
		case 'white':
			return flat(pixels, [255, 255, 255]);
		case 'grey':
			return flat(pixels, [127.5, 127.5, 127.5]);
		case 'mean':
			return flat(pixels, meanColour(pixels));
		case 'blur':
			return blurred(pixels);
	}
}

/** What stands for nothing, of pixels of the model's own size. */
export const baselineOf = (kind: BaselineKind, pixels: ImageData, p: Preprocessing, shape: Shape): tf.Tensor =>
	shaped(baselinePixels(kind, pixels), p, shape);

/**
 * @param bitmap of any size, EXIF turned
 * @param shape of the model's input, batch first
 */
export function prepareImage(bitmap: ImageBitmap, p: Preprocessing, shape: Shape): PreparedImage {
	const pixels = toned(fitted(bitmap, p), p);
	return {
		pixels,
		tensor: shaped(pixels, p, shape),
		baseline: (kind) => baselineOf(kind, pixels, p, shape),
		range: pixelRange(p)
	};
}
