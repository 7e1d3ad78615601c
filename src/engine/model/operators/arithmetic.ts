import type * as tf from '#engine/tf.ts';
import { group, numberOrRow, type Compute, type Kit, type Operators } from '#engine/model/operators/operator.ts';
import { joined, sum } from '#engine/model/rules/derivation.ts';
import { free, perOutput, perTerm } from '#engine/model/rules/macs.ts';
import { kept } from '#engine/model/rules/positions.ts';

/** A chain of one operation over two or more tensors. */
const folded =
	(f: (tf: Kit, a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Compute =>
	(inputs, { tf }) =>
		inputs.slice(1).reduce<tf.Tensor>((a, b) => f(tf, a, b), inputs[0] as tf.Tensor);

const added = folded((tf, a, b) => tf.add(a, b));

const common = { family: 'arithmetic', positions: kept } as const;
const merging = group({ ...common, figure: 'merge', sign: '+' });
const arithmetic = group({ ...common, figure: 'other', macs: perOutput });

const division = arithmetic('The first input divided by the second.', {
	prepares: 'maybe',
	compute: folded((tf, a, b) => tf.div(a, b))
});

const operators: Operators = {
	Add: merging('Adds its inputs, number by number.', {
		macs: perTerm,
		derive: joined('Σ x', sum),
		compute: added
	}),
	Subtract: merging('The first input less the second.', {
		macs: perOutput,
		prepares: 'maybe',
		compute: folded((tf, a, b) => tf.sub(a, b))
	}),
	Multiply: merging('Multiplies its inputs, number by number.', {
		sign: '×',
		macs: perTerm,
		prepares: 'maybe',
		derive: joined('Π x', (values) => values.reduce((a, b) => a * b, 1)),
		compute: folded((tf, a, b) => tf.mul(a, b))
	}),
	Average: merging('The mean of its inputs, number by number.', {
		macs: perTerm,
		derive: joined('Σ x / n', (values) => sum(values) / values.length),
		compute: (inputs, context) => context.tf.div(added(inputs, context) as tf.Tensor, inputs.length)
	}),
	Maximum: merging('The larger of its inputs, number by number.', {
		macs: free,
		derive: joined('max x', (values) => Math.max(...values)),
		compute: folded((tf, a, b) => tf.maximum(a, b))
	}),
	Minimum: merging('The smaller of its inputs, number by number.', {
		macs: free,
		derive: joined('min x', (values) => Math.min(...values)),
		compute: folded((tf, a, b) => tf.minimum(a, b))
	}),
	Divide: division,
	Div: { ...division, compute: null },
	DivNoNan: arithmetic('A division in which anything by zero is zero.', {}),
	FloorDiv: arithmetic('A division rounded down.', {}),
	Mod: arithmetic('What is left over by a division.', { compute: folded((tf, a, b) => tf.mod(a, b)) }),
	/** With the sign of what is divided. */
	FMod: arithmetic('What is left over by a division towards zero.', {
		compute: folded((tf, a, b) => tf.mul(tf.sign(a), tf.mod(tf.abs(a), tf.abs(b))))
	}),
	FloorMod: arithmetic('What is left over by a division that rounds down.', {}),
	SquaredDifference: arithmetic('The square of the difference of its inputs.', {}),
	Pow: arithmetic('The first input to the power of the second.', { compute: folded((tf, a, b) => tf.pow(a, b)) }),
	Atan2: arithmetic('The angle of a point, from its two coordinates.', {}),
	/** x * scale + offset, each a number or one per channel: a preprocessing layer. */
	Rescale: arithmetic('Multiplies by a number and adds another, as preprocessing does.', {
		figure: 'normalisation',
		strip: 'finishes',
		prepares: 'surely',
		compute([x], { tf, node }) {
			const scaled = tf.mul(tf.cast(x as tf.Tensor, 'float32'), numberOrRow(tf, node, 'scale', 1));
			return tf.add(scaled, numberOrRow(tf, node, 'offset', 0));
		}
	})
};

export default operators;
