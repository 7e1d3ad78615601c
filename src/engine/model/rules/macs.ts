import type { GraphNode, Shape } from '#contracts/graph.ts';
import { product } from '#maths/product.ts';

/**
 * Multiply-adds (MACs) of one node and row of a batch: null where a count would be a guess. A convolution counts kernel size
 * times output size; additions of biases, comparisons of rectifiers and lookups count as nothing, normalisations and sums of
 * inputs as one per output number. FLOPs, where they are shown, are twice that.
 * @param inputs the nodes that feed it
 */
export type Macs = (node: GraphNode, inputs: readonly GraphNode[]) => number | null;

/** Numbers of one row. */
export const sizeOf = (shape: Shape) => shape.slice(1).reduce<number>((product, n) => product * (n ?? 1), 1);

/** Output cells without the batch and the channels. */
const positions = (shape: Shape) => shape.slice(1, -1).reduce<number>((n, m) => n * (m ?? 1), 1);

/** Numbers that bilinear interpolation weighs for one that comes out. */
const CORNERS = 4;

/** It moves or compares numbers. */
export const free: Macs = () => 0;
export const uncounted: Macs = () => null;
export const perOutput: Macs = ({ shape }) => sizeOf(shape);
export const perInput: Macs = (_node, [input]) => (input ? sizeOf(input.shape) : null);
/** One per output number and term after the first. */
export const perTerm: Macs = ({ shape, weights }, inputs) =>
	sizeOf(shape) * Math.max(1, inputs.length + weights.length - 1);
export const interpolated: Macs = ({ shape }) => CORNERS * sizeOf(shape);

/** Without a role, the kernel is the weight of that rank. */
function kernelOf({ shape, weights }: GraphNode): readonly number[] | undefined {
	const named = weights.find(({ role }) => role === 'kernel');
	return (named ?? weights.find((weight) => weight.shape.length === shape.length))?.shape;
}

export const convolved: Macs = (node) => {
	const kernel = kernelOf(node);
	return kernel ? positions(node.shape) * product(kernel) : null;
};

/** The kernel may be the second input. */
export const convolvedWith: Macs = (node, inputs) => {
	const computed = inputs[1];
	return convolved(node, inputs) ?? (computed ? positions(node.shape) * sizeOf([1, ...computed.shape]) : null);
};

/** Each input cell is multiplied with the whole kernel. */
export const spread: Macs = (node, [input]) => {
	const kernel = kernelOf(node);
	return kernel && input ? positions(input.shape) * product(kernel) : null;
};

export const separable: Macs = ({ shape, weights }) =>
	positions(shape) * weights.filter((w) => w.shape.length === 4).reduce((sum, w) => sum + product(w.shape), 0);

export const dense: Macs = ({ shape, weights }) => {
	const kernel = weights.find(({ role }) => role === 'kernel')?.shape;
	return kernel ? (sizeOf(shape) / (kernel[1] as number)) * product(kernel) : null;
};

export const matrices: Macs = ({ shape, attributes }, [input]) => {
	const inner = input?.shape.at(attributes['transposeA'] === true ? -2 : -1);
	return inner ? sizeOf(shape) * inner : null;
};

export const averaged: Macs = ({ shape, attributes }) => {
	const window = attributes['size'];
	return Array.isArray(window) ? sizeOf(shape) * product(window as number[]) : null;
};

/** All matrices at every step. */
export const recurrent: Macs = ({ weights }, [input]) => {
	const steps = input?.shape[1];
	const matrices = weights.filter(({ shape, role }) => shape.length === 2 && role !== 'bias');
	return steps ? steps * matrices.reduce((sum, { shape }) => sum + product(shape), 0) : null;
};
