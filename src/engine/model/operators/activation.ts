import * as tf from '#engine/tf.ts';
import { number, type Operator, type OperatorContext, type Operators } from '#engine/model/operators/operator.ts';

/** An operation of one tensor, element by element or along its last axis. */
const unary =
	(f: (x: tf.Tensor, context: OperatorContext) => tf.Tensor): Operator =>
	([x], context) =>
		f(x as tf.Tensor, context);

const relu6 = (x: tf.Tensor) => tf.relu6(x);
const hardSigmoid = (x: tf.Tensor, { node }: OperatorContext) =>
	tf.clipByValue(tf.add(tf.mul(x, number(node, 'slope', 0.2)), number(node, 'offset', 0.5)), 0, 1);
/** x * relu6(x + 3) / 6 (Howard 2019, Searching for MobileNetV3). */
const hardSwish = (x: tf.Tensor) => tf.mul(x, tf.mul(relu6(tf.add(x, 3)), 1 / 6));
const erfGelu = (x: tf.Tensor) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
const tanhGelu = (x: tf.Tensor) => {
	const inner = tf.mul(tf.add(x, tf.mul(tf.pow(x, 3), 0.044715)), Math.sqrt(2 / Math.PI));
	return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
};

/** x where it is positive, a (exp(x / a) - 1) where not (Barron 2017). */
const celu = (x: tf.Tensor, { node }: OperatorContext) => {
	const alpha = number(node, 'alpha', 1);
	return tf.add(tf.relu(x), tf.mul(tf.sub(tf.exp(tf.div(tf.minimum(x, 0), alpha)), 1), alpha));
};

/** What is left of x outside of [-t, t], moved to zero. */
const softShrink = (x: tf.Tensor, { node }: OperatorContext) => {
	const threshold = number(node, 'threshold', 0.5);
	return tf.sub(x, tf.clipByValue(x, -threshold, threshold));
};

/** The same, where it stands. */
const hardShrink = (x: tf.Tensor, { node }: OperatorContext) =>
	tf.mul(x, tf.cast(tf.greater(tf.abs(x), number(node, 'threshold', 0.5)), 'float32'));

/** 0 below -1, x above 1, and (x + 1)^2 / 4 between: a softplus of finite reach. */
const sparsePlus = (x: tf.Tensor) =>
	tf.add(tf.mul(tf.square(tf.clipByValue(tf.add(x, 1), 0, 2)), 0.25), tf.relu(tf.sub(x, 1)));

/** max(0, x) with the extras of Keras: upper limit, slope below, threshold. */
function relu(x: tf.Tensor, { node }: OperatorContext): tf.Tensor {
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
}

/** Softmax along any axis: tfjs knows only the last one. */
function softmax(x: tf.Tensor, { node }: OperatorContext): tf.Tensor {
	const axis = (number(node, 'axis', -1) + x.rank) % x.rank;
	if (axis === x.rank - 1) return tf.softmax(x);
	const exponentials = tf.exp(tf.sub(x, tf.max(x, axis, true)));
	return tf.div(exponentials, tf.sum(exponentials, axis, true));
}

const operators: Operators = {
	Relu: unary(relu),
	Relu6: unary(relu6),
	LeakyRelu: unary((x, { node }) => tf.leakyRelu(x, number(node, 'slope', 0.2))),
	PRelu: unary((x, { weight }) => tf.prelu(x, weight('alpha'))),
	Elu: unary((x, { node }) => {
		const alpha = number(node, 'alpha', 1);
		return alpha === 1 ? tf.elu(x) : tf.add(tf.relu(x), tf.mul(tf.sub(tf.exp(tf.minimum(x, 0)), 1), alpha));
	}),
	Selu: unary((x) => tf.selu(x)),
	Celu: unary(celu),
	Sigmoid: unary((x) => tf.sigmoid(x)),
	HardSigmoid: unary(hardSigmoid),
	LogSigmoid: unary((x) => tf.neg(tf.softplus(tf.neg(x)))),
	Tanh: unary((x) => tf.tanh(x)),
	HardTanh: unary((x) => tf.clipByValue(x, -1, 1)),
	TanhShrink: unary((x) => tf.sub(x, tf.tanh(x))),
	SoftShrink: unary(softShrink),
	HardShrink: unary(hardShrink),
	Softplus: unary((x) => tf.softplus(x)),
	SparsePlus: unary(sparsePlus),
	/** (x + sqrt(x^2 + b)) / 2 (Barron 2021). */
	SquarePlus: unary((x, { node }) => tf.mul(tf.add(x, tf.sqrt(tf.add(tf.square(x), number(node, 'b', 4)))), 0.5)),
	Softsign: unary((x) => tf.div(x, tf.add(tf.abs(x), 1))),
	Swish: unary((x) => tf.mul(x, tf.sigmoid(x))),
	HardSwish: unary(hardSwish),
	Mish: unary((x) => tf.mul(x, tf.tanh(tf.softplus(x)))),
	Gelu: unary(erfGelu),
	GeluTanh: unary(tanhGelu),
	Softmax: unary(softmax),
	LogSoftmax: unary((x) => tf.logSoftmax(x)),
	Exp: unary((x) => tf.exp(x)),
	Log: unary((x) => tf.log(x)),
	Sqrt: unary((x) => tf.sqrt(x)),
	Square: unary((x) => tf.square(x)),
	Neg: unary((x) => tf.neg(x)),
	Abs: unary((x) => tf.abs(x)),
	Identity: unary((x) => tf.clone(x))
};

export default operators;
