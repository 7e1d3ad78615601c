import type * as tf from '#engine/tf.ts';
import { group, number, type Compute, type Kit, type Operators } from '#engine/model/operators/operator.ts';
import { perOutput } from '#engine/model/rules/macs.ts';
import { kept, mixed } from '#engine/model/rules/positions.ts';

/** Whole numbers that stand for real ones. Their gradient is that of the real ones: rounding has none of use (Bengio 2013). */

/** What `f` gives, with the gradient of `x * slope`. */
const straight = (tf: Kit, x: tf.Tensor, slope: number, f: (x: tf.Tensor) => tf.Tensor): tf.Tensor =>
	tf.customGrad((given) => ({
		value: f(given as tf.Tensor),
		gradFunc: (dy: tf.Tensor) => tf.mul(dy, slope)
	}))(x);

const whole: (tf: Kit, x: tf.Tensor, node: Parameters<typeof number>[0]) => tf.Tensor = (tf, x, node) =>
	tf.clipByValue(
		tf.add(tf.round(tf.div(x, number(node, 'scale'))), number(node, 'zero')),
		number(node, 'low'),
		number(node, 'high')
	);

const fake: Compute = ([x], { tf, node }) =>
	straight(tf, x as tf.Tensor, 1, (given) =>
		tf.mul(tf.sub(whole(tf, given, node), number(node, 'zero')), number(node, 'scale'))
	);

const quantize: Compute = ([x], { tf, node }) =>
	straight(tf, x as tf.Tensor, 1 / number(node, 'scale'), (given) => whole(tf, given, node));

const dequantize: Compute = ([x], { tf, node }) =>
	tf.mul(tf.sub(tf.cast(x as tf.Tensor, 'float32'), number(node, 'zero')), number(node, 'scale'));

/** To 0..255 between the smallest and the largest number: what comes of it, the scale and the zero. */
const dynamic: Compute = ([x], { tf }) => {
	const [low, high] = [tf.minimum(tf.min(x as tf.Tensor), 0), tf.maximum(tf.max(x as tf.Tensor), 0)];
	const scale = tf.div(tf.sub(high, low), 255);
	const zero = tf.clipByValue(tf.round(tf.div(tf.neg(low), scale)), 0, 255);
	const y = tf.customGrad((given, by, at) => ({
		value: tf.clipByValue(tf.add(tf.round(tf.div(given as tf.Tensor, by as tf.Tensor)), at as tf.Tensor), 0, 255),
		gradFunc: (dy: tf.Tensor) => [tf.div(dy, scale), tf.zerosLike(scale), tf.zerosLike(zero)]
	}))(x as tf.Tensor, scale, zero);
	return [y, scale, zero];
};

const rounding = group({ family: 'other', figure: 'other', macs: perOutput, positions: kept, strip: 'hidden' });

const operators: Operators = {
	FakeQuantize: rounding('Rounds numbers as a quantised file does, and keeps them real.', { compute: fake }),
	Quantize: rounding('Real numbers as the whole ones that stand for them.', { compute: quantize }),
	Dequantize: rounding('The real numbers that whole ones stand for.', { compute: dequantize }),
	DynamicQuantize: rounding('Rounds numbers to 256 steps between the smallest and the largest.', {
		positions: mixed,
		compute: dynamic
	})
};

export default operators;
