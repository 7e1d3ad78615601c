import type { Constant } from '#engine/model/onnx/definition.ts';

/**
 * A tensor that is computed. The layout is chosen once, value by value: `order` says which axis of the file each axis in memory
 * is. What wants channels last gets them so, what works number by number takes them as they lie, and transposes of the file
 * change the order alone, until something needs another.
 */
export interface Value {
	constant?: never;
	/** Of the step's output. */
	ref: string;
	/** In the file's order, the batch as its stand-in. */
	shape: readonly number[];
	order: readonly number[];
	dtype: 'float32' | 'int32' | 'bool';
	/** Nobody knows what comes out. */
	unknown?: true;
	/** Of a quantised file: these are the real numbers; stored are `x / scale + zero`, cut at low and high. */
	quantised?: Quantised;
	/** It is no tensor but a sequence of these. */
	items?: readonly Operand[];
}

export interface Quantised {
	scale: number;
	zero: number;
	low: number;
	high: number;
}

export type Operand = Value | Constant;

export const isConstant = (operand: Operand | undefined): operand is Constant => operand?.constant === true;

export const natural = (rank: number): number[] => Array.from({ length: rank }, (_, i) => i);

/** Batch, positions, channels. */
export const channelsLast = (rank: number): number[] => (rank < 3 ? natural(rank) : [0, ...natural(rank).slice(2), 1]);

export const sameOrder = (a: readonly number[], b: readonly number[]) => a.every((axis, i) => axis === b[i]);

/** Sizes as they lie in memory. */
export const inMemory = ({ shape, order }: Pick<Value, 'shape' | 'order'>): number[] =>
	order.map((axis) => shape[axis] as number);

/** Where each axis of the file lies in memory. */
export const inverse = (order: readonly number[]): number[] => order.map((_, axis) => order.indexOf(axis));

/** -1 is the last one. */
export function axisOf(axis: number, rank: number): number {
	const at = axis < 0 ? axis + rank : axis;
	if (!Number.isInteger(at) || at < 0 || at >= Math.max(1, rank))
		throw new RangeError(`There is no axis ${axis} of ${rank}.`);
	return at;
}
