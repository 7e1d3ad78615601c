import type * as tf from '#engine/tf.ts';
import { flag, group, type Compute, type Operators } from '#engine/model/operators/operator.ts';
import { einsumDense } from '#engine/model/rules/attention.ts';
import { dense } from '#engine/model/rules/derivation.ts';
import { dense as denseMacs, free, matrices, uncounted } from '#engine/model/rules/macs.ts';
import { kept, mixed } from '#engine/model/rules/positions.ts';
import { einsum } from '#engine/model/rules/einsum.ts';

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

/** Many matrices at once (a product with ones repeats them: it has a gradient for all numbers of axes). Those of which there is only one go with all of the others. */
const matMul: Compute = ([a, b], { tf, node }) => {
	const [x, y] = [a, b] as [tf.Tensor, tf.Tensor];
	const [left, right] = [x.shape.slice(0, -2), y.shape.slice(0, -2)];
	const flags = [flag(node, 'transposeA'), flag(node, 'transposeB')] as const;
	const many = (shape: readonly number[]) => shape.reduce((n, m) => n * m, 1) > 1;
	const differ = left.join() !== right.join();
	if (x.rank <= 4 && y.rank <= 4 && (!differ || !many(left) || !many(right))) return tf.matMul(x, y, ...flags);
	const rank = Math.max(left.length, right.length);
	const size = (shape: readonly number[], axis: number) => shape[axis - rank + shape.length] ?? 1;
	const outer = Array.from({ length: rank }, (_, axis) => Math.max(size(left, axis), size(right, axis)));
	const flat = (one: tf.Tensor, own: readonly number[]) => {
		const full = own.join() === outer.join() ? one : tf.mul(one, tf.ones([...outer, 1, 1]));
		return tf.reshape(full, [-1, ...full.shape.slice(-2)]);
	};
	const products = tf.matMul(flat(x, left), flat(y, right), ...flags);
	return tf.reshape(products, [...outer, ...products.shape.slice(-2)]);
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
		compute: matMul
	}),
	FusedMatMul: product('A product of matrices with its bias and activation in one operation.', { macs: uncounted }),
	BatchMatMul: pairs,
	BatchMatMulV2: pairs,
	Einsum: product('A sum of products over named axes, as its equation says.', {
		macs: uncounted,
		compute: (inputs, { tf, node }) => einsum(tf, String(node.attributes['equation']), inputs)
	}),
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
