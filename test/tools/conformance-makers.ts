import type { AttributeValue } from '#contracts/graph.ts';
import { operators } from '#engine/model/operators/index.ts';
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

type Attributes = Record<string, AttributeValue>;

type Weight = (role: string) => tf.Tensor | undefined;

/** An operator of the table on tensors. */
export function fixed(
	type: string,
	data: tf.Tensor[],
	attributes: Attributes = {},
	optional: Weight = () => undefined
): tf.Tensor {
	const node = { id: type, type, attributes, inputs: [], shape: [], dtype: 'float32', weights: [], group: [] };
	const y = operators.get(type)!.compute!(data, { tf, node, optional, weight: (role) => optional(role)! });
	return Array.isArray(y) ? y[0]! : y;
}

/** @param inputs the data, then the weights in the order of `roles` */
export function operator(
	type: string,
	inputs: readonly number[][],
	attributes: Attributes = {},
	roles: readonly string[] = []
) {
	const words = Object.entries(attributes).map(([key, value]) => ` ${key} ${JSON.stringify(value)}`);
	return {
		name: `operator ${type}${words.join(',')}`,
		inputs,
		op(...tensors: tf.Tensor[]) {
			const data = tensors.slice(0, tensors.length - roles.length);
			const weight: Weight = (role) => (roles.includes(role) ? tensors[data.length + roles.indexOf(role)] : undefined);
			return fixed(type, data, attributes, weight);
		}
	} satisfies Case;
}
