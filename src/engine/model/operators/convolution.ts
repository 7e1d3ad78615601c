import type * as tf from '#engine/tf.ts';
import {
	flag,
	group,
	list,
	number,
	padding,
	pair,
	type Compute,
	type OperatorContext,
	type Operators
} from '#engine/model/operators/operator.ts';
import { convolution } from '#engine/model/rules/derivation.ts';
import { convolved, convolvedWith, separable, spread, uncounted } from '#engine/model/rules/macs.ts';
import { mixed, spread as spreadOut, windowed } from '#engine/model/rules/positions.ts';

type Image = tf.Tensor4D;

/** While a gradient is recorded: the fused operations would work out the filter's gradient too, wanted or not. */
const recording = ({ tf }: OperatorContext) => tf.engine().state.gradientDepth > 0;

const biased = (y: tf.Tensor, { tf, optional }: OperatorContext) => {
	const bias = optional('bias');
	return bias ? tf.add(y, bias) : y;
};

/** Grouped convolution: each group of input channels has filters of its own. */
function grouped(
	x: Image,
	kernel: tf.Tensor4D,
	groups: number,
	{ tf }: OperatorContext,
	convolve: (x: Image, kernel: tf.Tensor4D) => Image
): tf.Tensor {
	if (groups === 1) return convolve(x, kernel);
	const kernels = tf.split(kernel, groups, 3);
	const parts = tf.split(x, groups, 3).map((part, i) => convolve(part as Image, kernels[i] as tf.Tensor4D));
	return tf.concat(parts, 3);
}

/** Filters that see a whole share of the channels each say by their depth into how many groups those fall. */
function inGroups(x: Image, kernel: tf.Tensor4D): number {
	const groups = x.shape[3] / kernel.shape[2];
	return Number.isInteger(groups) && kernel.shape[3] % groups === 0 ? groups : 1;
}

function conv2d(x: Image, kernel: tf.Tensor4D, context: OperatorContext): tf.Tensor {
	const { tf, node } = context;
	const strides = pair(node, 'strides');
	const dilations = pair(node, 'dilations');
	const bias = context.optional('bias');
	const groups = number(node, 'groups', inGroups(x, kernel));
	if (bias && groups === 1 && !recording(context))
		return tf.fused.conv2d({
			x,
			filter: kernel,
			strides,
			pad: padding(node) as 'same',
			dilations,
			bias,
			activation: 'linear'
		});
	const convolve = (part: Image, filter: tf.Tensor4D) =>
		tf.conv2d(part, filter, strides, padding(node) as 'same', 'NHWC', dilations);
	return biased(grouped(x, kernel, groups, context, convolve), context);
}

const depthwiseConv2d: Compute = ([x], context) => {
	const { tf, node, weight, optional } = context;
	const strides = pair(node, 'strides');
	const dilations = pair(node, 'dilations');
	const filter = weight('kernel') as tf.Tensor4D;
	const bias = optional('bias');
	const pad = padding(node) as 'same';
	if (bias && !recording(context))
		return tf.fused.depthwiseConv2d({ x: x as Image, filter, strides, pad, dilations, bias, activation: 'linear' });
	return biased(tf.depthwiseConv2d(x as Image, filter, strides, pad, 'NHWC', dilations), context);
};

const separableConv2d: Compute = ([x], context) => {
	const { tf, node, weight } = context;
	const inner = tf.depthwiseConv2d(
		x as Image,
		weight('depthwise') as tf.Tensor4D,
		pair(node, 'strides'),
		padding(node) as 'same',
		'NHWC',
		pair(node, 'dilations')
	);
	return biased(tf.conv2d(inner, weight('pointwise') as tf.Tensor4D, 1, 'valid'), context);
};

/** Kernel [h, w, out, in]. `outputShape` [h, w] is the format's own answer, else what the padding implies. */
const conv2dTranspose: Compute = ([x], context) => {
	const { tf, node, weight } = context;
	const [batch, height, width] = (x as Image).shape;
	const kernel = weight('kernel') as tf.Tensor4D;
	const strides = pair(node, 'strides');
	const given = node.attributes['outputShape'] ? list(node, 'outputShape') : null;
	const size = (length: number, i: 0 | 1) =>
		length * strides[i] + (padding(node) === 'valid' ? Math.max((kernel.shape[i] as number) - strides[i], 0) : 0);
	const [h, w] = given ?? [size(height, 0), size(width, 1)];
	const shape: [number, number, number, number] = [batch, h as number, w as number, kernel.shape[2]];
	return biased(tf.conv2dTranspose(x as Image, kernel, shape, strides, padding(node) as 'same'), context);
};

