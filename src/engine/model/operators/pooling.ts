import type * as tf from '#engine/tf.ts';
import { flag, group, list, padding, pair, type Operators } from '#engine/model/operators/operator.ts';
import { globalPooling, pooling } from '#engine/model/rules/derivation.ts';
import { averaged, free, perInput } from '#engine/model/rules/macs.ts';
import { mixed, windowed } from '#engine/model/rules/positions.ts';

const common = { family: 'pooling', figure: 'pooling', positions: mixed } as const;
const largest = group({ ...common, macs: free, head: 'values' });
const average = group({ ...common, macs: perInput });
const globally = group({ ...common, figure: 'global-pooling' });

const operators: Operators = {
	MaxPool2D: largest('Keeps the largest value of each window of the picture.', {
		word: 'Max-pooling',
		positions: windowed,
		result: 'moved',
		derive: pooling(true),
		compute: ([x], { tf, node }) =>
			tf.maxPool(x as tf.Tensor4D, pair(node, 'size'), pair(node, 'strides'), padding(node) as 'same')
	}),
	MaxPool: largest('Keeps the largest value of each window.', { word: 'Max-pooling', result: 'moved' }),
	MaxPool3D: largest('Keeps the largest value of each window of a volume.', {}),
	MaxPooling1D: largest('Keeps the largest value of each stretch of a sequence.', {}),
	MaxPooling3D: largest('Keeps the largest value of each window of a volume.', {}),
	MaxPoolWithArgmax: largest('Keeps the largest value of each window, and says where it was.', { result: 'moved' }),
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
