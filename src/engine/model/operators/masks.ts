import type * as tf from '#engine/tf.ts';
import { flag, group, number, type Operators } from '#engine/model/operators/operator.ts';
import { free, perInput } from '#engine/model/rules/macs.ts';
import { mixed } from '#engine/model/rules/positions.ts';

/** Steps of sequences that are padding: marked by 0, the others by 1, [batch, steps]. */
const marking = group({ family: 'other', figure: 'other', macs: free, positions: mixed });

const operators: Operators = {
	/** Steps that are not all of one value; `last` where a step is a row of numbers. */
	StepMask: marking('Marks the steps of a sequence that are padding by 0, the others by 1.', {
		compute([x], { tf, node }) {
			const differs = tf.notEqual(x as tf.Tensor, number(node, 'value', 0));
			return tf.cast(flag(node, 'last') ? tf.any(differs, -1) : differs, 'float32');
		}
	}),
	Masking: marking('Sets the steps of a sequence that are padding to zero.', {
		compute: ([x, mask], { tf }) => tf.mul(x as tf.Tensor, tf.expandDims(mask as tf.Tensor, -1))
	}),
	/** The mean over the steps that count. */
	MaskedAveragePool: marking('Averages each channel over the steps that are no padding.', {
		family: 'pooling',
		figure: 'pooling',
		macs: perInput,
		compute([x, mask], { tf, node }) {
			const marks = tf.expandDims(mask as tf.Tensor, -1);
			const sum = tf.sum(tf.mul(x as tf.Tensor, marks), 1, flag(node, 'keepDims'));
			return tf.div(sum, tf.sum(marks, 1, flag(node, 'keepDims')));
		}
	})
};

export default operators;
