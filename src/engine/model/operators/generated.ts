import type * as tf from '#engine/tf.ts';
import { group, type Operators } from '#engine/model/operators/operator.ts';
import { free } from '#engine/model/rules/macs.ts';
import { kept } from '#engine/model/rules/positions.ts';

/** What is made from nothing but a shape, or drawn at random. */
const generated = group({ family: 'other', figure: 'other', macs: free, positions: kept });

const operators: Operators = {
	Fill: generated('A tensor with the same number everywhere.', {}),
	Range: generated('Numbers in equal steps.', {}),
	LinSpace: generated('Numbers in equal steps between two ends.', {}),
	Ones: generated('A tensor of ones.', {}),
	Zeros: generated('A tensor of zeros.', {}),
	OnesLike: generated('Ones in the shape of the input.', { compute: ([x], { tf }) => tf.onesLike(x as tf.Tensor) }),
	ZerosLike: generated('Zeros in the shape of the input.', {}),
	RandomStandardNormal: generated('Random numbers of a normal distribution.', {}),
	RandomUniform: generated('Random numbers, all equally likely.', {}),
	RandomUniformInt: generated('Random whole numbers, all equally likely.', {}),
	TruncatedNormal: generated('Random numbers of a normal distribution without its tails.', {}),
	Multinomial: generated('Draws classes at random by their scores.', {})
};

export default operators;
