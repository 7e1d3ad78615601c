import { isIndex, namesByIndex } from '#maths/labels/by-index.ts';

/** A text of class names that is a table, as the reader of tables takes it apart. */
export interface LabelTable {
	/** Of the columns; empty where there are none. */
	header: readonly string[];
	rows: readonly (readonly string[])[];
}

/** Headers of a column of names, the best first. */
const NAMES = [
	/^display[ _-]?name$/i,
	/^(class|label|category|species)[ _-]?names?$/i,
	/^names?$/i,
	/^(labels?|class|classes|category|title)$/i
];
const INDICES = /^(class|label|category)?[ _-]?(id|index|idx|number|no|code)$/i;

/** Whether a line alone is the header of names. */
export const isHeading = (line: string): boolean => NAMES.some((pattern) => pattern.test(line));

/** Names by the indices that a column says, or one after the other. */
function byIndices(names: readonly string[], indices: readonly string[]): string[] | null {
	return indices.length && indices.every(isIndex)
		? namesByIndex(indices.map((text, i) => [Number(text), names[i]!]))
		: [...names];
}

/** A column that is headed as names are, with one that may say their indices; or below any header names beside their numbers. */
export function fromTable({ header, rows }: LabelTable): string[] | null {
	if (!rows.length) return null;
	const cells = (column: number) => rows.map((row) => (row[column] ?? '').trim());
	const heads = header.map((cell) => cell.trim());
	const column = NAMES.map((pattern) => heads.findIndex((cell) => pattern.test(cell))).find((at) => at >= 0) ?? -1;
	if (column < 0) return heads.length === 2 ? besideNumbers(cells(0), cells(1)) : null;
	const names = cells(column);
	// Rows of a data set repeat their classes.
	if (heads.length > 1 && new Set(names).size < names.length) return null;
	const index = heads.findIndex((cell, at) => at !== column && INDICES.test(cell));
	return byIndices(names, index < 0 ? [] : cells(index));
}

function besideNumbers(a: readonly string[], b: readonly string[]): string[] | null {
	const counts = (cells: readonly string[]) => {
		const indices = cells.map((cell) => (isIndex(cell) ? Number(cell) : NaN)).sort((x, y) => x - y);
		return indices[0]! <= 1 && indices.every((n, i) => n === indices[0]! + i);
	};
	const [names, indices] = counts(a) ? [b, a] : counts(b) ? [a, b] : [[], []];
	const good = names.length > 1 && new Set(names).size === names.length && !names.every((name) => isIndex(name));
	return good ? byIndices(names, indices) : null;
}

/** Whether rows have three cells or more each, always as many: of a data set, not names with commas in them. */
export const isTable = ({ header, rows }: LabelTable): boolean => {
	const width = rows[0]?.length ?? 0;
	return width >= 3 && rows.length + Number(header.length > 0) >= 3 && rows.every((row) => row.length === width);
};
