import * as tf from '#engine/tf.ts';
import type { Case } from './conformance.ts';

/** Cases of the operations that come in many forms. */

export const four = (x: tf.Tensor) => x as tf.Tensor4D;
export const unary = (name: string, f: (x: tf.Tensor) => tf.Tensor, extra: Partial<Case> = {}): Case => ({
	name,
	inputs: [[2, 7]],
	op: f,
	...extra
});

export const conv = (
	name: string,
	x: number[],
	k: number[],
	strides: number | [number, number],
	pad: unknown,
	dilation: number | [number, number] = 1
): Case => ({
	name: `conv2d ${name}`,
	inputs: [x, k],
	op: (a, b) => tf.conv2d(four(a), four(b), strides, pad as 'same', 'NHWC', dilation)
});
export const depthwise = (
	name: string,
	x: number[],
	k: number[],
	strides: number | [number, number],
	pad: 'same' | 'valid',
	dilation: number | [number, number] = 1
): Case => ({
	name: `depthwise ${name}`,
	inputs: [x, k],
	op: (a, b) => tf.depthwiseConv2d(four(a), four(b), strides, pad, 'NHWC', dilation)
});
export const pool = (
	name: string,
	kind: 'max' | 'avg',
	shape: number[],
	size: number | [number, number],
	strides: number,
	pad: 'same' | 'valid'
): Case => ({
	name: `${kind}Pool ${name}`,
	inputs: [shape],
	op: (x) => (kind === 'max' ? tf.maxPool(four(x), size, strides, pad) : tf.avgPool(four(x), size, strides, pad))
});
export const resize = (kind: 'bilinear' | 'nearest', size: [number, number], align: boolean, half: boolean): Case => ({
	name: `resize ${kind} to ${size.join('x')}${align ? ' aligned' : ''}${half ? ' half-pixel' : ''}`,
	inputs: [[2, 4, 5, 2]],
	op: (x) =>
		kind === 'bilinear'
			? tf.image.resizeBilinear(four(x), size, align, half)
			: tf.image.resizeNearestNeighbor(four(x), size, align, half)
});
