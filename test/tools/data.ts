import type { Column, DataSet } from '#contracts/data-set.ts';
import type { Reading } from '#contracts/reading.ts';
import { openData } from '#loaders/open-data.ts';

/** Opens files as a data set, as the data worker does. */
export function opened(
	parts: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>,
	reading?: Reading
): Promise<DataSet> {
	const files = Object.entries(parts).map(([path, part]) => ({ path, blob: new Blob([part]) }));
	const context = { signal: new AbortController().signal, progress: () => undefined, ...(reading ? { reading } : {}) };
	return openData({ name: 'set', files }, context);
}

export function columnOf(data: DataSet, name: string): Column {
	const found = data.columns.find((one) => one.name === name);
	if (!found) throw new Error(`There is no column ${name}, but ${data.columns.map((one) => one.name).join(', ')}.`);
	return found;
}

/** The cells of a column, in the file's order: numbers, words, and null for missing. */
export function cellsOf(data: DataSet, name: string): (number | string | null)[] {
	const column = columnOf(data, name);
	if (column.kind === 'category') return Array.from(column.codes, (code) => column.categories[code] ?? null);
	if (column.kind === 'number') return Array.from(column.values, (value) => (Number.isNaN(value) ? null : value));
	return column.values.map((text) => text || null);
}
