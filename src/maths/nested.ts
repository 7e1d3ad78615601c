import { product } from '#maths/product.ts';

/** Lists within lists, as Parquet and Arrow give them. */

const isList = (value: unknown): value is ArrayLike<unknown> => Array.isArray(value) || ArrayBuffer.isView(value);

/**
 * How long lists are, from the outermost to the innermost: a 2 x 3 of numbers is [2, 3]. Empty where there is none.
 * Looks along the first of each only.
 */
export function shapeOf(value: unknown): number[] {
	const shape: number[] = [];
	// Deeper than any tensor: nothing that people keep.
	for (let inner = value; isList(inner) && shape.length < 8; inner = inner[0]) {
		shape.push(inner.length);
		if (inner.length === 0) break;
	}
	return shape;
}

/** Whether the innermost of a list are numbers, truth values or missing. */
export function isNumeric(value: unknown): boolean {
	if (!isList(value)) return value === null || value === undefined || /^(number|bigint|boolean)$/.test(typeof value);
	return ArrayBuffer.isView(value) || Array.from(value).every(isNumeric);
}

/**
 * Writes the numbers of a list into `into` from `at` on, row by row; missing ones are NaN.
 * @returns how many were missing, or -1 where the list has another shape
 */
export function flattened(value: unknown, shape: readonly number[], into: Float32Array, at: number, axis = 0): number {
	const length = shape[axis]!;
	if (!isList(value) || value.length !== length) return -1;
	const inner = product(shape.slice(axis + 1));
	let missing = 0;
	for (let k = 0; k < length; k++) {
		const item = value[k];
		if (axis + 1 < shape.length) {
			const below = flattened(item, shape, into, at + k * inner, axis + 1);
			if (below < 0) return -1;
			missing += below;
		} else if (isList(item)) return -1;
		else if (item === null || item === undefined) {
			missing++;
			into[at + k] = NaN;
		} else into[at + k] = Number(item);
	}
	return missing;
}
