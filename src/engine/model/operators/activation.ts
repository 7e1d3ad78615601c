import * as tf from '#engine/tf.ts';
import { number, type Operator, type OperatorContext, type Operators } from '#engine/model/operators/operator.ts';

/** An operation of one tensor, element by element or along its last axis. */
const unary =
	(f: (x: tf.Tensor, context: OperatorContext) => tf.Tensor): Operator =>
	([x], context) =>
		f(x as tf.Tensor, context);

const relu6 = (x: tf.Tensor) => tf.relu6(x);
const hardSigmoid = (x: tf.Tensor) => tf.clipByValue(tf.add(tf.mul(x, 0.2), 0.5), 0, 1);
/** x * relu6(x + 3) / 6 (Howard 2019, Searching for MobileNetV3). */
const hardSwish = (x: tf.Tensor) => tf.mul(x, tf.mul(relu6(tf.add(x, 3)), 1 / 6));
const erfGelu = (x: tf.Tensor) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
const tanhGelu = (x: tf.Tensor) => {
	const inner = tf.mul(tf.add(x, tf.mul(tf.pow(x, 3), 0.044715)), Math.sqrt(2 / Math.PI));
	return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
};

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
	Sigmoid: unary((x) => tf.sigmoid(x)),
	HardSigmoid: unary(hardSigmoid),
	Tanh: unary((x) => tf.tanh(x)),
	Softplus: unary((x) => tf.softplus(x)),
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
