import type * as tf from '#engine/tf.ts';
import {
	flag,
	group,
	list,
	number,
	type Compute,
	type OperatorContext,
	type Operators
} from '#engine/model/operators/operator.ts';
import { normalisation as normalised } from '#engine/model/rules/derivation.ts';
import { perOutput, uncounted } from '#engine/model/rules/macs.ts';
import { alongAxes, kept, mixed } from '#engine/model/rules/positions.ts';

type Function = (x: tf.Tensor) => tf.Tensor;

/** `f` on x with one of its axes as the last one. */
function alongLast({ tf }: OperatorContext, x: tf.Tensor, axis: number, f: Function): tf.Tensor {
	if (axis === x.rank - 1) return f(x);
	const order = x.shape.map((_, i) => i).filter((i) => i !== axis);
	const there = [...order, axis];
	return tf.transpose(
		f(tf.transpose(x, there)),
		there.map((_, i) => there.indexOf(i))
	);
}

/** Numbers per cell of some axes, as they broadcast over x. */
const spread = ({ tf }: OperatorContext, values: tf.Tensor, x: tf.Tensor, axes: readonly number[]) =>
	tf.reshape(values, values.size === 1 ? [] : x.shape.map((n, axis) => (axes.includes(axis) ? n : 1)));

/** gamma (x - mean) / sqrt(variance + epsilon) + beta over one axis, the last, as at inference (Ioffe 2015). */
const batchNorm: Compute = ([x], context) => {
	const { tf, node, weight, optional } = context;
	const mean = weight('mean') as tf.Tensor1D;
	const offset = (optional('beta') ?? tf.zerosLike(mean)) as tf.Tensor1D;
	const scale = (optional('gamma') ?? tf.onesLike(mean)) as tf.Tensor1D;
	const variance = weight('variance') as tf.Tensor1D;
	const axis = number(node, 'axis', (x as tf.Tensor).rank - 1);
	return alongLast(context, x as tf.Tensor, axis, (last) => {
		// TF.js knows up to four axes.
		const rows = last.rank > 4 ? tf.reshape(last, [-1, last.shape.at(-1) as number]) : last;
		const y = tf.batchNorm(rows, mean, variance, offset, scale, number(node, 'epsilon', 1e-3));
		return last.rank > 4 ? tf.reshape(y, last.shape) : y;
	});
};

/** (x - mean) / max(sqrt(variance), 1e-7) per cell of `axes`, or the other way round: Keras's preprocessing. */
const standardise: Compute = ([x], context) => {
	const { tf, node, weight } = context;
	const values = (name: string) => (node.attributes[name] ? tf.tensor1d(list(node, name)) : weight(name));
	const axes = list(node, 'axes');
	const mean = spread(context, values('mean'), x as tf.Tensor, axes);
	const std = tf.maximum(tf.sqrt(spread(context, values('variance'), x as tf.Tensor, axes)), 1e-7);
	const input = tf.cast(x as tf.Tensor, 'float32');
	return flag(node, 'invert') ? tf.add(tf.mul(input, std), mean) : tf.div(tf.sub(input, mean), std);
};

/** By mean and variance over all positions and a group of channels (Wu 2018). */
const groupNorm: Compute = ([x], { tf, node, optional }) => {
	const { shape } = x as tf.Tensor;
	const channels = shape.at(-1) as number;
	const groups = Math.min(number(node, 'groups'), channels);
	const rows = tf.reshape(x as tf.Tensor, [shape[0] as number, -1, groups, channels / groups]);
	const { mean, variance } = tf.moments(rows, [1, 3], true);
	const flat = tf.div(tf.sub(rows, mean), tf.sqrt(tf.add(variance, number(node, 'epsilon', 1e-3))));
	const y = tf.reshape(flat, shape);
	const [gamma, beta] = [optional('gamma'), optional('beta')];
	const scaled = gamma ? tf.mul(y, gamma) : y;
	return beta ? tf.add(scaled, beta) : scaled;
};

const shifted = (y: tf.Tensor, { tf, optional }: OperatorContext) => {
	const [gamma, beta] = [optional('gamma'), optional('beta')];
	const scaled = gamma ? tf.mul(y, gamma) : y;
	return beta ? tf.add(scaled, beta) : scaled;
};

