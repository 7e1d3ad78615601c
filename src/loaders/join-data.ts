import type { Column, DataSet } from '#contracts/data-set.ts';
import { LIMITS } from '#contracts/data-loader.ts';
import { categorical } from '#loaders/categories.ts';
import { checkRows } from '#loaders/data-files.ts';
import { textsOf } from '#loaders/convert-column.ts';
import { columnNames } from '#maths/table/names.ts';

/** Data sets of one shape as one. */

export interface Part {
	/** What it is called among the others: `train`. */
	name: string;
	data: DataSet;
}

/** Two of one key can be joined: the same numbers in a row, the same columns, pictures or none. */
export const shapeKey = ({ rows, images, columns }: DataSet): string =>
	JSON.stringify([rows && (rows.names.length ? rows.names : rows.width), !!images, columns.map(({ name }) => name)]);

/**
 * All rows, in the order of the parts.
 * @param split whether a column says which part a row is of
 * @throws LabError for more than fits
 */
export function joined(name: string, parts: readonly [Part, ...Part[]], split: boolean): DataSet {
	const [{ data: first }] = parts;
	const count = parts.reduce((sum, { data }) => sum + data.count, 0);
	const width = first.rows?.width ?? 1;
	checkRows(count, width, `“${name}”`);
	const columns = first.columns.map((_, c) => together(parts.map(({ data }) => data.columns[c]!)));
	if (split) {
		const taken = columnNames([...columns.map((column) => column.name), 'split']).at(-1)!;
		columns.push(
			categorical(
				taken,
				parts.flatMap((part) => Array.from({ length: part.data.count }, () => part.name))
			)
		);
	}
	let rows: DataSet['rows'] = null;
	if (first.rows) {
		const values = new Float32Array(count * width);
		let at = 0;
		for (const { data } of parts) {
			values.set(data.rows!.values, at);
			at += data.rows!.values.length;
		}
		rows = { values, width, names: first.rows.names };
	}
	const label = columns.find((column) => column.name === first.label && column.kind === 'category');
	return {
		name,
		count,
		rows,
		images: first.images && parts.flatMap(({ data }) => data.images ?? []),
		columns,
		label: label?.name ?? null,
		notes: [...new Set(parts.flatMap(({ data }) => data.notes ?? []))]
	};
}

/** One column of all; where they are of several kinds, as words. */
function together(columns: readonly Column[]): Column {
	const [first] = columns;
	const { name } = first!;
	const numeric = columns.flatMap((column) => (column.kind === 'number' ? [column] : []));
	if (numeric.length === columns.length) {
		const values = new Float64Array(numeric.reduce((sum, column) => sum + column.values.length, 0));
		let at = 0;
		for (const column of numeric) {
			values.set(column.values, at);
			at += column.values.length;
		}
		return numeric.every(({ date }) => date)
			? { kind: 'number', name, values, date: true }
			: { kind: 'number', name, values };
	}
	const texts = columns.flatMap(textsOf);
	const few = columns.every(({ kind }) => kind !== 'text') && new Set(texts).size <= LIMITS.categories;
	return few ? categorical(name, texts) : { kind: 'text', name, values: texts };
}
