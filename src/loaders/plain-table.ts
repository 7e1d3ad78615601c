import type { TableRead } from '#contracts/data-api.ts';
import type { Column, DataSet } from '#contracts/data-set.ts';
import { textsOf } from '#loaders/convert-column.ts';

const allNumeric = ({ categories }: Extract<Column, { kind: 'category' }>): boolean =>
	categories.length > 0 && categories.every((text) => text.trim() !== '' && Number.isFinite(Number(text)));

/**
 * The first rows of a data set as cells of text, with its columns in the file's order and what is only in its rows behind them.
 * @param limits rows and columns
 */
export function plainTable(data: DataSet, limits: { rows: number; columns: number }): TableRead {
	const count = Math.min(data.count, limits.rows);
	const names = data.columns.slice(0, limits.columns).map(({ name }) => name);
	const known = new Set(data.columns.map(({ name }) => name));
	const { rows } = data;
	const others = Array.from({ length: rows?.width ?? 0 }, (_, k) => ({
		name: rows!.names[k] ?? `column ${k + 1}`,
		k
	})).filter(({ name }) => !known.has(name));
	const more = others.slice(0, limits.columns - names.length);
	const cells = [
		...data.columns.slice(0, limits.columns).map((column) => textsOf(beginning(column, count))),
		...more.map(({ k }) =>
			Array.from({ length: count }, (_, i) => {
				const value = rows!.values[i * rows!.width + k]!;
				return Number.isNaN(value) ? '' : String(value);
			})
		)
	];
	const embedded = new Set(rows?.names);
	const numeric = data.columns.slice(0, limits.columns).flatMap((column, c) => {
		if (column.kind === 'category') return allNumeric(column) ? [c] : [];
		return column.kind === 'number' && embedded.has(column.name) ? [c] : [];
	});
	const notes = [
		...(data.notes ?? []),
		...(data.count > count
			? [`Only the first ${count.toLocaleString('en')} of ${data.count.toLocaleString('en')} rows are taken.`]
			: []),
		...(data.columns.length + others.length > limits.columns
			? [`Only the first ${limits.columns.toLocaleString('en')} columns are taken.`]
			: [])
	];
	return {
		table: {
			columns: [...names, ...more.map(({ name }) => name)],
			rows: Array.from({ length: count }, (_, i) => cells.map((column) => column[i]!)),
			numeric: [...numeric, ...more.map((_, k) => names.length + k)]
		},
		notes,
		...(data.understood ? { understood: data.understood } : {})
	};
}

const beginning = (column: Column, count: number): Column =>
	column.kind === 'category'
		? { ...column, codes: column.codes.subarray(0, count) }
		: column.kind === 'text'
			? { ...column, values: column.values.slice(0, count) }
			: { ...column, values: column.values.subarray(0, count) };
