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

const DECIMAL_COMMA = /^[+-]?\d+,\d+([eE][+-]?\d+)?$/;

/** The mark between cells that the first line has most of; semicolons if all commas between them are decimal ones. */
function separator(text: string): string {
	const end = text.search(/[\r\n]/);
	const line = end < 0 ? text : text.slice(0, end);
	const parts = line.split(';').map((part) => part.trim());
	if (parts.length > 1 && parts.every((part) => !part.includes(',') || DECIMAL_COMMA.test(part))) return ';';
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

/** Decimal commas become points, in columns of which every number is whole or has one. */
function withPoints(lines: readonly string[][]): string[][] {
	const width = lines.reduce((most, line) => Math.max(most, line.length), 0);
	const commas = Array.from({ length: width }, (_, c) => {
		const all = lines.map((line) => line[c] ?? '');
		return all.some((cell) => DECIMAL_COMMA.test(cell)) && !all.some((cell) => isNumber(cell) && cell.includes('.'));
	});
	return lines.map((line) =>
		line.map((cell, c) => (commas[c] && DECIMAL_COMMA.test(cell) ? cell.replace(',', '.') : cell))
	);
}

/**
 * @param fewest rows, one or four
 * @returns the table, or why it is none, in a sentence
 */
export function parseTable(text: string, fewest: 1 | 4 = 4): Table | string {
	if (text.length > MOST_TEXT) return 'The table is too large: 20 MB of text are the limit.';
	const clean = text.replace(/^\uFEFF/, '');
	const mark = separator(clean);
	const { lines: read, more } = cells(clean, mark, MOST_ROWS + 1);
	const lines = mark === ';' ? withPoints(read) : read;
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

/** Whether a label is a class, or a value to be learnt. */
export type LabelKind = 'classes' | 'values';

const different = ({ rows }: Table, column: number) => new Set(rows.map((row) => row[column])).size;

/** Values are numbers, and more different ones than classes fit. */
export const likelyKind = (table: Table, label: number): LabelKind =>
	numericColumns(table).includes(label) && different(table, label) > MOST_CLASSES ? 'values' : 'classes';

/** Of some columns, the last whose values are few enough to be classes, else the last of numbers, else the last. */
export function likelyLabel(table: Table, columns: readonly number[]): number | undefined {
	const numeric = numericColumns(table);
	const few = columns.findLast((c) => different(table, c) > 1 && different(table, c) <= MOST_CLASSES);
	return few ?? columns.findLast((c) => numeric.includes(c)) ?? columns.at(-1);
}

/** Two columns for the plane and one for the label, to begin with. @returns a sentence where there are none */
export function likelyColumns(table: Table): [first: number, second: number, label: number] | string {
	const [first, second] = numericColumns(table);
	if (first === undefined || second === undefined) return 'The table needs two columns of numbers.';
	const label = likelyLabel(
		table,
		table.columns.map((_, c) => c).filter((c) => c !== first && c !== second)
	);
	return label === undefined
		? 'The table needs three columns: two of numbers for the plane, and a label.'
		: [first, second, label];
}

/** How a column was brought to -5..5, a label of values to -1..1: own = scale · shown + shift. */
export interface Scaling {
	scale: number;
	shift: number;
}

/** Rows that are left out. */
export interface LeftOut {
	/** Without a number, or without a label. */
	incomplete: number;
	/** Of classes beyond the most frequent ones that fit. */
	rare: number;
}

export interface TablePoints {
	points: Points;
	/** Of the classes; none for values. */
	labels: readonly string[];
	scalings: readonly [Scaling, Scaling];
	left: LeftOut;
}

/** @param half of the range that it is brought to */
function scaling(values: readonly number[], half: number): Scaling {
	const low = values.reduce((min, value) => Math.min(min, value), Infinity);
	const high = values.reduce((max, value) => Math.max(max, value), -Infinity);
	return { scale: high > low ? (high / 2 - low / 2) / half : 1, shift: high / 2 + low / 2 };
}
const scaled = (values: readonly number[], { scale, shift }: Scaling) =>
	Float64Array.from(values, (value) => (value - shift) / scale);

/** Rows with what is to be learnt of them. */
export interface LabelledRows extends Pick<Points, 'y' | 'classes' | 'value'> {
	rows: readonly (readonly string[])[];
	/** The most frequent values, of classes. */
	labels: readonly string[];
	left: LeftOut;
}

/** The rows that have a number in each of these columns, and a label. @returns a sentence where it cannot be learnt */
export function labelled(
	table: Table,
	columns: readonly number[],
	label: number,
	kind: LabelKind
): LabelledRows | string {
	const has = (row: readonly string[], c: number) => isNumber(row[c] ?? '');
	const complete = table.rows.filter(
		(row) => columns.every((c) => has(row, c)) && (kind === 'values' ? has(row, label) : row[label])
	);
	const incomplete = table.rows.length - complete.length;
	if (kind === 'values') {
		const values = complete.map((row) => Number(row[label]));
		const scale = scaling(values, 1);
		if (new Set(values).size < 2) return 'The label needs at least two different values.';
		if (!Number.isFinite(scale.scale)) return 'The values of the label are too far apart.';
		const value = { name: table.columns[label] ?? '', ...scale };
		const left = { incomplete, rare: 0 };
		return { rows: complete, y: scaled(values, scale), classes: 0, value, labels: [], left };
	}
	const counts = new Map<string, number>();
	for (const row of complete) counts.set(row[label] as string, (counts.get(row[label] as string) ?? 0) + 1);
	const labels = [...counts]
		.sort((a, b) => b[1] - a[1])
		.slice(0, MOST_CLASSES)
		.map(([name]) => name)
		.sort();
	if (labels.length < 2) return 'The label needs at least two different values.';
	const place = new Map(labels.map((name, k) => [name, k]));
	const rows = complete.filter((row) => place.has(row[label] as string));
	const y = Float64Array.from(rows, (row) => place.get(row[label] as string) ?? 0);
	return { rows, y, classes: labels.length, labels, left: { incomplete, rare: complete.length - rows.length } };
}

/** Two numbers of each row, brought to -5..5. */
export function scaledPoints(
	{ y, classes, value, labels, left }: LabelledRows,
	a: readonly number[],
	b: readonly number[]
): TablePoints | string {
	const scalings = [scaling(a, 5), scaling(b, 5)] as const;
	if (!scalings.every(({ scale }) => Number.isFinite(scale))) return 'The numbers are too far apart.';
	const [x1, x2] = [scaled(a, scalings[0]), scaled(b, scalings[1])];
	return { points: { x1, x2, y, classes, ...(value ? { value } : {}) }, labels, scalings, left };
}

/** Two columns and a label as points. @returns a sentence where it cannot be */
export function tablePoints(
	table: Table,
	[first, second, label]: readonly [first: number, second: number, label: number],
	kind: LabelKind
): TablePoints | string {
	const found = labelled(table, [first, second], label, kind);
	if (typeof found === 'string') return found;
	const of = (column: number) => found.rows.map((row) => Number(row[column]));
	return scaledPoints(found, of(first), of(second));
}

/** In words, why rows of a table are left out; none for none. */
export function leftOutWords({ uneven, left: more }: Table, { incomplete, rare }: LeftOut): string[] {
	const of = (count: number, why: string) =>
		count ? [`${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'} left out: ${why}`] : [];
	return [
		...of(incomplete, 'a number or the label is missing'),
		...of(rare, `not of the ${MOST_CLASSES} most frequent classes`),
		...of(uneven, 'another number of cells'),
		...(more ? [`the rows beyond ${MOST_ROWS} not read`] : [])
	];
}
