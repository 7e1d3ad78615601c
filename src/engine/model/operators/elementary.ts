import type * as tf from '#engine/tf.ts';
import { group, number, type Compute, type Kit, type Operators } from '#engine/model/operators/operator.ts';
import { free, perOutput } from '#engine/model/rules/macs.ts';
import { kept } from '#engine/model/rules/positions.ts';

/** Functions of every number by itself, other than activations. */

const unary =
	(f: (tf: Kit, x: tf.Tensor) => tf.Tensor): Compute =>
	([x], { tf }) =>
		f(tf, x as tf.Tensor);

const common = { family: 'arithmetic', figure: 'other', positions: kept } as const;
const curve = group({ ...common, macs: perOutput });
/** It compares or rounds. */
const step = group({ ...common, macs: free });

const operators: Operators = {
	Exp: curve('e to the power of every number.', { compute: unary((tf, x) => tf.exp(x)) }),
	Log: curve('The natural logarithm.', { compute: unary((tf, x) => tf.log(x)) }),
	Sqrt: curve('The square root.', { compute: unary((tf, x) => tf.sqrt(x)) }),
	Square: curve('Every number times itself.', { compute: unary((tf, x) => tf.square(x)) }),
	Neg: curve('Every number with the other sign.', { compute: unary((tf, x) => tf.neg(x)) }),
	Abs: curve('Every number without its sign.', { compute: unary((tf, x) => tf.abs(x)) }),
	Expm1: curve('e to the power of every number, less one.', {}),
	Log1p: curve('The natural logarithm of one more.', {}),
	Rsqrt: curve('One by the square root.', {}),
	Reciprocal: curve('One by every number.', { compute: unary((tf, x) => tf.reciprocal(x)) }),
	Erf: curve('The error function, out of which the normal distribution is made.', {
		compute: unary((tf, x) => tf.erf(x))
	}),
	Sin: curve('The sine.', { compute: unary((tf, x) => tf.sin(x)) }),
	Sinh: curve('The hyperbolic sine.', { compute: unary((tf, x) => tf.sinh(x)) }),
	Asin: curve('The angle of a sine.', { compute: unary((tf, x) => tf.asin(x)) }),
	Asinh: curve('The inverse of the hyperbolic sine.', { compute: unary((tf, x) => tf.asinh(x)) }),
	Cos: curve('The cosine.', { compute: unary((tf, x) => tf.cos(x)) }),
	Cosh: curve('The hyperbolic cosine.', { compute: unary((tf, x) => tf.cosh(x)) }),
	Acos: curve('The angle of a cosine.', { compute: unary((tf, x) => tf.acos(x)) }),
	Acosh: curve('The inverse of the hyperbolic cosine.', { compute: unary((tf, x) => tf.acosh(x)) }),
	Tan: curve('The tangent.', { compute: unary((tf, x) => tf.tan(x)) }),
	Atan: curve('The angle of a tangent.', { compute: unary((tf, x) => tf.atan(x)) }),
	Atanh: curve('The inverse of the hyperbolic tangent.', { compute: unary((tf, x) => tf.atanh(x)) }),
	FakeQuantWithMinMaxVars: curve('Rounds to the steps that a quantised model has.', {}),
	Sign: step('−1, 0 or 1: the sign of every number.', { compute: unary((tf, x) => tf.sign(x)) }),
	Floor: step('Rounds down.', { compute: unary((tf, x) => tf.floor(x)) }),
	Ceil: step('Rounds up.', { compute: unary((tf, x) => tf.ceil(x)) }),
	Round: step('Rounds to the nearest whole number.', { compute: unary((tf, x) => tf.round(x)) }),
	ClipByValue: step('Cuts numbers off at a lower and an upper end.', {
		compute: ([x], { tf, node }) => tf.clipByValue(x as tf.Tensor, number(node, 'min'), number(node, 'max'))
	})
};

export default operators;
