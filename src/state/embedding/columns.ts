import type { Column, DataSet } from '#contracts/data-set.ts';
import { LabError } from '#contracts/errors.ts';
import { filled, standardised } from '#maths/table-scaling.ts';

/** Which columns of a table are embedded. */

export interface ColumnChoice {
	/** Of the numbers, in their order. */
	numeric: readonly number[];
	/** Of the data set's columns: categories, which become a column of 0 and 1 per value. */
	categories: readonly number[];
}

/** A category of more values is not offered. */
const MAX_CATEGORY_VALUES = 60;
/** So that items of two categories lie 1 apart. */
const UNIT = Math.SQRT1_2;

type Category = Extract<Column, { kind: 'category' }>;

/** Categories that could be embedded. */
export const embeddable = ({ columns }: DataSet): { at: number; column: Category }[] =>
	columns.flatMap((column, at) =>
		column.kind === 'category' && column.categories.length > 1 && column.categories.length <= MAX_CATEGORY_VALUES
			? [{ at, column }]
			: []
	);

/** Columns that can be told apart by name. */
export const choosable = (data: DataSet): boolean => !!data.rows && data.rows.names.length > 1;

/**
 * As a link has it: `1-3,7,c2` are four of the numbers and the second column, a category; empty is all numbers.
 * @returns a valid choice for any text
 */
export function chosenColumns(text: string, data: DataSet): ColumnChoice {
	const width = data.rows?.width ?? 0;
	const all = Array.from({ length: width }, (_, c) => c);
	if (!text || !choosable(data)) return { numeric: all, categories: [] };
	const numeric = new Set<number>();
	const categories = new Set<number>();
	const offered = new Set(embeddable(data).map(({ at }) => at));
	for (const part of text.split(',')) {
		const [, from, to] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part) ?? [];
		const [, category] = /^c(\d{1,6})$/.exec(part) ?? [];
		if (category && offered.has(Number(category) - 1)) categories.add(Number(category) - 1);
		for (let c = Number(from ?? 0); from && c <= Math.min(width, Number(to ?? from)); c++)
			if (c >= 1) numeric.add(c - 1);
	}
	const ascending = (set: Set<number>) => [...set].sort((a, b) => a - b);
	return { numeric: ascending(numeric), categories: ascending(categories) };
}

/** For a link; the inverse of `chosenColumns`. No column at all is `0`. */
export function columnsText({ numeric, categories }: ColumnChoice, data: DataSet): string {
	if (numeric.length === data.rows?.width && !categories.length) return '';
	const parts: string[] = [];
	for (let i = 0; i < numeric.length;) {
		let end = i;
		while (numeric[end + 1] === numeric[end]! + 1) end++;
		parts.push(end > i ? `${numeric[i]! + 1}-${numeric[end]! + 1}` : `${numeric[i]! + 1}`);
		i = end + 1;
	}
	return [...parts, ...categories.map((at) => `c${at + 1}`)].join(',') || '0';
}

/** Names of what is embedded, column by column. */
export function columnNames(text: string, data: DataSet): string[] {
	const { numeric, categories } = chosenColumns(text, data);
	const values = categories.flatMap((at) => {
		const { name, categories: own } = data.columns[at] as Category;
		return own.map((value) => `${name} = ${value}`);
	});
	return [...numeric.map((c) => data.rows?.names[c] ?? ''), ...values];
}

export const chosenWidth = (text: string, data: DataSet): number => columnNames(text, data).length;

/** What is embedded, in words: `3 of 5 columns`; empty for all numbers. */
export function columnsInWords(text: string, data: DataSet): string {
	const { numeric, categories } = chosenColumns(text, data);
	const width = data.rows?.width ?? 0;
	const some = numeric.length < width ? `${numeric.length} of ${width} columns` : '';
	const added = categories.map((at) => data.columns[at]!.name).join(', ');
	return added ? `${some || `all ${width} columns`} and ${added}` : some;
}

/**
 * The rows of a table that are embedded: numbers first, then 0 or √½ for each value of a category, which is not standardised.
 * @returns count x width, and how many numbers were missing
 * @throws LabError where nothing is chosen
 */
export function embeddedRows(
	text: string,
	data: DataSet,
	standardise: boolean
): { values: Float32Array<ArrayBuffer>; width: number; missing: number } {
	const { values, width } = data.rows!;
	const { numeric, categories } = chosenColumns(text, data);
	if (!numeric.length && !categories.length)
		throw new LabError('No column is chosen to be embedded.', 'Choose at least one under “Columns”.');
	const own = numeric.length < width ? picked(values, width, numeric) : values;
	const { values: whole, missing } = filled(own, Math.max(1, numeric.length));
	const scaled = standardise ? standardised(own, Math.max(1, numeric.length)) : whole;
	if (!categories.length) return { values: scaled, width: numeric.length, missing };
	const columns = categories.map((at) => data.columns[at] as Category);
	const wide = numeric.length + columns.reduce((sum, column) => sum + column.categories.length, 0);
	const out = new Float32Array(data.count * wide);
	for (let i = 0; i < data.count; i++) {
		out.set(scaled.subarray(i * numeric.length, (i + 1) * numeric.length), i * wide);
		let first = i * wide + numeric.length;
		for (const { codes, categories: all } of columns) {
			if (codes[i]! >= 0) out[first + codes[i]!] = UNIT;
			first += all.length;
		}
	}
	return { values: out, width: wide, missing };
}

function picked(values: Float32Array, width: number, columns: readonly number[]): Float32Array {
	const count = width ? values.length / width : 0;
	const out = new Float32Array(count * columns.length);
	for (let i = 0, at = 0; i < count; i++) for (const c of columns) out[at++] = values[i * width + c]!;
	return out;
}