/** By mean and variance over `axes` (Ba 2016); `statistics`: with the mean and one by the standard deviation. */
const layerNorm: Compute = ([x], context) => {
	const { tf, node } = context;
	const mean = tf.mean(x as tf.Tensor, list(node, 'axes'), true);
	const centred = tf.sub(x as tf.Tensor, mean);
	const variance = tf.mean(tf.square(centred), list(node, 'axes'), true);
	const std = tf.sqrt(tf.add(variance, number(node, 'epsilon', 1e-5)));
	const y = shifted(tf.div(centred, std), context);
	return flag(node, 'statistics') ? [y, mean, tf.reciprocal(std)] : y;
};

/** By the root of the mean of squares (Zhang 2019). */
const rmsNorm: Compute = ([x], context) => {
	const { tf, node } = context;
	const squares = tf.mean(tf.square(x as tf.Tensor), list(node, 'axes'), true);
	return shifted(tf.div(x as tf.Tensor, tf.sqrt(tf.add(squares, number(node, 'epsilon', 1e-5)))), context);
};

/** x / (bias + alpha / size * sum of squares of `size` neighbouring channels)^beta (Krizhevsky 2012). */
const responseNorm: Compute = ([x], { tf, node }) => {
	const size = number(node, 'size');
	const { shape } = x as tf.Tensor4D;
	const before = Math.floor((size - 1) / 2);
	const border: [number, number][] = shape.map((_, axis) => (axis === 3 ? [before, size - 1 - before] : [0, 0]));
	const squares = tf.pad(tf.square(x as tf.Tensor4D), border);
	const sum = Array.from({ length: size }, (_, i) => tf.slice(squares, [0, 0, 0, i], shape)).reduce((a, b) =>
		tf.add(a, b)
	);
	const scale = tf.add(tf.mul(sum, number(node, 'alpha') / size), number(node, 'bias'));
	return tf.div(x as tf.Tensor4D, tf.pow(scale, number(node, 'beta')));
};

/** To length one along some axes. */
const unitNorm: Compute = ([x], { tf, node }) => {
	const squares = tf.sum(tf.square(x as tf.Tensor), list(node, 'axes'), true);
	return tf.div(x as tf.Tensor, tf.sqrt(tf.maximum(squares, 1e-12)));
};

const normalisation = group({ family: 'normalisation', figure: 'normalisation', macs: perOutput, positions: kept });
/** Of TensorFlow, where its numbers are computed. */
const fused = normalisation('Batch normalisation in one operation.', { strip: 'finishes' });

const operators: Operators = {
	BatchNormalization: normalisation(
		'Shifts and scales every channel by the mean and variance that training saw, then by learned numbers.',
		{
			word: 'BatchNorm',
			strip: 'finishes',
			derive: normalised,
			compute: batchNorm
		}
	),
	FusedBatchNorm: fused,
	FusedBatchNormV2: fused,
	FusedBatchNormV3: fused,
	LayerNormalization: normalisation(
		'Brings every example to mean zero and variance one, then scales and shifts by learned numbers.',
		{ word: 'LayerNorm', positions: alongAxes, compute: layerNorm }
	),
	Normalization: normalisation(
		'Shifts and scales the input by the mean and variance of the data that it was made for.',
		{
			prepares: 'surely',
			compute: standardise
		}
	),
	GroupNormalization: normalisation(
		'Brings groups of channels to mean zero and variance one over all positions, then scales and shifts by learned numbers.',
		{ word: 'GroupNorm', positions: mixed, compute: groupNorm }
	),
	UnitNormalization: normalisation('Brings every example to length one.', { positions: alongAxes, compute: unitNorm }),
	RMSNormalization: normalisation('Divides every example by its root mean square, then scales by learned numbers.', {
		word: 'RMSNorm',
		positions: alongAxes,
		compute: rmsNorm
	}),
	LRN: normalisation('Divides each value by the size of its neighbours in other channels.', {
		macs: uncounted,
		compute: responseNorm
	})
};

export default operators;
