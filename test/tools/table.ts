import type { Table } from '#maths/playground/table.ts';

/** A table of plain cells with commas between, its names in the first line, as the data thread hands it over. */
export function tableOf(text: string): Table {
	const [columns = [], ...rows] = text.split('\n').map((line) => line.split(','));
	const isNumeric = (c: number) => rows.every((row) => row[c] === '' || Number.isFinite(Number(row[c])));
	return { columns, rows, numeric: columns.map((_, c) => c).filter(isNumeric) };
}
