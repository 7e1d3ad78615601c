import * as tf from '#engine/tf.ts';
import { flag, list, number, numbers, pair, type Operators } from '#engine/model/operators/operator.ts';

const operators: Operators = {
	/** `shape` without the batch; -1 once for the rest. */
	Reshape: ([x], { node }) => tf.reshape(x as tf.Tensor, [(x as tf.Tensor).shape[0] as number, ...list(node, 'shape')]),

	Flatten: ([x]) => tf.reshape(x as tf.Tensor, [(x as tf.Tensor).shape[0] as number, -1]),

	Transpose: ([x], { node }) => tf.transpose(x as tf.Tensor, list(node, 'permutation')),

	Concat: (inputs, { node }) => tf.concat([...inputs], number(node, 'axis', -1)),

	/** `paddings`: [before, after] for each axis. */
	Pad: ([x], { node }) =>
		tf.pad(x as tf.Tensor, node.attributes['paddings'] as [number, number][], number(node, 'value', 0)),

	/** `cropping`: [[top, bottom], [left, right]]. */
	Crop2D([x], { node }) {
		const [[top, bottom], [left, right]] = node.attributes['cropping'] as [[number, number], [number, number]];
		const [batch, height, width, channels] = (x as tf.Tensor4D).shape;
		return tf.slice(
			x as tf.Tensor4D,
			[0, top, left, 0],
			[batch, height - top - bottom, width - left - right, channels]
		);
	},

	/** `cropping`: steps cut off before and after. */
	Crop1D([x], { node }) {
		const [before, after] = pair(node, 'cropping');
		const [batch, length, channels] = (x as tf.Tensor3D).shape;
		return tf.slice(x as tf.Tensor3D, [0, before, 0], [batch, length - before - after, channels]);
	},

	/** Every step `size` times. */
	Upsample1D([x], { node }) {
		const [batch, length, channels] = (x as tf.Tensor3D).shape;
		const size = number(node, 'size');
		return tf.reshape(tf.tile(tf.expandDims(x as tf.Tensor3D, 2), [1, 1, size, 1]), [batch, length * size, channels]);
	},

	/** Whole multiples of the size; `method` nearest or bilinear, sampled at half pixels or not. */
	Upsample2D([x], { node }) {
		const [, height, width] = (x as tf.Tensor4D).shape;
		const [h, w] = pair(node, 'size');
		const size: [number, number] = [height * h, width * w];
		return node.attributes['method'] === 'bilinear'
			? tf.image.resizeBilinear(x as tf.Tensor4D, size, false, flag(node, 'halfPixel'))
			: tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size, false, flag(node, 'halfPixel'));
	},

	/** To `size` [h, w]; `method` nearest or bilinear, sampled at half pixels as TensorFlow 2 does. */
	Resize([x], { node }) {
		const size = pair(node, 'size');
		return node.attributes['method'] === 'nearest'
			? tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size, false, true)
			: tf.image.resizeBilinear(x as tf.Tensor4D, size, false, true);
	},

	/** x * scale + offset, each a number or one per channel: a preprocessing layer. */
	Rescale: ([x], { node }) =>
		tf.add(tf.mul(tf.cast(x as tf.Tensor, 'float32'), numbers(node, 'scale', 1)), numbers(node, 'offset', 0))
};

export default operators;
