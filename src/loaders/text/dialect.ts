import type { Reading, Separator } from '#contracts/reading.ts';
import { isBlank, isDate, isNumber, isNumberLike } from '#maths/table/cell-kinds.ts';
import { measured } from '#maths/table/units.ts';
import { isIdentity } from '#loaders/label.ts';
import { isRule, plainCells } from '#loaders/text/cells.ts';
import { headerLines } from '#loaders/text/header.ts';
import { Records, type RowShape, type TextRecord } from '#loaders/text/records.ts';

/** How a table as text is taken apart, from its first lines. */
export interface TextDialect extends RowShape {
	separator: Separator;
	/** Lines of the file before the first row, names included where they are one line each. */
	start: number;
	/** Rows of names after those. */
	headerLines: number;
	/** As they stand in the file; empty where there are none. */
	names: readonly string[];
	/** What comments begin with; empty for none. */
	comment: string;
	notes: readonly string[];
}

const CANDIDATES: readonly Separator[] = [',', '\t', ';', '|', 'blanks', 'gaps'];
const COMMENTS = ['#', '%', '//', '!', '-- ', '; '];
const MAX_PREAMBLE_LINES = 60;

interface Trial {
	separator: Separator;
	records: TextRecord[];
	width: number;
	score: number;
}

/**
 * @param lines the first of the file
 * @param whole whether there are no more
 * @returns null for what is no table
 */
export function dialectOf(lines: readonly string[], whole: boolean, reading: Reading): TextDialect | null {
	const declared = /^"?sep=(.)"?\s*$/i.exec(lines[0] ?? '')?.[1];
	const first = declared ? 1 : 0;
	const comment = commentMark(lines.slice(first));
	const isComment = (line: string) => comment !== '' && line.trimStart().startsWith(comment);
	// Lines keep their numbers: those that are no rows are blank.
	const body = lines.map((line, i) => (i < first || isComment(line) ? '' : line));
	const fixed = reading.separator ?? CANDIDATES.find((one) => one === declared);
	const tried = fixed ? [trial(body, whole, fixed, true)] : [];
	// What the first line says may be untrue.
	const wrong = declared !== undefined && !reading.separator && (tried[0]?.width ?? 0) < 2;
	const trials = tried.length && !wrong ? tried : CANDIDATES.map((one) => trial(body, whole, one, false));
	const best = trials.sort((a, b) => b.score - a.score)[0]!;
	if (best.score <= 0) return null;

	const { separator, width } = best;
	const begins = best.records.findIndex(({ cells }) => cells.length >= Math.max(width - 1, Math.min(2, width)));
	if (begins < 0 || begins > MAX_PREAMBLE_LINES) return null;
	const records = best.records.slice(begins).filter(({ cells }) => !isRule(cells));
	const notes = declared
		? [
				wrong
					? 'The separator that the first line names is not that of the rows.'
					: 'The first line names the separator.'
			]
		: [];
	const before = best.records.slice(0, begins);
	if (before.length) notes.push(`${linesInWords(before.map(({ line }) => line))} above the table passed over.`);

	const start = records[0]!.line - 1;
	const comments = lines.flatMap((line, i) => (i < start && i >= first && isComment(line) ? [i + 1] : []));
	const rows = records.map(({ cells }) => cells);
	let count = reading.headerLines ?? headerLines(aligned(rows, width), width);
	let names = count ? joined(aligned(rows, width).slice(0, count), width) : [];
	const above = comments.at(-1) === start ? nameComment(lines[start - 1]!, comment, separator, width) : null;
	if (above && reading.headerLines === undefined && (count === 0 || above.sure)) {
		names = above.names;
		count = 0;
		comments.pop();
		notes.push(`The names of the columns stand in line ${start} after “${comment}”.`);
	}
	if (comments.length)
		notes.push(`${linesInWords(comments)} passed over as ${comments.length > 1 ? 'comments' : 'a comment'}.`);
	const data = rows.slice(count);
	const numeric = Array.from({ length: width }, (_, c) => c).filter((c) => {
		const cells = data.map((row) => row[c] ?? '');
		return cells.some(isNumber) && cells.filter(isNumberLike).length >= 0.9 * cells.length;
	});
	return { separator, width, numeric, start, headerLines: count, names, comment, notes };
}

/** Where the first line begins with one, or some lines with `#`; not where half of all do. */
function commentMark(lines: readonly string[]): string {
	const filled = lines.filter((line) => line.trim());
	const first = filled[0]?.trimStart() ?? '';
	const mark = COMMENTS.find((one) => first.startsWith(one)) ?? '#';
	const count = filled.filter((line) => line.trimStart().startsWith(mark)).length;
	return count && count < 0.5 * filled.length ? mark : '';
}

function trial(lines: readonly string[], whole: boolean, separator: Separator, fixed: boolean): Trial {
	const reader = new Records(separator);
	const records = reader.push(lines);
	if (whole) records.push(...reader.end());
	const counts = new Map<number, number>();
	for (const { cells } of records) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
	const [width, even] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [0, 0];
	const rows = records.filter(({ cells }) => cells.length === width).slice(0, 50);
	const cells = rows.flatMap((row) => row.cells);
	const share =
		cells.filter((cell) => isNumber(cell) || isDate(cell) || measured(cell.trim())).length / Math.max(1, cells.length);
	const consistency = even / Math.max(1, records.length);
	const score = scoreOf(separator, width, consistency, share);
	return { separator, records, width, score: fixed && width > 0 ? Math.max(score, 0.01) : score };
}

function scoreOf(separator: Separator, width: number, consistency: number, share: number): number {
	if (width === 0) return 0;
	// One column is a table only where it is one of numbers.
	if (width === 1) return separator === ',' && share > 0.5 ? 0.1 : 0;
	const blanks = separator === 'blanks' || separator === 'gaps';
	if (consistency < (blanks ? 0.8 : 0.5) || (blanks && share === 0)) return 0;
	return consistency + 0.5 * share - (blanks ? 0.05 : 0.001 * CANDIDATES.indexOf(separator));
}

/** Rows brought to one width: names that are one short lack that of the row names in front, unless the last cells are empty. */
function aligned(rows: readonly (readonly string[])[], width: number): readonly (readonly string[])[] {
	const [first = [], ...others] = rows;
	if (first.length !== width - 1) return rows;
	const trailing = others.every((row) => !(row[width - 1] ?? '').trim());
	return trailing ? rows : [['', ...first], ...others];
}

const joined = (rows: readonly (readonly string[])[], width: number): string[] =>
	Array.from({ length: width }, (_, c) =>
		rows
			.map((row) => (row[c] ?? '').trim())
			// Of several lines what says nothing is no part of the name.
			.filter((part, i, all) => all.length === 1 || (!isBlank(part) && !isIdentity(part) && all.indexOf(part) === i))
			.join(' ')
	);

/** The line of a comment as names, where it has as many cells as the rows; sure where nothing stands between mark and name. */
function nameComment(line: string, mark: string, separator: Separator, width: number) {
	const text = line.trimStart().slice(mark.trimEnd().length);
	const names = plainCells(text.trim(), separator).map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
	const good = width > 1 && names.length === width && !names.some((name) => isNumber(name));
	return good ? { names, sure: /^\S/.test(text) } : null;
}

export function linesInWords(lines: readonly number[]): string {
	if (lines.length === 1) return `Line ${lines[0]}`;
	const run = lines.at(-1)! - lines[0]! === lines.length - 1;
	return run ? `Lines ${lines[0]} to ${lines.at(-1)}` : `${lines.length} lines from line ${lines[0]} on`;
}
