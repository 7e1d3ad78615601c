import type * as tf from '#engine/tf.ts';
import { flag, group, list, padding, pair, type Compute, type Operators } from '#engine/model/operators/operator.ts';
import { globalPooling, pooling } from '#engine/model/rules/derivation.ts';
import { averaged, free, perInput } from '#engine/model/rules/macs.ts';
import { mixed, windowed } from '#engine/model/rules/positions.ts';

/** What lies outside the picture never wins. */
const LOWEST = -3.4e38;

const maxPool: Compute = ([x], { tf, node }) => {
	const [size, strides, pad] = [pair(node, 'size'), pair(node, 'strides'), padding(node)];
	if (node.attributes['dilations'] === undefined) return tf.maxPool(x as tf.Tensor4D, size, strides, pad as 'same');
	// With gaps: the largest of the pictures that each cell of the window sees.
	const [rows, columns] = pair(node, 'dilations');
	const wide = Array.isArray(pad) ? tf.pad(x as tf.Tensor4D, pad, LOWEST) : (x as tf.Tensor4D);
	const [batch, height, width, channels] = wide.shape;
	const seen = [height - (size[0] - 1) * rows, width - (size[1] - 1) * columns];
	const parts = Array.from({ length: size[0] * size[1] }, (_, i) => {
		const [top, left] = [Math.floor(i / size[1]) * rows, (i % size[1]) * columns];
		return tf.slice(wide, [0, top, left, 0], [batch, seen[0] as number, seen[1] as number, channels]);
	});
	const max = parts.reduce((a, b) => tf.maximum(a, b));
	return tf.maxPool(max, [1, 1], strides, 'valid');
};

const common = { family: 'pooling', figure: 'pooling', positions: mixed } as const;
const maxPooling = group({ ...common, macs: free, head: 'values' });
const average = group({ ...common, macs: perInput });
const globally = group({ ...common, figure: 'global-pooling' });

const operators: Operators = {
	MaxPool2D: maxPooling('Keeps the largest value of each window of the picture.', {
		word: 'Max-pooling',
		positions: windowed,
		result: 'moved',
		derive: pooling(true),
		compute: maxPool
	}),
	MaxPool: maxPooling('Keeps the largest value of each window.', { word: 'Max-pooling', result: 'moved' }),
	MaxPool3D: maxPooling('Keeps the largest value of each window of a volume.', {}),
	MaxPooling1D: maxPooling('Keeps the largest value of each stretch of a sequence.', {}),
	MaxPooling3D: maxPooling('Keeps the largest value of each window of a volume.', {}),
	MaxPoolWithArgmax: maxPooling('Keeps the largest value of each window, and says where it was.', { result: 'moved' }),
	/** Cells outside the image do not count. */
	AveragePool2D: average('Averages each window of the picture.', {
		word: 'Mean-pooling',
		macs: averaged,
		positions: windowed,
		result: 'moved',
		derive: pooling(false),
		compute: ([x], { tf, node }) =>
			tf.avgPool(x as tf.Tensor4D, pair(node, 'size'), pair(node, 'strides'), padding(node) as 'same')
	}),
	AvgPool: average('Averages each window.', { word: 'Mean-pooling', result: 'moved' }),
	AvgPool3D: average('Averages each window of a volume.', {}),
	AveragePooling1D: average('Averages each stretch of a sequence.', {}),
	AveragePooling3D: average('Averages each window of a volume.', {}),
	GlobalAveragePool: globally('Averages each channel over all positions.', {
		word: 'Global mean',
		macs: perInput,
		derive: globalPooling(false),
		compute: ([x], { tf, node }) => tf.mean(x as tf.Tensor, list(node, 'axes'), flag(node, 'keepDims'))
	}),
	GlobalMaxPool: globally('Keeps the largest value of each channel over all positions.', {
		word: 'Global maximum',
		macs: free,
		derive: globalPooling(true),
		compute: ([x], { tf, node }) => tf.max(x as tf.Tensor, list(node, 'axes'), flag(node, 'keepDims'))
	}),
	GlobalMaxPooling1D: globally('Keeps the largest value of each channel over all positions.', { macs: free })
};

export default operators;
