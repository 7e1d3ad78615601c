import { LIMITS, type DataContext } from '#contracts/data-loader.ts';
import type { Column } from '#contracts/data-set.ts';
import { classesOfOneHot } from '#maths/one-hot.ts';
import { isBoolean, isText, isWide } from '#maths/read-npy.ts';
import { categorical } from '#loaders/categories.ts';
import { datesOf, stackedValues, textsOf, valuesOf, wideOf } from '#loaders/npy/arrays.ts';
import { widthOf, type Stack } from '#loaders/npy/stacks.ts';

/** What an array with one row for each row of the data says of them. */

/** Numbers of a row that are made columns each: more are vectors of their own. */
const MAX_ROW_VALUES = 16;

/** A class of many, written out as 0 and 1. */
const MAX_ONE_HOT_CLASSES = LIMITS.categories;

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** The columns that it makes; none for what is no column. */
export async function columnsOf(stack: Stack, context: DataContext, notes: string[]): Promise<readonly Column[]> {
	const { name, arrays, numeric } = stack;
	const width = widthOf(stack);
	const [first] = arrays;
	if (first!.header.type[1] === 'M' && width === 1) {
		const parts = await Promise.all(arrays.map(datesOf));
		return [{ kind: 'number', name, values: Float64Array.from(parts.flatMap((part) => [...part])), date: true }];
	}
	if (isText(first!.header) && width === 1) {
		const texts = (await Promise.all(arrays.map(textsOf))).flat();
		const few = new Set(texts).size <= LIMITS.categories;
		return [few ? categorical(name, texts) : { kind: 'text', name, values: texts }];
	}
	if (!numeric) return [];
	if (width > 1) return manyColumns(stack, width, context);
	const values = await doubles(stack, context);
	if (isBoolean(first!.header))
		return [
			categorical(
				name,
				Array.from(values, (value) => (value ? 'true' : 'false'))
			)
		];
	const wide =
		arrays.some(({ header }) => isWide(header)) && values.some((value) => Math.abs(value) > Number.MAX_SAFE_INTEGER);
	if (!wide) return [{ kind: 'number', name, values }];
	const exact = (await Promise.all(arrays.map(wideOf))).flat();
	if (exact.every((value) => value <= SAFE && value >= -SAFE)) return [{ kind: 'number', name, values }];
	notes.push(`“${name}” holds whole numbers larger than numbers are exact: they are kept as text.`);
	return [{ kind: 'text', name, values: exact.map(String) }];
}

async function doubles({ arrays, count }: Stack, context: DataContext): Promise<Float64Array<ArrayBuffer>> {
	const values = new Float64Array(count);
	let at = 0;
	for (const array of arrays) {
		await valuesOf(array, values, at, context);
		at += array.items;
	}
	return values;
}

/** Classes that are written out as 0 and 1 are one column; a few numbers are a column each. */
async function manyColumns(stack: Stack, width: number, context: DataContext): Promise<readonly Column[]> {
	const { name, arrays, inner, count } = stack;
	if (inner.length !== 1 || width > MAX_ONE_HOT_CLASSES) return [];
	const values = await stackedValues(arrays, context);
	const codes = classesOfOneHot(values, width);
	if (codes) return [{ kind: 'category', name, codes, categories: Array.from({ length: width }, (_, k) => String(k)) }];
	if (width > MAX_ROW_VALUES) return [];
	return Array.from({ length: width }, (_, k) => ({
		kind: 'number',
		name: `${name} ${k}`,
		values: Float64Array.from({ length: count }, (_, i) => values[i * width + k]!)
	}));
}

/** Whether the rows of a stack are classes written out. */
export async function isOneHot(stack: Stack, context: DataContext): Promise<boolean> {
	const width = widthOf(stack);
	if (!stack.numeric || stack.inner.length !== 1 || width > MAX_ONE_HOT_CLASSES) return false;
	return classesOfOneHot(await stackedValues(stack.arrays, context), width) !== null;
}

/** A column of whole numbers that are indices in a list of names, as the names; null for any other. */
export function named(column: Column, names: readonly string[]): Extract<Column, { kind: 'category' }> | null {
	const fits = (code: number) => Number.isInteger(code) && code >= 0 && code < names.length;
	if (column.kind === 'number' && !column.date && column.values.every(fits))
		return { kind: 'category', name: column.name, codes: Int32Array.from(column.values), categories: names };
	if (column.kind !== 'category' || !column.categories.every((text) => /^\d+$/.test(text) && fits(Number(text))))
		return null;
	const codes = Int32Array.from(column.codes, (code) => (code < 0 ? -1 : Number(column.categories[code])));
	return { kind: 'category', name: column.name, codes, categories: names };
}
