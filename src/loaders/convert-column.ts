import type { Column } from '#contracts/data-set.ts';
import { dateIn, dateText } from '#maths/table/dates.ts';
import { categorical, wholeCategories } from '#loaders/categories.ts';

/** Columns taken for something else than they were. */

type Of<K extends Column['kind']> = Extract<Column, { kind: K }>;

const wholeDays = (values: ArrayLike<number>): boolean => {
	for (let i = 0; i < values.length; i++) if (values[i]! % 86_400_000) return false;
	return true;
};

/** Its cells as text; empty ones are missing. */
export function textsOf(column: Column): string[] {
	if (column.kind === 'text') return [...column.values];
	if (column.kind === 'category') return Array.from(column.codes, (code) => column.categories[code] ?? '');
	const { values, date } = column;
	const days = Boolean(date) && wholeDays(values);
	return Array.from(values, (value) => (Number.isNaN(value) ? '' : date ? dateText(value, days) : String(value)));
}

export function asCategory(column: Column): Of<'category'> {
	if (column.kind === 'category') return column;
	const whole =
		column.kind === 'number' && !column.date ? wholeCategories(column.name, column.values, column.values.length) : null;
	return whole ?? categorical(column.name, textsOf(column));
}

export const asText = (column: Column): Of<'text'> => ({ kind: 'text', name: column.name, values: textsOf(column) });

/** What is no number is missing. */
export function asNumber(column: Column): Of<'number'> {
	if (column.kind === 'number') return { kind: 'number', name: column.name, values: column.values };
	const values = Float64Array.from(textsOf(column), (text) => (text.trim() ? Number(text) : NaN));
	return { kind: 'number', name: column.name, values };
}

/** Numbers are milliseconds since 1970, texts are read year first. */
export function asDate(column: Column): Of<'number'> {
	if (column.kind === 'number') return { ...column, date: true };
	const values = Float64Array.from(textsOf(column), (text) => dateIn(text, 'ymd'));
	return { kind: 'number', name: column.name, values, date: true };
}
