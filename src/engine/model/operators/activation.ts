import type * as tf from '#engine/tf.ts';
import {
	group,
	number,
	type Compute,
	type Kit,
	type OperatorContext,
	type Operators
} from '#engine/model/operators/operator.ts';
import { elementwise } from '#engine/model/rules/derivation.ts';
import { free, perOutput } from '#engine/model/rules/macs.ts';
import { along, kept } from '#engine/model/rules/positions.ts';

type Function = (x: tf.Tensor, context: OperatorContext) => tf.Tensor;

/** An operation of one tensor, element by element or along its last axis. */
const unary =
	(f: Function): Compute =>
	([x], context) =>
		f(x as tf.Tensor, context);

const hardSigmoid: Function = (x, { tf, node }) =>
	tf.clipByValue(tf.add(tf.mul(x, number(node, 'slope', 0.2)), number(node, 'offset', 0.5)), 0, 1);
/** x * relu6(x + 3) / 6 (Howard 2019, Searching for MobileNetV3). */
const hardSwish: Function = (x, { tf }) => tf.mul(x, tf.mul(tf.relu6(tf.add(x, 3)), 1 / 6));
const erfGelu: Function = (x, { tf }) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
const tanhGelu: Function = (x, { tf }) => {
	const inner = tf.mul(tf.add(x, tf.mul(tf.pow(x, 3), 0.044715)), Math.sqrt(2 / Math.PI));
	return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
};

const elu: Function = (x, { tf, node }) => {
	const alpha = number(node, 'alpha', 1);
	return alpha === 1 ? tf.elu(x) : tf.add(tf.relu(x), tf.mul(tf.sub(tf.exp(tf.minimum(x, 0)), 1), alpha));
};

/** x where it is positive, a (exp(x / a) - 1) where not (Barron 2017). */
const celu: Function = (x, { tf, node }) => {
	const alpha = number(node, 'alpha', 1);
	return tf.add(tf.relu(x), tf.mul(tf.sub(tf.exp(tf.div(tf.minimum(x, 0), alpha)), 1), alpha));
};

/** What is left of x outside of [-t, t], moved to zero. */
const softShrink: Function = (x, { tf, node }) => {
	const threshold = number(node, 'threshold', 0.5);
	return tf.sub(x, tf.clipByValue(x, -threshold, threshold));
};

/** The same, where it stands. */
const hardShrink: Function = (x, { tf, node }) =>
	tf.mul(x, tf.cast(tf.greater(tf.abs(x), number(node, 'threshold', 0.5)), 'float32'));

/** 0 below -1, x above 1, and (x + 1)^2 / 4 between: a softplus of finite reach. */
const sparsePlus: Function = (x, { tf }) =>
	tf.add(tf.mul(tf.square(tf.clipByValue(tf.add(x, 1), 0, 2)), 0.25), tf.relu(tf.sub(x, 1)));

/** (x + sqrt(x^2 + b)) / 2 (Barron 2021). */
const squarePlus: Function = (x, { tf, node }) =>
	tf.mul(tf.add(x, tf.sqrt(tf.add(tf.square(x), number(node, 'b', 4)))), 0.5);

/** max(0, x) with the extras of Keras: upper limit, slope below, threshold. */
const relu: Function = (x, { tf, node }) => {
	const limit = node.attributes['max'];
	const slope = number(node, 'slope', 0);
	const threshold = number(node, 'threshold', 0);
	if (!slope && !threshold) {
		if (typeof limit !== 'number') return tf.relu(x);
		return limit === 6 ? tf.relu6(x) : tf.minimum(tf.relu(x), limit);
	}
	const above = threshold ? tf.mul(x, tf.cast(tf.greaterEqual(x, threshold), 'float32')) : tf.relu(x);
	const upper = typeof limit === 'number' ? tf.minimum(above, limit) : above;
	return slope ? tf.add(upper, tf.mul(tf.minimum(tf.sub(x, threshold), 0), slope)) : upper;
};

/** Softmax along any axis: tfjs knows only the last one. */
const softmax: Function = (x, { tf, node }) => {
	const axis = (number(node, 'axis', -1) + x.rank) % x.rank;
	if (axis === x.rank - 1) return tf.softmax(x);
	const exponentials = tf.exp(tf.sub(x, tf.max(x, axis, true)));
	return tf.div(exponentials, tf.sum(exponentials, axis, true));
};

/** Its logarithm, likewise. */
const logSoftmax: Function = (x, { tf, node }) => {
	const axis = (number(node, 'axis', -1) + x.rank) % x.rank;
	if (axis === x.rank - 1) return tf.logSoftmax(x);
	const shifted = tf.sub(x, tf.max(x, axis, true));
	return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), axis, true)));
};

const common = { family: 'activation', figure: 'activation', strip: 'finishes', positions: kept } as const;
const curve = group({ ...common, macs: perOutput });
/** Only compares. */
const rectifier = group({ ...common, macs: free });

/** The kernel of WASM does not stretch slopes over the rows of a batch, and says nothing (tfjs 4.22). */
const sloped = (tf: Kit, x: tf.Tensor, slope: tf.Tensor) => tf.add(tf.relu(x), tf.mul(tf.minimum(x, 0), slope));

const prelu = rectifier('Keeps what is positive and scales what is negative by a learned slope.', {
	word: 'PReLU',
	compute: unary((x, { tf, weight }) => sloped(tf, x, weight('alpha')))
});

