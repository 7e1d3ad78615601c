import type * as tf from '#engine/tf.ts';
import { group, pair, type Compute, type OperatorContext, type Operators } from '#engine/model/operators/operator.ts';
import { convolved, spread, uncounted } from '#engine/model/rules/macs.ts';
import { mixed } from '#engine/model/rules/positions.ts';

/** Kinds of convolution along a sequence, computed on pictures of height 1, whose operations have all gradients. */

const biased = (y: tf.Tensor, { tf, optional }: OperatorContext) => {
	const bias = optional('bias');
	const flat = tf.squeeze(y, [1]);
	return bias ? tf.add(flat, bias) : flat;
};

/** Each channel by filters of its own; `causal`: no step sees a later one. */
function depthwise(x: tf.Tensor, filter: tf.Tensor, { tf, node }: OperatorContext): tf.Tensor4D {
	const [stride] = pair(node, 'strides');
	const [dilation] = pair(node, 'dilations');
	const causal = node.attributes['causal'] === true;
	const before = causal ? ((filter.shape[0] as number) - 1) * dilation : 0;
	const wide = tf.pad(tf.expandDims(x as tf.Tensor3D, 1) as tf.Tensor4D, [
		[0, 0],
		[0, 0],
		[before, 0],
		[0, 0]
	]);
	const pad = !causal && node.attributes['padding'] === 'same' ? 'same' : 'valid';
	const kernel = tf.expandDims(filter, 0) as tf.Tensor4D;
	return tf.depthwiseConv2d(wide, kernel, [stride, stride], pad, 'NHWC', [dilation, dilation]);
}

const depthwise1d: Compute = ([x], context) =>
	biased(depthwise(x as tf.Tensor, context.weight('kernel'), context), context);

const separable1d: Compute = ([x], context) => {
	const inner = depthwise(x as tf.Tensor, context.weight('depthwise'), context);
	const pointwise = context.tf.expandDims(context.weight('pointwise'), 0) as tf.Tensor4D;
	return biased(context.tf.conv2d(inner, pointwise, 1, 'valid'), context);
};

/** Kernel [steps, out, in]. */
const transposed1d: Compute = ([x], context) => {
	const { tf, node, weight } = context;
	const kernel = tf.expandDims(weight('kernel'), 0) as tf.Tensor4D;
	const [stride] = pair(node, 'strides');
	const [batch, length] = (x as tf.Tensor3D).shape;
	const [, steps, filters] = kernel.shape;
	const same = node.attributes['padding'] === 'same';
	const out = length * stride + (same ? 0 : Math.max(steps - stride, 0));
	const picture = tf.expandDims(x as tf.Tensor3D, 1) as tf.Tensor4D;
	const y = tf.conv2dTranspose(picture, kernel, [batch, 1, out, filters], [1, stride], same ? 'same' : 'valid');
	return biased(y, context);
};

const along = group({ family: 'weighted', positions: mixed });

const operators: Operators = {
	DepthwiseConv1D: along('A convolution along a sequence in which each channel has filters of its own.', {
		word: 'Depthwise',
		figure: 'depthwise',
		macs: convolved,
		compute: depthwise1d
	}),
	SeparableConv1D: along('A depthwise convolution along a sequence, then one that mixes the channels.', {
		word: 'Separable',
		figure: 'depthwise',
		macs: uncounted,
		compute: separable1d
	}),
	Conv1DTranspose: along('A convolution along a sequence run backwards, so that the output is longer.', {
		word: 'Transposed conv.',
		figure: 'transposed',
		macs: spread,
		compute: transposed1d
	})
};

export default operators;
