import * as tf from '#engine/tf.ts';
import { put, take } from '#engine/gradients/axes.ts';

/**
 * tfjs 4.22 refuses gradients of dilated convolutions on every backend, and its WASM backend lacks Conv2DBackpropFilter
 * and both depthwise ones. Input gradients here are forward convolutions, which every backend has; filter gradients are a
 * slice and a product per tap. To be deleted when tfjs has both (tfjs issues 4100 and 5161 ask for them).
 */

type Pair = [number, number];
type Pad = number | 'same' | 'valid' | [Pair, Pair, Pair, Pair];

interface Attributes {
	strides: Pair | number;
	pad: Pad;
	dilations?: Pair | number;
	dimRoundingMode?: 'floor' | 'round' | 'ceil';
	dataFormat?: string;
}

const pair = (value: Pair | number | undefined): Pair =>
	typeof value === 'number' ? [value, value] : (value ?? [1, 1]);

function geometry(inputShape: number[], filterShape: number[], a: Attributes, depthwise: boolean) {
	const { strides, pad, dilations, dimRoundingMode } = a;
	return tf.backend_util.computeConv2DInfo(
		inputShape as [number, number, number, number],
		filterShape as [number, number, number, number],
		strides,
		pair(dilations),
		pad,
		dimRoundingMode,
		depthwise
	);
}

type Geometry = ReturnType<typeof geometry>;

/** dy with zeros between for the stride, and with the border that a full convolution needs. */
function spread(dy: tf.Tensor, g: Geometry): tf.Tensor4D {
	const top = g.effectiveFilterHeight - 1 - g.padInfo.top;
	const left = g.effectiveFilterWidth - 1 - g.padInfo.left;
	const rows = put(dy, 1, top, g.strideHeight, g.inHeight + g.effectiveFilterHeight - 1);
	return put(rows, 2, left, g.strideWidth, g.inWidth + g.effectiveFilterWidth - 1) as tf.Tensor4D;
}

function convInput(dy: tf.Tensor, filter: tf.Tensor, shape: number[], a: Attributes): tf.Tensor {
	return tf.tidy(() => {
		const g = geometry(shape, filter.shape, a, false);
		const flipped = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]) as tf.Tensor4D;
		return tf.conv2d(spread(dy, g), flipped, 1, 'valid', 'NHWC', pair(a.dilations));
	});
}

function depthwiseInput(dy: tf.Tensor, filter: tf.Tensor, shape: number[], a: Attributes): tf.Tensor {
	return tf.tidy(() => {
		const g = geometry(shape, filter.shape, a, true);
		const [h, w, channels, multiplier] = filter.shape as [number, number, number, number];
		const wide = spread(dy, g);
		const flipped = tf.reverse(filter, [0, 1]);
		// Output channel c * multiplier + m comes from input channel c.
		const [b, height, width] = wide.shape;
		const parts = Array.from({ length: multiplier }, (_, m) => {
			const from = take(tf.reshape(wide, [b, height, width, channels * multiplier]), 3, m, multiplier, channels);
			const kernel = take(flipped, 3, m, 1, 1);
			return tf.depthwiseConv2d(
				from as tf.Tensor4D,
				tf.reshape(kernel, [h, w, channels, 1]),
				1,
				'valid',
				'NHWC',
				pair(a.dilations)
			);
		});
		return tf.addN(parts);
	});
}

/** The input cells under each tap of the filter, one tensor [b, outHeight, outWidth, c] per tap. */
function* taps(x: tf.Tensor, g: Geometry): Generator<tf.Tensor4D> {
	const { top, left, bottom, right } = g.padInfo;
	// A stride may leave a rest of the input that no tap reaches, or reach one row beyond it.
	const padded = tf.pad(x as tf.Tensor4D, [
		[0, 0],
		[Math.max(0, top), Math.max(0, bottom)],
		[Math.max(0, left), Math.max(0, right)],
		[0, 0]
	]);
	for (let i = 0; i < g.filterHeight; i++) {
		const rows = take(padded, 1, i * g.dilationHeight, g.strideHeight, g.outHeight);
		for (let j = 0; j < g.filterWidth; j++)
			yield take(rows, 2, j * g.dilationWidth, g.strideWidth, g.outWidth) as tf.Tensor4D;
	}
}

