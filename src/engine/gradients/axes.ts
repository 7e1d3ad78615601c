import * as tf from '#engine/tf.ts';
import { product } from '#maths/product.ts';

/** Moves along one axis that stay within rank 3, where every backend pads and slices rightly. */

function around(shape: readonly number[], axis: number): [outer: number, inner: number] {
	return [product(shape.slice(0, axis)), product(shape.slice(axis + 1))];
}

/** Rows `start`, `start + stride`, ... of an axis: `count` of them. */
export function take(x: tf.Tensor, axis: number, start: number, stride: number, count: number): tf.Tensor {
	return tf.tidy(() => {
		const [outer, inner] = around(x.shape, axis);
		const length = x.shape[axis] as number;
		const shape = [...x.shape.slice(0, axis), count, ...x.shape.slice(axis + 1)];
		const rows = tf.reshape(x, [outer, length, inner]) as tf.Tensor3D;
		if (stride === 1) return tf.reshape(tf.slice(rows, [0, start, 0], [outer, count, inner]), shape);
		// Groups of `stride` rows, the first of each kept; the last group may need rows beyond the end.
		const span = count * stride;
		const kept = tf.slice(rows, [0, start, 0], [outer, Math.min(span, length - start), inner]);
		const full = tf.pad(kept, [
			[0, 0],
			[0, span - (kept.shape[1] as number)],
			[0, 0]
		]);
		const groups = tf.reshape(full, [outer * count, stride, inner]) as tf.Tensor3D;
		return tf.reshape(tf.slice(groups, [0, 0, 0], [outer * count, 1, inner]), shape);
	});
}

/** The reverse of `take`: rows put at `start`, `start + stride`, ... of an axis of `length`, zeros between. */
export function put(x: tf.Tensor, axis: number, start: number, stride: number, length: number): tf.Tensor {
	return tf.tidy(() => {
		const [outer, inner] = around(x.shape, axis);
		const count = x.shape[axis] as number;
		const shape = [...x.shape.slice(0, axis), length, ...x.shape.slice(axis + 1)];
		const groups = tf.pad(tf.reshape(x, [outer * count, 1, inner]) as tf.Tensor3D, [
			[0, 0],
			[0, stride - 1],
			[0, 0]
		]);
		const rows = tf.reshape(groups, [outer, count * stride, inner]) as tf.Tensor3D;
		const used = Math.min(count * stride, length - start);
		const kept = tf.slice(rows, [0, 0, 0], [outer, used, inner]);
		return tf.reshape(
			tf.pad(kept, [
				[0, 0],
				[start, length - start - used],
				[0, 0]
			]),
			shape
		);
	});
}

/** Gradient of broadcasting: sums until the shape is the input's again. */
export function sumTo(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
	return tf.tidy(() => {
		const extra = x.rank - shape.length;
		const axes = x.shape
			.map((_, axis) => axis)
			.filter((axis) => axis < extra || (shape[axis - extra] === 1 && x.shape[axis] !== 1));
		return tf.reshape(axes.length ? tf.sum(x, axes, true) : x, [...shape]);
	});
}
