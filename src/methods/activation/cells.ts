import type { Cells } from '#contracts/anatomy.ts';
import * as tf from '#engine/tf.ts';

/** A layer's activation laid out as pictures side by side, on the GPU: one tensor, one texture. */

/** Longest side of a field: what every WebGL can hold. */
const SIDE = 4096;

/** Rows of [h, w, cells] that are pictures of their own. */
export interface Stack {
	kind: Cells['kind'];
	/** [h, w, cells]; the caller disposes. */
	tensor: tf.Tensor3D;
}

/**
 * @param activation of a batch; its first row counts
 * @param type of the node: a softmax over matrices is attention
 */
export function stackOf(activation: tf.Tensor, type: string): Stack {
	return tf.tidy(() => {
		const first = tf.slice(activation, 0, 1);
		const row = tf.cast(tf.reshape(first, first.shape.slice(1)), 'float32');
		const { shape } = row;
		if (row.rank === 0 || row.rank === 1)
			return { kind: 'units' as const, tensor: tf.reshape(row, [1, 1, row.size]) as tf.Tensor3D };
		if (row.rank === 2)
			// Time runs to the right, as in a score.
			return {
				kind: 'sequence' as const,
				tensor: tf.reshape(tf.transpose(row), [shape[1] as number, shape[0] as number, 1]) as tf.Tensor3D
			};
		if (row.rank === 3 && type === 'Softmax')
			return { kind: 'heads' as const, tensor: tf.transpose(row, [1, 2, 0]) as tf.Tensor3D };
		// Whatever lies before the grid is stacked above it: frames of a film, parts of a set.
		const [width, channels] = shape.slice(-2) as [number, number];
		return {
			kind: 'maps' as const,
			tensor: tf.reshape(row, [row.size / (width * channels), width, channels]) as tf.Tensor3D
		};
	});
}

/** [5, cells]: mean, deviation, min, max, share of zeros. The caller disposes. */
export function cellStats({ tensor }: Stack): tf.Tensor2D {
	return tf.tidy(() => {
		const axes = [0, 1];
		const mean = tf.mean(tensor, axes);
		const deviation = tf.sqrt(tf.mean(tf.square(tf.sub(tensor, mean)), axes));
		const zeros = tf.mean(tf.cast(tf.equal(tensor, 0), 'float32'), axes);
		return tf.stack([mean, deviation, tf.min(tensor, axes), tf.max(tensor, axes), zeros]) as tf.Tensor2D;
	});
}

/**
 * The first `most` cells in rows, each thinned by averaging to at most `side` numbers.
 * @returns the field [rows x height, columns x width], which the caller disposes, and how to read it
 */
export function grid(
	{ kind, tensor }: Stack,
	most: number,
	side: number
): { field: tf.Tensor2D; cells: Cells; thinned: number } {
	return tf.tidy(() => {
		const [h, w, count] = tensor.shape;
		const thinned = Math.max(1, Math.ceil(Math.max(h, w) / Math.min(side, SIDE)));
		const fits = Math.max(1, Math.floor(SIDE / Math.ceil(w / thinned)) * Math.floor(SIDE / Math.ceil(h / thinned)));
		const shown = Math.min(count, most || count, fits);
		const some = tf.slice(tensor, [0, 0, 0], [h, w, shown]);
		const small =
			thinned === 1
				? some
				: (tf.squeeze(
						tf.avgPool(
							tf.expandDims(some, 0) as tf.Tensor4D,
							[Math.min(thinned, h), Math.min(thinned, w)],
							thinned,
							'same'
						),
						[0]
					) as tf.Tensor3D);
		const [height, width] = small.shape;
		const square = Math.ceil(Math.sqrt((shown * height) / width));
		const columns = Math.max(
			1,
			Math.min(shown, square, Math.floor(SIDE / width)),
			Math.ceil(shown / Math.max(1, Math.floor(SIDE / height)))
		);
		const rows = Math.ceil(shown / columns);
		const full = tf.pad(small, [
			[0, 0],
			[0, 0],
			[0, rows * columns - shown]
		]);
		const apart = tf.transpose(tf.reshape(full, [height, width, rows, columns]), [2, 0, 3, 1]);
		const field = tf.reshape(apart, [rows * height, columns * width]) as tf.Tensor2D;
		return { field, cells: { kind, count, width, height, columns, shown }, thinned };
	});
}
