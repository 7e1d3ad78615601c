import * as tf from '#engine/tf.ts';
import { flag, number, type Operators } from '#engine/model/operators/operator.ts';

/** Steps of sequences that are padding: marked by 0, the others by 1, [batch, steps]. */
const operators: Operators = {
	/** Steps that are not all of one value; `last` where a step is a row of numbers. */
	StepMask([x], { node }) {
		const differs = tf.notEqual(x as tf.Tensor, number(node, 'value', 0));
		return tf.cast(flag(node, 'last') ? tf.any(differs, -1) : differs, 'float32');
	},

	/** The other steps as zeros. */
	Masking: ([x, mask]) => tf.mul(x as tf.Tensor, tf.expandDims(mask as tf.Tensor, -1)),

	/** The mean over the steps that count. */
	MaskedAveragePool([x, mask], { node }) {
		const marks = tf.expandDims(mask as tf.Tensor, -1);
		const sum = tf.sum(tf.mul(x as tf.Tensor, marks), 1, flag(node, 'keepDims'));
		return tf.div(sum, tf.sum(marks, 1, flag(node, 'keepDims')));
	}
};

export default operators;
