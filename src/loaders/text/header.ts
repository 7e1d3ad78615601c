import { isBlank, isDate, isNumber } from '#maths/table/cell-kinds.ts';
import { numberIn } from '#maths/table/numbers.ts';

/** Whether the first rows of a table are names: by what is below them. */

type Kind = 'number' | 'date' | 'words' | 'blank';
const MAX_HEADER_LINES = 3;
/** Rows below that are looked at. */
const BELOW = 200;
/** Numbers in a row of one step that do not happen to be so. */
const MIN_SCALE_CELLS = 6;

const kindOf = (cell: string): Kind =>
	isBlank(cell) ? 'blank' : isDate(cell) ? 'date' : isNumber(cell) ? 'number' : 'words';

/** What most cells of a column are; `blank` where none says anything. */
function columnKind(cells: readonly string[]): Kind {
	const counts = { number: 0, date: 0, words: 0, blank: 0 };
	for (const cell of cells) counts[kindOf(cell)]++;
	const filled = cells.length - counts.blank;
	if (!filled) return 'blank';
	return counts.number >= 0.9 * filled ? 'number' : counts.date >= 0.9 * filled ? 'date' : 'words';
}

const whole = (cell: string) => (/^\d{1,6}$/.test(cell.trim()) ? Number(cell) : NaN);

/** Whole numbers of one step, as rows of a counting table are, too. */
function isRun(cells: readonly string[]): boolean {
	const values = cells.map(whole);
	const step = values[1]! - values[0]!;
	return values.every((n, i) => (i < 2 ? !Number.isNaN(n) : n - values[i - 1]! === step));
}

/** 0, 1, 2, … or years one after the other: numbers that people give as names. */
export function isSequence(cells: readonly string[]): boolean {
	const values = cells.map(whole);
	if (values.length < 2 || values.some(Number.isNaN)) return false;
	const step = values[1]! - values[0]!;
	const years = values.every((n) => n >= 1700 && n <= 2200);
	if (years) return step !== 0 && values.every((n, i) => i === 0 || Math.sign(n - values[i - 1]!) === Math.sign(step));
	return step === 1 && values[0]! <= 1 && isRun(cells);
}

/** Many numbers of one step, as wavelengths above spectra: `400, 402.5, 405, …`. */
function isScale(cells: readonly string[]): boolean {
	const values = cells.map((cell) => numberIn(cell.trim(), '.'));
	const step = (values.at(-1)! - values[0]!) / (values.length - 1);
	return (
		values.length >= MIN_SCALE_CELLS &&
		step !== 0 &&
		values.every((n, i) => Math.abs(n - values[0]! - i * step) < 1e-3 * Math.abs(step))
	);
}

/** @returns how many of the first rows are names: 0 to 3 */
export function headerLines(rows: readonly (readonly string[])[], width: number): number {
	const cells = (c: number, from: number) => rows.slice(from, from + BELOW).map((row) => row[c] ?? '');
	let lines = 0;
	while (lines < MAX_HEADER_LINES && lines < rows.length - 1) {
		const below = Array.from({ length: width }, (_, c) => columnKind(cells(c, lines + 1)));
		if (!isHeader(rows, lines, below)) break;
		lines++;
	}
	if (lines === 0 && rows.length === 1) return rows[0]!.every((cell) => kindOf(cell) === 'words') ? 1 : 0;
	return lines;
}

function isHeader(rows: readonly (readonly string[])[], at: number, below: readonly Kind[]): boolean {
	const row = rows[at]!;
	const next = rows[at + 1] ?? [];
	const columns = below.flatMap((kind, c) => (kind === 'number' || kind === 'date' ? [c] : []));
	const over = columns.filter((c) => kindOf(row[c] ?? '') === 'words');
	const numeric = columns.filter((c) => ['number', 'date'].includes(kindOf(row[c] ?? '')));
	if (at > 0)
		// A second line of names: units, or the lower of two levels. No number, and words over all numbers.
		return over.length > 0 && !numeric.length && over.length >= 0.8 * columns.filter((c) => row[c]?.trim()).length;
	if (numeric.length > 1) {
		const named = numeric.map((c) => row[c]!);
		const below = numeric.map((c) => next[c] ?? '');
		const sure = named.length > 2 || below.some((cell) => cell.includes('.'));
		if (sure && isSequence(named) && !isRun(below)) return true;
		if (isScale(named) && !isScale(below)) return true;
	}
	if (columns.length) return over.length > 0 && over.length >= numeric.length;
	// All are words: a row of values is one whose words come again below.
	const again = below.some((_, c) => {
		const word = (row[c] ?? '').trim();
		return word !== '' && rows.slice(1, BELOW).some((other) => (other[c] ?? '').trim() === word);
	});
	return !again && new Set(row).size === row.length;
}
