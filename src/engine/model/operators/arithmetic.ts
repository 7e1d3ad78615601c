import * as tf from '#engine/tf.ts';
import type { Operator, Operators } from '#engine/model/operators/operator.ts';

/** A chain of one operation over two or more tensors. */
const folded =
	(f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operator =>
	(inputs) =>
		inputs.slice(1).reduce<tf.Tensor>(f, inputs[0] as tf.Tensor);

const operators: Operators = {
	Add: folded((a, b) => tf.add(a, b)),
	Subtract: folded((a, b) => tf.sub(a, b)),
	Multiply: folded((a, b) => tf.mul(a, b)),
	Divide: folded((a, b) => tf.div(a, b)),
	Maximum: folded((a, b) => tf.maximum(a, b)),
	Minimum: folded((a, b) => tf.minimum(a, b)),
	Average: (inputs) =>
		tf.div(
			inputs.slice(1).reduce<tf.Tensor>((a, b) => tf.add(a, b), inputs[0] as tf.Tensor),
			inputs.length
		)
};

export default operators;
