import type { Points } from '#maths/playground/spec.ts';

/** Tables from outside, as comma-, semicolon- or tab-separated text: read, never trusted. */

export interface Table {
	columns: readonly string[];
	rows: readonly (readonly string[])[];
	/** Rows beyond the limit, and rows with another number of cells. */
	left: number;
	uneven: number;
}

export const MOST_ROWS = 5000;
export const MOST_COLUMNS = 200;
export const MOST_CLASSES = 8;
const MOST_TEXT = 20_000_000;
const MOST_CELL = 200;

/** The mark between cells that the first line has most of. */
function separator(text: string): string {
	const end = text.search(/[\r\n]/);
	const line = end < 0 ? text : text.slice(0, end);
	const count = (mark: string) => line.split(mark).length;
	return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

/** RFC 4180, with quotes; stops at the limit of rows. */
function cells(text: string, mark: string, limit: number): { lines: string[][]; more: boolean } {
	const lines: string[][] = [];
	let [line, cell, quoted]: [string[], string, boolean] = [[], '', false];
	const end = () => {
		line.push(cell.trim().slice(0, MOST_CELL));
		if (line.length > 1 || line[0]) lines.push(line);
		[line, cell] = [[], ''];
	};
	for (let i = 0; i < text.length; i++) {
		const c = text.charAt(i);
		if (quoted) {
			if (c !== '"') cell += c;
			else if (text.charAt(i + 1) === '"') [cell, i] = [cell + '"', i + 1];
			else quoted = false;
		} else if (c === '"' && !cell) quoted = true;
		else if (c === mark) {
			line.push(cell.trim().slice(0, MOST_CELL));
			cell = '';
		} else if (c === '\n') end();
		else if (c !== '\r') cell += c;
		if (lines.length >= limit) return { lines, more: i < text.length - 1 };
	}
	if (cell || line.length) end();
	return { lines, more: false };
}

const isNumber = (text: string) => text !== '' && Number.isFinite(Number(text));

/**
 * @param fewest rows, one or four
 * @returns the table, or why it is none, in a sentence
 */
export function parseTable(text: string, fewest: 1 | 4 = 4): Table | string {
	if (text.length > MOST_TEXT) return 'The table is too large: 20 MB of text are the limit.';
	const clean = text.replace(/^\uFEFF/, '');
	const { lines, more } = cells(clean, separator(clean), MOST_ROWS + 1);
	const [first, ...rest] = lines;
	if (!first || first.length < 2) return 'A table needs at least two columns, with commas, semicolons or tabs between.';
	if (first.length > MOST_COLUMNS) return `A table of more than ${MOST_COLUMNS} columns is too wide.`;
	const headed = !first.every(isNumber) && !(rest.length > 0 && first.some(isNumber));
	const all = headed ? rest : lines;
	const even = all.filter(({ length }) => length === first.length).slice(0, MOST_ROWS);
	if (even.length < fewest) return `A table needs at least ${fewest === 1 ? 'one row' : 'four rows'}.`;
	return {
		columns: first.map((name, i) => (headed && name ? name : `column ${i + 1}`)),
		rows: even,
		left: more ? 1 : 0,
		uneven: all.length - even.length
	};
}

/** Columns of which most cells are numbers. */
export const numericColumns = ({ columns, rows }: Table): number[] =>
	columns.flatMap((_, c) => (rows.filter((row) => isNumber(row[c] ?? '')).length > 0.5 * rows.length ? [c] : []));

/** Of some columns, the last whose values are few enough to be classes, else the last: the label most often is. */
export function likelyLabel({ rows }: Table, columns: readonly number[]): number | undefined {
	const values = (c: number) => new Set(rows.map((row) => row[c])).size;
	return columns.findLast((c) => values(c) > 1 && values(c) <= MOST_CLASSES) ?? columns.at(-1);
}

/** How a column was brought to -5..5: own = scale · shown + shift. */
export interface Scaling {
	scale: number;
	shift: number;
}

export interface TablePoints {
	points: Points;
	labels: readonly string[];
	scalings: readonly [Scaling, Scaling];
	/** Rows without a number, or beyond the classes that fit. */
	dropped: number;
}

function scaling(values: readonly number[]): Scaling {
	const low = values.reduce((min, value) => Math.min(min, value), Infinity);
	const high = values.reduce((max, value) => Math.max(max, value), -Infinity);
	return { scale: high > low ? high / 10 - low / 10 : 1, shift: high / 2 + low / 2 };
}

/** Rows with their class; labels are the most frequent values. */
export interface LabelledRows {
	rows: readonly (readonly string[])[];
	/** Of each row. */
	classes: Float64Array;
	labels: readonly string[];
}

/** Those of the rows whose label is one of the classes that fit. @returns a sentence where there are no two */
export function labelled(rows: readonly (readonly string[])[], label: number): LabelledRows | string {
	const counts = new Map<string, number>();
	for (const row of rows) counts.set(row[label] as string, (counts.get(row[label] as string) ?? 0) + 1);
	const labels = [...counts]
		.sort((a, b) => b[1] - a[1])
		.slice(0, MOST_CLASSES)
		.map(([name]) => name)
		.sort();
	if (labels.length < 2) return 'The label needs at least two different values.';
	const place = new Map(labels.map((name, k) => [name, k]));
	const used = rows.filter((row) => place.has(row[label] as string));
	return { rows: used, classes: Float64Array.from(used, (row) => place.get(row[label] as string) ?? 0), labels };
}

/** Two numbers of each row, brought to -5..5. @param all rows of the table */
export function scaledPoints(
	{ rows, classes, labels }: LabelledRows,
	a: readonly number[],
	b: readonly number[],
	all: number
): TablePoints | string {
	const scalings = [scaling(a), scaling(b)] as const;
	if (!scalings.every(({ scale }) => Number.isFinite(scale))) return 'The numbers are too far apart.';
	const shown = (values: readonly number[], { scale, shift }: Scaling) =>
		Float64Array.from(values, (value) => (value - shift) / scale);
	const [x1, x2] = [shown(a, scalings[0]), shown(b, scalings[1])];
	return {
		points: { x1, x2, y: classes, classes: labels.length },
		labels,
		scalings,
		dropped: all - rows.length
	};
}

/** The rows that have a number in each of these columns, and a label. */
export const completeRows = ({ rows }: Table, columns: readonly number[], label: number) =>
	rows.filter((row) => columns.every((c) => isNumber(row[c] ?? '')) && row[label]);

/** Two columns and a label as points. @returns a sentence where it cannot be */
export function tablePoints(table: Table, first: number, second: number, label: number): TablePoints | string {
	const found = labelled(completeRows(table, [first, second], label), label);
	if (typeof found === 'string') return found;
	const of = (column: number) => found.rows.map((row) => Number(row[column]));
	return scaledPoints(found, of(first), of(second), table.rows.length);
}
