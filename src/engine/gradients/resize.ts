import * as tf from '#engine/tf.ts';

/**
 * tfjs 4.22: the gradients of both resizes ignore half-pixel centres, that of the nearest neighbour is wrong for factors
 * that are no whole numbers, and the CPU's is wrong for batches. A resize is a product with a sparse matrix per axis, so
 * its gradient is the product with the transposed ones. To be deleted when tfjs mends them.
 */

interface Attributes {
	alignCorners: boolean;
	halfPixelCenters: boolean;
}

/** Where output row o reads, as the forward kernels have it. */
function source(o: number, size: number, out: number, { alignCorners, halfPixelCenters }: Attributes): number {
	const scale = alignCorners && out > 1 ? (size - 1) / (out - 1) : size / out;
	return halfPixelCenters ? scale * (o + 0.5) : scale * o;
}

/** [out, size]: the share of each input row in each output row. */
function matrix(size: number, out: number, a: Attributes, kind: 'bilinear' | 'nearest'): tf.Tensor2D {
	const shares = new Float32Array(out * size);
	for (let o = 0; o < out; o++) {
		const at = source(o, size, out, a);
		const add = (row: number, share: number) => {
			shares[o * size + row] = (shares[o * size + row] as number) + share;
		};
		if (kind === 'nearest') {
			add(Math.min(size - 1, Math.max(0, a.alignCorners ? Math.round(at) : Math.floor(at))), 1);
			continue;
		}
		const position = a.halfPixelCenters ? at - 0.5 : at;
		const low = Math.max(0, Math.floor(position));
		const high = Math.min(size - 1, Math.ceil(position));
		const part = position - low;
		add(low, part > 0 ? 1 - part : 1);
		if (part > 0) add(high, part);
	}
	return tf.tensor2d(shares, [out, size]);
}

/** dx = Aᵀ dy B for every image and channel. */
function transposedResize(dy: tf.Tensor, shape: number[], a: Attributes, kind: 'bilinear' | 'nearest'): tf.Tensor {
	return tf.tidy(() => {
		const [b, height, width, c] = shape as [number, number, number, number];
		const [, oh, ow] = dy.shape as [number, number, number, number];
		const rows = tf.reshape(tf.transpose(dy, [1, 0, 2, 3]), [oh, b * ow * c]) as tf.Tensor2D;
		const tall = tf.reshape(tf.matMul(matrix(height, oh, a, kind), rows, true), [height, b, ow, c]);
		const columns = tf.reshape(tf.transpose(tall, [2, 1, 0, 3]), [ow, b * height * c]) as tf.Tensor2D;
		const full = tf.reshape(tf.matMul(matrix(width, ow, a, kind), columns, true), [width, b, height, c]);
		return tf.transpose(full, [1, 2, 0, 3]);
	});
}

export function mendResizing(): void {
	for (const [kernelName, kind] of [
		['ResizeBilinear', 'bilinear'],
		['ResizeNearestNeighbor', 'nearest']
	] as const)
		tf.registerGradient({
			kernelName,
			inputsToSave: ['images'],
			gradFunc: (dy, saved, attributes) => {
				const [images] = saved as [tf.Tensor];
				return {
					images: () => transposedResize(dy as tf.Tensor, images.shape, attributes as unknown as Attributes, kind)
				};
			}
		});
}
