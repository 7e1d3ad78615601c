import type { Points } from '#maths/playground/spec.ts';

/** Tables as points of the plane. */

export interface Table {
	columns: readonly string[];
	/** Cells as text; numbers as `Number` reads them, empty where they are missing. */
	rows: readonly (readonly string[])[];
	/** Indices of the columns of numbers. */
	numeric: readonly number[];
}

export const MAX_TABLE_ROWS = 5000;
export const MAX_TABLE_COLUMNS = 200;
export const MAX_TABLE_CLASSES = 8;
/** Rows that something can be learned of. */
const FEWEST_ROWS = 4;

const isNumber = (text: string) => text !== '' && Number.isFinite(Number(text));

/** Whether a label is a class, or a value to be learned. */
export type LabelKind = 'classes' | 'values';

const different = ({ rows }: Table, column: number) => new Set(rows.map((row) => row[column])).size;

/** Values are numbers, and more different ones than classes fit. */
export const likelyKind = (table: Table, label: number): LabelKind =>
	table.numeric.includes(label) && different(table, label) > MAX_TABLE_CLASSES ? 'values' : 'classes';

/** Of some columns, the last whose values are few enough to be classes, else the last of numbers, else the last. */
export function likelyLabel(table: Table, columns: readonly number[]): number | undefined {
	const { numeric } = table;
	const few = columns.findLast((c) => different(table, c) > 1 && different(table, c) <= MAX_TABLE_CLASSES);
	return few ?? columns.findLast((c) => numeric.includes(c)) ?? columns.at(-1);
}

/** Two columns for the plane and one for the label, to begin with. @returns a sentence where there are none */
export function likelyColumns(table: Table): [first: number, second: number, label: number] | string {
	const [first, second] = table.numeric;
	if (table.rows.length < FEWEST_ROWS) return `The table needs at least ${FEWEST_ROWS} rows.`;
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
interface Scaling {
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

/** Rows with what is to be learned of them. */
export interface LabelledRows extends Pick<Points, 'y' | 'classes' | 'value'> {
	rows: readonly (readonly string[])[];
	/** The most frequent values, of classes. */
	labels: readonly string[];
	left: LeftOut;
}

/** The rows that have a number in each of these columns, and a label. @returns a sentence where it cannot be learned */
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
		.slice(0, MAX_TABLE_CLASSES)
		.map(([name]) => name)
		.sort();
	if (labels.length < 2) return 'The label needs at least two different values.';
	const indices = new Map(labels.map((name, k) => [name, k]));
	const rows = complete.filter((row) => indices.has(row[label] as string));
	const y = Float64Array.from(rows, (row) => indices.get(row[label] as string) ?? 0);
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
export function leftOutWords({ incomplete, rare }: LeftOut): string[] {
	const of = (count: number, why: string) =>
		count ? [`${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'} left out: ${why}`] : [];
	return [
		...of(incomplete, 'a number or the label is missing'),
		...of(rare, `not of the ${MAX_TABLE_CLASSES} most frequent classes`)
	];
}
