import type * as tf from '#engine/tf.ts';
import { flag, group, type Compute, type Operators } from '#engine/model/operators/operator.ts';
import { einsumDense } from '#engine/model/rules/attention.ts';
import { dense } from '#engine/model/rules/derivation.ts';
import { dense as denseMacs, free, matrices, uncounted } from '#engine/model/rules/macs.ts';
import { kept, mixed } from '#engine/model/rules/positions.ts';

/** x[..., n] times kernel [n, units], plus bias. */
const weightedSum: Compute = ([x], { tf, weight, optional }) => {
	const input = x as tf.Tensor;
	const kernel = weight('kernel') as tf.Tensor2D;
	const rows = input.rank === 2 ? (input as tf.Tensor2D) : tf.reshape(input, [-1, kernel.shape[0]]);
	const product = tf.matMul(rows as tf.Tensor2D, kernel);
	const bias = optional('bias');
	const y = bias ? tf.add(product, bias) : product;
	return input.rank === 2 ? y : tf.reshape(y, [...input.shape.slice(0, -1), kernel.shape[1]]);
};

const product = group({ family: 'weighted', figure: 'other', positions: mixed });
const pairs = product('Products of many pairs of matrices at once.', { macs: matrices });

const operators: Operators = {
	Dense: product('Every output is a weighted sum of all inputs, plus a bias.', {
		figure: 'dense',
		macs: denseMacs,
		positions: kept,
		derive: dense,
		compute: weightedSum
	}),
	MatMul: product('The product of two matrices.', {
		figure: 'dense',
		macs: matrices,
		compute: ([a, b], { tf, node }) =>
			tf.matMul(a as tf.Tensor, b as tf.Tensor, flag(node, 'transposeA'), flag(node, 'transposeB'))
	}),
	FusedMatMul: product('A product of matrices with its bias and activation in one operation.', { macs: uncounted }),
	BatchMatMul: pairs,
	BatchMatMulV2: pairs,
	Einsum: product('A sum of products over named axes, as its equation says.', { macs: uncounted }),
	EinsumDense: product('A learned weighted sum over the axes that its equation names.', {
		figure: 'dense',
		macs: uncounted,
		compute: einsumDense
	}),
	Dot: product('Products of two tensors summed along an axis: how alike they are.', {
		family: 'arithmetic',
		figure: 'merge',
		sign: '+',
		macs: uncounted
	}),
	BiasAdd: product('Adds a learned number to every channel.', {
		family: 'arithmetic',
		figure: 'normalisation',
		word: 'Bias',
		strip: 'finishes',
		macs: free,
		positions: kept,
		compute: ([x], { tf, weight }) => tf.add(x as tf.Tensor, weight('bias'))
	}),
	Embedding: product('Looks up a learned vector for each index.', {
		macs: free,
		compute: ([indices], { tf, weight }) => tf.gather(weight('embeddings'), tf.cast(indices as tf.Tensor, 'int32'))
	}),
	PositionEmbedding: product('Adds a learned vector that says where in the sequence something stands.', {
		macs: uncounted
	})
};

export default operators;