const operators: Operators = {
	Relu: rectifier('Keeps what is positive and sets the rest to zero.', {
		word: 'ReLU',
		head: 'values',
		rectifies: true,
		derive: elementwise('max(0, x)', (x, { attributes }) => {
			const max = typeof attributes['max'] === 'number' ? attributes['max'] : Infinity;
			const threshold = Number(attributes['threshold'] ?? 0);
			return x < threshold ? Number(attributes['slope'] ?? 0) * (x - threshold) : Math.min(x, max);
		}),
		compute: unary(relu)
	}),
	/** As TF.js calls it. */
	ReLU: rectifier('Keeps what is positive and sets the rest to zero.', {}),
	Relu6: rectifier('Keeps what lies between zero and six, and cuts the rest off.', {
		word: 'ReLU6',
		head: 'values',
		rectifies: true,
		derive: elementwise('min(max(0, x), 6)', (x) => Math.min(6, Math.max(0, x))),
		compute: unary((x, { tf }) => tf.relu6(x))
	}),
	ThresholdedReLU: rectifier('Keeps what is above a threshold and sets the rest to zero.', {
		compute: unary((x, { tf, node }) => tf.mul(x, tf.cast(tf.greater(x, number(node, 'threshold', 1)), 'float32')))
	}),
	LeakyRelu: rectifier('Keeps what is positive and shrinks what is negative.', {
		word: 'Leaky ReLU',
		compute: unary((x, { tf, node }) => tf.leakyRelu(x, number(node, 'slope', 0.2)))
	}),
	PRelu: prelu,
	/** With slopes that are computed. */
	PReluDynamic: rectifier('Keeps what is positive and scales what is negative by slopes that are computed.', {
		compute: ([x, slope], { tf }) => sloped(tf, x as tf.Tensor, slope as tf.Tensor)
	}),
	/** As the converter calls it. */
	Prelu: { ...prelu, compute: null },
	Elu: curve('Keeps what is positive and bends what is negative towards a limit.', {
		word: 'ELU',
		head: 'values',
		compute: unary(elu)
	}),
	Selu: curve('A scaled ELU that keeps mean and spread of the activations steady.', {
		word: 'SELU',
		head: 'values',
		compute: unary((x, { tf }) => tf.selu(x))
	}),
	Celu: curve('Keeps what is positive and bends what is negative towards a limit, without a kink.', {
		compute: unary(celu)
	}),
	Sigmoid: curve('Squeezes every number into 0 to 1.', {
		head: 'sigmoid',
		derive: elementwise('1 / (1 + e⁻ˣ)', (x) => 1 / (1 + Math.exp(-x))),
		compute: unary((x, { tf }) => tf.sigmoid(x))
	}),
	HardSigmoid: curve('A sigmoid of straight lines: cheap, and 0 or 1 beyond its ends.', {
		compute: unary(hardSigmoid)
	}),
	LogSigmoid: curve('The logarithm of a sigmoid.', {
		compute: unary((x, { tf }) => tf.neg(tf.softplus(tf.neg(x))))
	}),
	Tanh: curve('Squeezes every number into −1 to 1.', {
		head: 'values',
		derive: elementwise('tanh x', Math.tanh),
		compute: unary((x, { tf }) => tf.tanh(x))
	}),
	HardTanh: rectifier('Cuts every number off at −1 and 1.', {
		compute: unary((x, { tf }) => tf.clipByValue(x, -1, 1))
	}),
	TanhShrink: curve('x minus its tanh: small numbers nearly vanish.', {
		head: 'values',
		compute: unary((x, { tf }) => tf.sub(x, tf.tanh(x)))
	}),
	SoftShrink: rectifier('Sets small numbers to zero and moves the others towards it.', { compute: unary(softShrink) }),
	HardShrink: rectifier('Sets small numbers to zero and keeps the others.', { compute: unary(hardShrink) }),
	Softplus: curve('A rectifier with a round corner: log(1 + e to the x).', {
		compute: unary((x, { tf }) => tf.softplus(x))
	}),
	SparsePlus: curve('A rectifier with a round corner that is exactly zero below −1.', { compute: unary(sparsePlus) }),
	SquarePlus: curve('A rectifier with a round corner, from a square root.', { compute: unary(squarePlus) }),
	Softsign: curve('x / (1 + |x|): squeezes into −1 to 1, more gently than tanh.', {
		compute: unary((x, { tf }) => tf.div(x, tf.add(tf.abs(x), 1)))
	}),
	Swish: curve('x times its sigmoid: a smooth rectifier that dips below zero.', {
		compute: unary((x, { tf }) => tf.mul(x, tf.sigmoid(x)))
	}),
	HardSwish: curve('A swish of straight lines, cheap on small devices.', { compute: unary(hardSwish) }),
	Mish: curve('x times tanh of its softplus: a smooth rectifier.', {
		compute: unary((x, { tf }) => tf.mul(x, tf.tanh(tf.softplus(x))))
	}),
	Gelu: curve('x times the share of a normal distribution below it: a smooth rectifier.', { compute: unary(erfGelu) }),
	GeluTanh: curve('GELU, approximated by a tanh.', { compute: unary(tanhGelu) }),
	Softmax: curve('Turns scores into shares that are positive and sum to one.', {
		head: 'softmax',
		positions: along,
		compute: unary(softmax)
	}),
	Hardmax: rectifier('One where an axis has its largest value, and zero elsewhere.', {
		positions: along,
		strip: 'layer',
		compute: unary((x, { tf, node }) => {
			const axis = number(node, 'axis', -1);
			const last = x.rank - 1;
			const indices = tf.argMax(x, axis);
			const rows = tf.cast(tf.oneHot(indices as tf.Tensor1D, x.shape.at(axis) as number), 'float32');
			if (axis === -1 || axis === last) return rows;
			const order = x.shape.map((_, i) => (i < axis ? i : i === axis ? last : i - 1));
			return tf.transpose(rows, order);
		})
	}),
	LogSoftmax: curve('The logarithm of a softmax.', {
		positions: along,
		compute: unary(logSoftmax)
	})
};

export default operators;
