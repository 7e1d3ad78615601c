import * as tf from '#engine/tf.ts';
import {
	flag,
	list,
	number,
	padding,
	pair,
	type OperatorContext,
	type Operators
} from '#engine/model/operators/operator.ts';

type Image = tf.Tensor4D;

/** While a gradient is recorded: the fused operations would work out the filter's gradient too, wanted or not. */
const recording = () => tf.engine().state.gradientDepth > 0;

const biased = (y: tf.Tensor, { optional }: OperatorContext) => {
	const bias = optional('bias');
	return bias ? tf.add(y, bias) : y;
};

/** Grouped convolution: each group of input channels has filters of its own. */
function grouped(
	x: Image,
	kernel: tf.Tensor4D,
	groups: number,
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
	const { node } = context;
	const strides = pair(node, 'strides');
	const dilations = pair(node, 'dilations');
	const bias = context.optional('bias');
	const groups = number(node, 'groups', inGroups(x, kernel));
	if (bias && groups === 1 && !recording())
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
	return biased(grouped(x, kernel, groups, convolve), context);
}

const operators: Operators = {
	Conv2D: ([x], context) => conv2d(x as Image, context.weight('kernel') as tf.Tensor4D, context),

	/** The kernel may be computed by another node. */
	Conv2DDynamic: ([x, kernel], context) => conv2d(x as Image, kernel as tf.Tensor4D, context),

	DepthwiseConv2D([x], context) {
		const { node, weight, optional } = context;
		const strides = pair(node, 'strides');
		const dilations = pair(node, 'dilations');
		const filter = weight('kernel') as tf.Tensor4D;
		const bias = optional('bias');
		const pad = padding(node) as 'same';
		if (bias && !recording())
			return tf.fused.depthwiseConv2d({ x: x as Image, filter, strides, pad, dilations, bias, activation: 'linear' });
		return biased(tf.depthwiseConv2d(x as Image, filter, strides, pad, 'NHWC', dilations), context);
	},

	SeparableConv2D([x], context) {
		const { node, weight } = context;
		const inner = tf.depthwiseConv2d(
			x as Image,
			weight('depthwise') as tf.Tensor4D,
			pair(node, 'strides'),
			padding(node) as 'same',
			'NHWC',
			pair(node, 'dilations')
		);
		return biased(tf.conv2d(inner, weight('pointwise') as tf.Tensor4D, 1, 'valid'), context);
	},

	/** Kernel [h, w, out, in]. `outputShape` [h, w] is the format's own answer, else what the padding implies. */
	Conv2DTranspose([x], context) {
		const { node, weight } = context;
		const [batch, height, width] = (x as Image).shape;
		const kernel = weight('kernel') as tf.Tensor4D;
		const strides = pair(node, 'strides');
		const given = node.attributes['outputShape'] ? list(node, 'outputShape') : null;
		const size = (length: number, i: 0 | 1) =>
			length * strides[i] + (padding(node) === 'valid' ? Math.max((kernel.shape[i] as number) - strides[i], 0) : 0);
		const [h, w] = given ?? [size(height, 0), size(width, 1)];
		const shape: [number, number, number, number] = [batch, h as number, w as number, kernel.shape[2]];
		return biased(tf.conv2dTranspose(x as Image, kernel, shape, strides, padding(node) as 'same'), context);
	},

	/** As a convolution over images of height 1, which has all the gradients. */
	Conv1D([x], context) {
		const { node, weight } = context;
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
		const y = grouped(input, kernel, number(node, 'groups', 1), (part, filter) =>
			tf.conv2d(part, filter, [1, stride], pad, 'NHWC', [1, dilation])
		);
		return biased(tf.squeeze(y, [1]), context);
	}
};

export default operators;
