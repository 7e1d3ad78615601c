import type { GraphNode } from '#contracts/graph.ts';

/** Where a convolution or a pooling looks. */
export interface Window {
	/** Of the input's grid; negative in the padding. */
	top: number;
	left: number;
	rows: number;
	columns: number;
	dilation: readonly [number, number];
}

const pairOf = (value: unknown, otherwise: readonly [number, number]): readonly [number, number] => {
	if (typeof value === 'number') return [value, value];
	return Array.isArray(value) && value.length ? [Number(value[0]), Number(value[1] ?? value[0])] : otherwise;
};

/** [rows, columns] each. */
interface Kernel {
	size: readonly [number, number];
	stride: readonly [number, number];
	dilation: readonly [number, number];
}

/** What slides over the input: the stored kernel's size, or that of a pool. */
export function kernelOf({ attributes, weights }: GraphNode): Kernel {
	const kernel = weights.find(({ role, shape }) => shape.length === 4 && role !== 'pointwise');
	const size = kernel ? ([kernel.shape[0], kernel.shape[1]] as [number, number]) : pairOf(attributes['size'], [1, 1]);
	return {
		size,
		stride: pairOf(attributes['strides'], kernel ? [1, 1] : size),
		dilation: pairOf(attributes['dilations'], [1, 1])
	};
}

/**
 * @param shape of the input, [h, w, c]
 * @param position [row, column] of the output
 */
export function windowOf(node: GraphNode, shape: readonly number[], position: readonly number[]): Window {
	const kernel = kernelOf(node);
	const { size, stride, dilation } = kernel;
	const start = ([0, 1] as const).map(
		(axis) => (position[axis] as number) * stride[axis] - before(node, shape, kernel, axis)
	);
	return { top: start[0] as number, left: start[1] as number, rows: size[0], columns: size[1], dilation };
}

/** Rows or columns of padding in front: TensorFlow's SAME puts the odd one behind. */
function before(
	{ attributes }: GraphNode,
	shape: readonly number[],
	{ size, stride, dilation }: Kernel,
	axis: 0 | 1
): number {
	const { padding } = attributes;
	if (Array.isArray(padding)) return Number((padding[axis] as number[])[0]);
	if (padding !== 'same') return 0;
	const input = shape[axis] as number;
	const reach = (size[axis] - 1) * dilation[axis] + 1;
	const total = Math.max((Math.ceil(input / stride[axis]) - 1) * stride[axis] + reach - input, 0);
	return Math.floor(total / 2);
}
