import * as tf from '#engine/tf.ts';
import { flag, list, padding, pair, type Operators } from '#engine/model/operators/operator.ts';

const operators: Operators = {
	MaxPool2D: ([x], { node }) =>
		tf.maxPool(x as tf.Tensor4D, pair(node, 'size'), pair(node, 'strides'), padding(node) as 'same'),

	/** Cells outside the image do not count. */
	AveragePool2D: ([x], { node }) =>
		tf.avgPool(x as tf.Tensor4D, pair(node, 'size'), pair(node, 'strides'), padding(node) as 'same'),

	GlobalAveragePool: ([x], { node }) => tf.mean(x as tf.Tensor, list(node, 'axes'), flag(node, 'keepDims')),

	GlobalMaxPool: ([x], { node }) => tf.max(x as tf.Tensor, list(node, 'axes'), flag(node, 'keepDims'))
};

export default operators;
