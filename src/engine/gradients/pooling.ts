import * as tf from '#engine/tf.ts';
import { put, take } from '#engine/gradients/axes.ts';

/**
 * tfjs 4.22: the WASM kernel MaxPoolGrad gives wrong numbers for any but a constant dy, and the gradient of average
 * pooling divides by the whole window where the forward pass divides by the cells inside the image. To be deleted when
 * tfjs mends both.
 */

interface Attributes {
	filterSize: [number, number] | number;
	strides: [number, number] | number;
	pad: 'same' | 'valid' | number;
	dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const geometry = (shape: number[], { filterSize, strides, pad, dimRoundingMode }: Attributes) =>
	tf.backend_util.computePool2DInfo(
		shape as [number, number, number, number],
		filterSize,
		strides,
		1,
		pad,
		dimRoundingMode
	);

/** What lies outside the image never wins. */
const LOWEST = -3.4e38;

/** dy goes to the first of the largest cells of each window, so that sums are conserved where cells tie. */
function maxPoolInput(dy: tf.Tensor, x: tf.Tensor, y: tf.Tensor, a: Attributes): tf.Tensor {
	return tf.tidy(() => {
		const g = geometry(x.shape, a);
		const { top, bottom, left, right } = g.padInfo;
		const padded = tf.pad(
			x as tf.Tensor4D,
			[
				[0, 0],
				[top, bottom],
				[left, right],
				[0, 0]
			],
			LOWEST
		);
		const [height, width] = [padded.shape[1] as number, padded.shape[2] as number];
		let rest: tf.Tensor = dy;
		let sum: tf.Tensor | null = null;
		for (let i = 0; i < g.filterHeight; i++) {
			const rows = take(padded, 1, i, g.strideHeight, g.outHeight);
			for (let j = 0; j < g.filterWidth; j++) {
				const cells = take(rows, 2, j, g.strideWidth, g.outWidth);
				const won = tf.mul(rest, tf.cast(tf.equal(cells, y), 'float32'));
				rest = tf.sub(rest, won);
				const spread = put(put(won, 2, j, g.strideWidth, width), 1, i, g.strideHeight, height);
				sum = sum ? tf.add(sum, spread) : spread;
			}
		}
		return tf.slice(sum as tf.Tensor4D, [0, top, left, 0], x.shape as [number, number, number, number]);
	});
}

/** Cells of the window that lie inside the image, along one axis. */
function inside(out: number, stride: number, before: number, window: number, length: number): number[] {
	return Array.from({ length: out }, (_, o) => {
		const start = o * stride - before;
		return Math.min(length, start + window) - Math.max(0, start);
	});
}

export function mendPooling(): void {
	const maxPool = tf.getGradient('MaxPool');
	tf.registerGradient({
		...maxPool,
		gradFunc: (dy, saved, attributes) => {
			if (tf.getBackend() !== 'wasm') return maxPool.gradFunc(dy, saved, attributes);
			const [x, y] = saved as [tf.Tensor, tf.Tensor];
			return { x: () => maxPoolInput(dy as tf.Tensor, x, y, attributes as unknown as Attributes) };
		}
	});
	const avgPool = tf.getGradient('AvgPool');
	tf.registerGradient({
		...avgPool,
		gradFunc: (dy, saved, attributes) => {
			const [x] = saved as [tf.Tensor];
			const g = geometry(x.shape, attributes as unknown as Attributes);
			const { top, bottom, left, right } = g.padInfo;
			if (!(top || bottom || left || right)) return avgPool.gradFunc(dy, saved, attributes);
			const rows = inside(g.outHeight, g.strideHeight, top, g.filterHeight, g.inHeight);
			const columns = inside(g.outWidth, g.strideWidth, left, g.filterWidth, g.inWidth);
			const area = g.filterHeight * g.filterWidth;
			const scale = rows.flatMap((r) => columns.map((c) => area / (r * c)));
			const scaled = tf.tidy(() => tf.mul(dy as tf.Tensor, tf.tensor(scale, [1, g.outHeight, g.outWidth, 1])));
			return avgPool.gradFunc(scaled, saved, attributes);
		}
	});
}
