import type * as tf from '#engine/tf.ts';
import type { Compute, Kit, OperatorContext } from '#engine/model/operators/operator.ts';

/** Attention: each position gathers from others, by how well its query matches their keys (Bahdanau 2014, Vaswani 2017). */

/** Zero where a position may look, very little where it lies in the future: [positions, positions]. */
function future(tf: Kit, queries: number, keys: number): tf.Tensor {
	const marks = Float32Array.from({ length: queries * keys }, (_, i) => (i % keys > Math.floor(i / keys) ? -1e9 : 0));
	return tf.reshape(tf.tensor1d(marks), [queries, keys]);
}

/** @param scores [..., queries, keys] @param values [..., keys, n] */
function gathered({ tf, node }: OperatorContext, scores: tf.Tensor, values: tf.Tensor): tf.Tensor {
	const [queries, keys] = scores.shape.slice(-2) as [number, number];
	const seen = node.attributes['causal'] === true ? tf.add(scores, future(tf, queries, keys)) : scores;
	return tf.matMul(tf.softmax(seen), values);
}

/** x [batch, steps, n] by a kernel [n, heads, size] -> [batch, heads, steps, size] */
function heads(context: OperatorContext, x: tf.Tensor, role: string): tf.Tensor {
	const { tf, weight, optional } = context;
	const kernel = weight(`${role}_kernel`);
	const [n, count, size] = kernel.shape as [number, number, number];
	const [batch, steps] = x.shape as [number, number];
	const flat = tf.matMul(tf.reshape(x, [batch * steps, n]), tf.reshape(kernel, [n, count * size]));
	const parts = tf.reshape(flat, [batch, steps, count, size]);
	const bias = optional(`${role}_bias`);
	return tf.transpose(bias ? tf.add(parts, bias) : parts, [0, 2, 1, 3]);
}

/** Fewer heads of keys and values than of queries: each serves several. */
function shared(tf: Kit, x: tf.Tensor, count: number): tf.Tensor {
	const own = x.shape[1] as number;
	if (own === count) return x;
	const indices = Int32Array.from({ length: count }, (_, i) => Math.floor((i * own) / count));
	return tf.gather(x, tf.tensor1d(indices, 'int32'), 1);
}

/** Inputs: queries, values, and keys where they are others. */
export const multiHead: Compute = ([query, value, key], context) => {
	const { tf, weight, optional } = context;
	const q = heads(context, query as tf.Tensor, 'query');
	const [batch, count, steps, size] = q.shape as [number, number, number, number];
	const k = shared(tf, heads(context, (key ?? value) as tf.Tensor, 'key'), count);
	const v = shared(tf, heads(context, value as tf.Tensor, 'value'), count);
	const scores = tf.matMul(tf.mul(q, 1 / Math.sqrt(size)), k, false, true);
	const rows = tf.transpose(gathered(context, scores, v), [0, 2, 1, 3]);
	const kernel = weight('attention_output_kernel');
	const [, width, out] = kernel.shape as [number, number, number];
	const flat = tf.matMul(tf.reshape(rows, [batch * steps, count * width]), tf.reshape(kernel, [count * width, out]));
	const y = tf.reshape(flat, [batch, steps, out]);
	const bias = optional('attention_output_bias');
	return bias ? tf.add(y, bias) : y;
};

/** By products of queries and keys, or by the tanh of their sums. */
export const dotProduct: Compute = ([query, value, key = value], context) => {
	const { tf, node, optional, weight } = context;
	const scale = optional('scale');
	const [q, k] = [query as tf.Tensor, key as tf.Tensor];
	const times = (x: tf.Tensor) => (scale ? tf.mul(x, scale) : x);
	const scores =
		node.attributes['mode'] === 'concat'
			? tf.mul(
					weight('concat_score_weight'),
					tf.sum(tf.tanh(times(tf.add(tf.expandDims(q, 2), tf.expandDims(k, 1)))), -1)
				)
			: times(tf.matMul(q, k, false, true));
	return gathered(context, scores, value as tf.Tensor);
};

/** By the tanh of the sums of queries and keys, weighted by learned numbers. */
export const additive: Compute = ([query, value, key = value], context) => {
	const { tf, optional } = context;
	const sums = tf.tanh(tf.add(tf.expandDims(query as tf.Tensor, 2), tf.expandDims(key as tf.Tensor, 1)));
	const scale = optional('scale');
	return gathered(context, tf.sum(scale ? tf.mul(sums, scale) : sums, -1), value as tf.Tensor);
};

/** x and a kernel over named axes, as one product of matrices. */
export const einsumDense: Compute = ([x], { tf, node, weight, optional }) => {
	const [left = '', out = ''] = String(node.attributes['equation']).split('->');
	const [own = '', other = ''] = left.split(',');
	const kernel = weight('kernel');
	const input = x as tf.Tensor;
	const both = [...own].filter((letter) => other.includes(letter));
	let y: tf.Tensor;
	if (both.some((letter) => out.includes(letter))) y = tf.einsum(`${own},${other}->${out}`, input, kernel);
	else {
		const [free, made] = [[...own].filter((l) => !both.includes(l)), [...other].filter((l) => !both.includes(l))];
		const sizes = (letters: readonly string[]) =>
			letters.map((l) => (own.includes(l) ? input.shape[own.indexOf(l)] : kernel.shape[other.indexOf(l)]) as number);
		const turned = (tensor: tf.Tensor, names: string, order: readonly string[]) =>
			tf.transpose(
				tensor,
				order.map((letter) => names.indexOf(letter))
			);
		const count = (letters: readonly string[]) => sizes(letters).reduce((n, m) => n * m, 1);
		const rows = tf.reshape(turned(input, own, [...free, ...both]), [count(free), count(both)]);
		const columns = tf.reshape(turned(kernel, other, [...both, ...made]), [count(both), count(made)]);
		const product = tf.reshape(tf.matMul(rows, columns), sizes([...free, ...made]));
		y = turned(product, [...free, ...made].join(''), [...out]);
	}
	const bias = optional('bias');
	return bias ? tf.add(y, bias) : y;
};
