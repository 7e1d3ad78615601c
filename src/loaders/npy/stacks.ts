import { isNumeric, isText } from '#maths/read-npy.ts';
import { splitName, splitOrder } from '#maths/split-name.ts';
import { rowsIn, type NpyArray } from '#loaders/npy/arrays.ts';
import { product } from '#maths/product.ts';

/** Arrays that are one, cut into parts: `x_train` and `x_test`, as Keras keeps its data sets. */
export interface Stack {
	name: string;
	arrays: readonly NpyArray[];
	/** What each part is called; empty where there is one only. */
	splits: readonly string[];
	count: number;
	/** Shape of a row. */
	inner: readonly number[];
	numeric: boolean;
}

const kindOf = ({ header }: NpyArray) => (isNumeric(header) ? 'numbers' : isText(header) ? 'texts' : header.type);

function stacked(name: string, arrays: readonly NpyArray[], splits: readonly string[]): Stack {
	const [first] = arrays;
	return {
		name,
		arrays,
		splits,
		count: rowsIn(arrays),
		inner: first!.header.shape.slice(1),
		numeric: arrays.every(({ header }) => isNumeric(header))
	};
}

/** Parts of one kind and one shape of row under one name; all others are stacks of one. */
export function stacksOf(arrays: readonly NpyArray[]): Stack[] {
	const named = new Map<string, { split: string; array: NpyArray }[]>();
	const alone: NpyArray[] = [];
	for (const array of arrays) {
		const part = array.header.shape.length ? splitName(array.name) : null;
		if (!part) alone.push(array);
		else named.set(part.rest, [...(named.get(part.rest) ?? []), { split: part.split, array }]);
	}
	const stacks = alone.map((array) => stacked(array.name, [array], []));
	for (const [rest, parts] of named) {
		parts.sort((a, b) => splitOrder(a.split) - splitOrder(b.split));
		const shapes = new Set(parts.map(({ array }) => `${kindOf(array)} ${array.header.shape.slice(1).join()}`));
		const whole =
			parts.length > 1 && shapes.size === 1 && new Set(parts.map(({ split }) => split)).size === parts.length;
		if (whole)
			stacks.push(
				stacked(
					rest || 'data',
					parts.map(({ array }) => array),
					parts.map(({ split }) => split)
				)
			);
		else stacks.push(...parts.map(({ array }) => stacked(array.name, [array], [])));
	}
	return stacks;
}

/** Whether two have the same rows: as many, cut at the same rows. */
export const sameRows = (a: Stack, b: Stack): boolean =>
	a.arrays.length === b.arrays.length &&
	a.arrays.every(({ header }, k) => header.shape[0] === b.arrays[k]!.header.shape[0] && a.splits[k] === b.splits[k]);

/** What lies in one row, with a value for each of so many rows: as a column of them. */
export function upright(stack: Stack, rows: number): Stack {
	const [array, ...others] = stack.arrays;
	const { shape } = array!.header;
	if (others.length || shape.length !== 2 || shape[0] !== 1 || shape[1] !== rows || rows < 2) return stack;
	return { ...stack, arrays: [{ ...array!, header: { ...array!.header, shape: [rows] } }], count: rows, inner: [] };
}

/** Numbers or texts in one row. */
export const widthOf = ({ inner }: Stack): number => product(inner);
