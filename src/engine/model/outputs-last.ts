import type { WeightInfo } from '#contracts/graph.ts';

/** PyTorch writes outputs first, TF.js last: how the axes are turned from the one to the other. */

/** Null where outputs are last already. */
export const outputsLast = ({ order, shape }: Pick<WeightInfo, 'order' | 'shape'>): number[] | null =>
	order === 'outputs-first' ? [...shape.keys()].slice(2).concat(1, 0) : null;

/** The shape with outputs last. */
export const lastShape = (weight: Pick<WeightInfo, 'order' | 'shape'>): readonly number[] => {
	const axes = outputsLast(weight);
	return axes ? permuted(weight.shape, axes) : weight.shape;
};

/** The way back, for a shape that has them last. */
export const outputsFirst = (shape: readonly number[]): number[] => {
	const rank = shape.length;
	return [rank - 1, rank - 2, ...Array.from({ length: rank - 2 }, (_, axis) => axis)];
};

export const permuted = (shape: readonly number[], axes: readonly number[]) =>
	axes.map((axis) => shape[axis] as number);
