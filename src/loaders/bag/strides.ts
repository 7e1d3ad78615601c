import type { TypedValues } from '#loaders/bag/elements.ts';
import { product } from '#maths/product.ts';

/** Numbers that lie in another order than that of their shape. */

/** Steps of an array whose first axis is the fastest, as Fortran has it. */
export const firstFastest = (shape: readonly number[]): number[] =>
	shape.map((_, axis) => product(shape.slice(0, axis)));

function inOrder(shape: readonly number[], strides: readonly number[]): boolean {
	let expected = 1;
	for (let axis = shape.length - 1; axis >= 0; axis--) {
		if (shape[axis] !== 1 && strides[axis] !== expected) return false;
		expected *= shape[axis]!;
	}
	return true;
}

/** In the order of the shape, the last axis fastest. @param strides numbers from one index of an axis to the next */
export function gathered(
	{ dtype, values }: TypedValues,
	shape: readonly number[],
	strides: readonly number[]
): TypedValues {
	if (!values.length || inOrder(shape, strides)) return { dtype, values };
	const count = product(shape);
	const Kind = values.constructor as new (length: number) => typeof values;
	const out = new Kind(count);
	const index = shape.map(() => 0);
	for (let k = 0, at = 0; k < count; k++) {
		out[k] = values[at]!;
		for (let axis = shape.length - 1; axis >= 0; axis--) {
			at += strides[axis]!;
			if (++index[axis]! < shape[axis]!) break;
			at -= shape[axis]! * strides[axis]!;
			index[axis] = 0;
		}
	}
	return { dtype, values: out };
}
