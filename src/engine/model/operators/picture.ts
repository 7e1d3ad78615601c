import type * as tf from '#engine/tf.ts';
import { flag, group, list, number, pair, type Compute, type Operators } from '#engine/model/operators/operator.ts';
import { free, interpolated, perOutput, uncounted, type Macs } from '#engine/model/rules/macs.ts';
import { resampling, type Sampling } from '#maths/resampling.ts';
import { cropped, mixed, resized, scaled as share } from '#engine/model/rules/positions.ts';
import { product } from '#maths/product.ts';

/** What crops, scales and turns pictures. */

/** `cropping`: [[top, bottom], [left, right]]. */
const crop: Compute = ([x], { tf, node }) => {
	const [[top, bottom], [left, right]] = node.attributes['cropping'] as [[number, number], [number, number]];
	const [batch, height, width, channels] = (x as tf.Tensor4D).shape;
	return tf.slice(x as tf.Tensor4D, [0, top, left, 0], [batch, height - top - bottom, width - left - right, channels]);
};

/** Whole multiples of the size; `method` nearest or bilinear, sampled at half pixels or not. */
const upsample: Compute = ([x], { tf, node }) => {
	const [, height, width] = (x as tf.Tensor4D).shape;
	const [h, w] = pair(node, 'size');
	const size: [number, number] = [height * h, width * w];
	return node.attributes['method'] === 'bilinear'
		? tf.image.resizeBilinear(x as tf.Tensor4D, size, false, flag(node, 'halfPixel'))
		: tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size, false, flag(node, 'halfPixel'));
};

/** To `size` [h, w]; `method` nearest or bilinear, sampled at half pixels as TensorFlow 2 does. */
const resize: Compute = ([x], { tf, node }) => {
	const size = pair(node, 'size');
	return node.attributes['method'] === 'nearest'
		? tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size, false, true)
		: tf.image.resizeBilinear(x as tf.Tensor4D, size, false, true);
};

/** Along each axis a product with the shares that its cells have in those that come out. */
const resample: Compute = ([x], { tf, node }) => {
	const { attributes } = node;
	const axes = list(node, 'axes');
	return axes.reduce<tf.Tensor>((all, axis, k) => {
		const length = all.shape[axis] as number;
		const out = list(node, 'sizes')[k] as number;
		const shares = resampling(length, out, {
			scale: list(node, 'scales')[k] as number,
			method: attributes['method'] as Sampling['method'],
			transform: attributes['transform'] as Sampling['transform'],
			nearest: attributes['nearest'] as Sampling['nearest'],
			cubic: number(node, 'cubic', -0.75),
			excludeOutside: flag(node, 'excludeOutside')
		});
		const rows = tf.reshape(all, [product(all.shape.slice(0, axis)), length, product(all.shape.slice(axis + 1))]);
		const y = tf.matMul(tf.tensor(shares, [1, out, length]), rows);
		return tf.reshape(y, [...all.shape.slice(0, axis), out, ...all.shape.slice(axis + 1)]);
	}, x as tf.Tensor);
};

const byMethod: Macs = (node, inputs) => (node.attributes['method'] === 'bilinear' ? interpolated(node, inputs) : 0);

const picture = group({ family: 'other', figure: 'other', positions: mixed });
const scaled = group({ family: 'other', figure: 'transposed', positions: share, result: 'moved' });

const operators: Operators = {
	Crop2D: picture('Cuts the edges of the picture off.', {
		word: 'Cropping',
		macs: free,
		positions: cropped,
		result: 'moved',
		compute: crop
	}),
	CenterCrop: picture('Cuts the middle out of the picture.', { macs: free, result: 'moved' }),
	CropAndResize: picture('Cuts boxes out of the picture and scales each to one size.', { macs: interpolated }),
	Upsample2D: scaled('Makes the picture larger by whole multiples.', {
		word: 'Upsampling',
		macs: byMethod,
		positions: resized((node) => flag(node, 'halfPixel')),
		compute: upsample
	}),
	Resize: picture('Brings the picture to another size.', {
		macs: perOutput,
		positions: resized(() => true),
		result: 'moved',
		compute: resize
	}),
	/** By any rule of where cells lie; `axes`, their `sizes` and `scales`. */
	Resample: picture('Brings a tensor to another size along some axes.', {
		figure: 'transposed',
		macs: interpolated,
		result: 'moved',
		compute: resample
	}),
	ResizeBilinear: scaled('Scales the picture, mixing the four nearest cells.', { macs: interpolated }),
	ResizeNearestNeighbor: scaled('Scales the picture, taking the nearest cell.', { macs: free }),
	Resizing: picture('Scales the picture to a fixed size.', { macs: uncounted }),
	ImageProjectiveTransformV3: picture('Moves, turns or tilts the picture.', { macs: uncounted }),
	Dilation2D: picture('The largest sum of a patch and a kernel: dilation of grey pictures.', { macs: uncounted })
};

export default operators;
