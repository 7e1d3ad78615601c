import * as tf from '#engine/tf.ts';
import { flag, type Operators } from '#engine/model/operators/operator.ts';

const operators: Operators = {
	/** x[..., n] times kernel [n, units], plus bias. */
	Dense([x], { weight, optional }) {
		const input = x as tf.Tensor;
		const kernel = weight('kernel') as tf.Tensor2D;
		const rows = input.rank === 2 ? (input as tf.Tensor2D) : tf.reshape(input, [-1, kernel.shape[0]]);
		const product = tf.matMul(rows as tf.Tensor2D, kernel);
		const bias = optional('bias');
		const y = bias ? tf.add(product, bias) : product;
		return input.rank === 2 ? y : tf.reshape(y, [...input.shape.slice(0, -1), kernel.shape[1]]);
	},

	MatMul: ([a, b], { node }) =>
		tf.matMul(a as tf.Tensor, b as tf.Tensor, flag(node, 'transposeA'), flag(node, 'transposeB')),

	BiasAdd: ([x], { weight }) => tf.add(x as tf.Tensor, weight('bias')),

	Embedding: ([indices], { weight }) => tf.gather(weight('embeddings'), tf.cast(indices as tf.Tensor, 'int32'))
};

export default operators;