/** As a convolution over images of height 1, which has all the gradients. */
const conv1d: Compute = ([x], context) => {
	const { tf, node, weight } = context;
	const [stride] = pair(node, 'strides');
	const [dilation] = pair(node, 'dilations');
	let input = tf.expandDims(x as tf.Tensor3D, 1) as Image;
	const kernel = tf.expandDims(weight('kernel') as tf.Tensor3D, 0) as tf.Tensor4D;
	if (flag(node, 'causal')) {
		const before = ((kernel.shape[1] as number) - 1) * dilation;
		input = tf.pad(input, [
			[0, 0],
			[0, 0],
			[before, 0],
			[0, 0]
		]);
	}
	const pad = flag(node, 'causal') ? 'valid' : (padding(node) as 'same');
	const y = grouped(input, kernel, number(node, 'groups', 1), context, (part, filter) =>
		tf.conv2d(part, filter, [1, stride], pad, 'NHWC', [1, dilation])
	);
	return biased(tf.squeeze(y, [1]), context);
};

const weighted = group({ family: 'weighted', figure: 'convolution' });
const depthwise = group({ family: 'weighted', figure: 'depthwise', kernel: 'depthwise' });
const transposed = group({ family: 'weighted', figure: 'transposed', kernel: 'outputs-inputs', positions: mixed });
const DEPTHWISE = 'A convolution in which each input channel has filters of its own, and channels are not mixed.';
/** Of TensorFlow, where the kernel is computed. */
const plainDepthwise = depthwise(DEPTHWISE, { macs: uncounted, positions: mixed });

const operators: Operators = {
	Conv1D: weighted(
		'Slides filters along a sequence: each output is the sum of a stretch of the input times a learned kernel.',
		{
			word: 'Convolution',
			macs: convolved,
			positions: mixed,
			kernel: 'time',
			compute: conv1d
		}
	),
	Conv2D: weighted(
		'Slides filters over the picture: each output is the sum of a patch of the input times a learned kernel.',
		{
			word: 'Convolution',
			macs: convolved,
			positions: windowed,
			derive: convolution(false),
			compute: ([x], context) => conv2d(x as Image, context.weight('kernel') as tf.Tensor4D, context)
		}
	),
	Conv2DDynamic: weighted('A convolution whose kernel is not stored but computed by another part of the model.', {
		macs: convolvedWith,
		positions: mixed,
		compute: ([x, kernel], context) => conv2d(x as Image, kernel as tf.Tensor4D, context)
	}),
	FusedConv2D: weighted('A convolution with its bias and activation in one operation.', {
		macs: uncounted,
		positions: mixed
	}),
	DepthwiseConv2D: depthwise(DEPTHWISE, {
		word: 'Depthwise',
		macs: convolved,
		positions: windowed,
		derive: convolution(true),
		compute: depthwiseConv2d
	}),
	DepthwiseConv2d: plainDepthwise,
	DepthwiseConv2dNative: plainDepthwise,
	FusedDepthwiseConv2dNative: depthwise('A depthwise convolution with its bias and activation in one operation.', {
		macs: uncounted,
		positions: mixed
	}),
	SeparableConv2D: depthwise('A depthwise convolution, then one of 1 × 1 that mixes the channels.', {
		word: 'Separable',
		kernel: 'inputs-outputs',
		macs: separable,
		positions: windowed,
		compute: separableConv2d
	}),
	Conv2DTranspose: transposed(
		'A convolution run backwards: each input cell is spread over a patch of a larger output.',
		{
			word: 'Transposed conv.',
			macs: spread,
			positions: spreadOut,
			compute: conv2dTranspose
		}
	),
	Conv2DBackpropInput: transposed(
		'A convolution run backwards: each input cell is spread over a patch of a larger output.',
		{ macs: uncounted }
	)
};

export default operators;