function convFilter(x: tf.Tensor, dy: tf.Tensor, shape: number[], a: Attributes): tf.Tensor {
	return tf.tidy(() => {
		const g = geometry(x.shape, shape, a, false);
		const right = tf.reshape(dy, [-1, g.outChannels]) as tf.Tensor2D;
		const products = [...taps(x, g)].map((tap) =>
			tf.matMul(tf.reshape(tap, [-1, g.inChannels]) as tf.Tensor2D, right, true)
		);
		return tf.reshape(tf.stack(products), shape);
	});
}

function depthwiseFilter(x: tf.Tensor, dy: tf.Tensor, shape: number[], a: Attributes): tf.Tensor {
	return tf.tidy(() => {
		const g = geometry(x.shape, shape, a, true);
		const [, , channels, multiplier] = shape as [number, number, number, number];
		const right = tf.reshape(dy, [-1, channels, multiplier]);
		const products = [...taps(x, g)].map((tap) => tf.sum(tf.mul(tf.reshape(tap, [-1, channels, 1]), right), 0));
		return tf.reshape(tf.stack(products), shape);
	});
}

const dilated = (a: Attributes) => pair(a.dilations).some((n) => n > 1);
const onWasm = () => tf.getBackend() === 'wasm';

function channelsLast(a: Attributes): void {
	if (a.dataFormat && a.dataFormat !== 'NHWC')
		throw new Error(`The gradient of a convolution in ${a.dataFormat} is not known.`);
}

export function mendConvolutions(): void {
	tf.registerGradient({
		kernelName: 'Conv2D',
		inputsToSave: ['x', 'filter'],
		gradFunc: (dy, saved, attributes) => {
			const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
			const a = attributes as unknown as Attributes;
			channelsLast(a);
			const upstream = dy as tf.Tensor4D;
			return {
				// WASM has the kernel, but a plain loop: its forward convolution is several times faster (npm run bench).
				x: () =>
					dilated(a) || onWasm()
						? convInput(upstream, filter, x.shape, a)
						: tf
								.engine()
								.runKernel('Conv2DBackpropInput', { dy: upstream, filter }, { ...attributes, inputShape: x.shape }),
				filter: () =>
					dilated(a) || onWasm()
						? convFilter(x, upstream, filter.shape, a)
						: tf
								.engine()
								.runKernel('Conv2DBackpropFilter', { x, dy: upstream }, { ...attributes, filterShape: filter.shape })
			};
		}
	});
	tf.registerGradient({
		kernelName: 'Conv2DBackpropInput',
		inputsToSave: ['dy', 'filter'],
		gradFunc: (upstream, saved, attributes) => {
			const [dy, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
			const a = attributes as unknown as Attributes;
			channelsLast(a);
			const ddx = upstream as tf.Tensor4D;
			return {
				dy: () => tf.conv2d(ddx, filter, a.strides, a.pad as 'same', 'NHWC', 1, a.dimRoundingMode),
				filter: () => convFilter(ddx, dy, filter.shape, a)
			};
		}
	});
	tf.registerGradient({
		kernelName: 'DepthwiseConv2dNative',
		inputsToSave: ['x', 'filter'],
		gradFunc: (dy, saved, attributes) => {
			const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
			const a = attributes as unknown as Attributes;
			const upstream = dy as tf.Tensor4D;
			const own = dilated(a) || onWasm();
			return {
				x: () =>
					own
						? depthwiseInput(upstream, filter, x.shape, a)
						: tf
								.engine()
								.runKernel(
									'DepthwiseConv2dNativeBackpropInput',
									{ dy: upstream, filter },
									{ ...attributes, inputShape: x.shape }
								),
				filter: () =>
					own
						? depthwiseFilter(x, upstream, filter.shape, a)
						: tf
								.engine()
								.runKernel(
									'DepthwiseConv2dNativeBackpropFilter',
									{ x, dy: upstream },
									{ ...attributes, filterShape: filter.shape }
								)
			};
		}
	});
}
