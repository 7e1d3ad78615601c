import papa from 'papaparse';
import type { Separator } from '#contracts/reading.ts';

/** Cells of a line that has no quotation marks, or of one in which they are letters. */
export function plainCells(line: string, separator: Separator): string[] {
	if (separator === 'blanks') return line.trim().split(/\s+/);
	if (separator === 'gaps') return line.trim().split(/\s{2,}|\t/);
	return line.split(separator);
}

/** What the parser answers for one record; null for more or less than one, or for quotation marks where none belong. */
function parsed(record: string, delimiter: string, escapeChar: string): string[] | null {
	// A line end that is in no record: line feeds in a cell are its letters.
	const { data, errors } = papa.parse<string[]>(record, { delimiter, escapeChar, newline: '\n' });
	return data.length === 1 && !errors.length ? data[0]! : null;
}

/** Cells of a record in which quotation marks hold cells together; null where they do not add up. */
export function quotedCells(record: string, separator: Separator): string[] | null {
	if (separator === 'blanks' || separator === 'gaps') return quotedWords(record, separator);
	const cells = parsed(record, separator, '"') ?? (record.includes('\\"') ? parsed(record, separator, '\\') : null);
	if (!cells?.some((cell) => /^ +"/.test(cell))) return cells;
	// Blanks between a separator and a mark are no part of the cell.
	return parsed(record.replaceAll(`${separator} "`, `${separator}"`).trimStart(), separator, '"') ?? cells;
}

/** Cells of lines that are a record each; null where one is none, or not of this width (0: of any). */
export function quotedLines(lines: readonly string[], separator: Separator, width: number): string[][] | null {
	if (separator === 'blanks' || separator === 'gaps') return null;
	const { data, errors } = papa.parse<string[]>(lines.join('\n'), { delimiter: separator, newline: '\n' });
	if (errors.length || data.length !== lines.length) return null;
	const good = data.every((cells) => (!width || cells.length === width) && !cells.some((cell) => /^ +"/.test(cell)));
	return good ? data : null;
}

/** Whether a quotation mark stands where a cell begins. */
export function opens(line: string, separator: Separator): boolean {
	const mark = separator === 'blanks' || separator === 'gaps' ? ' ' : separator;
	return line.trimStart().startsWith('"') || line.includes(`${mark}"`) || line.includes(`${mark} "`);
}

/** What Markdown rules under its names with. */
const RULE = /^:?-+:?$/;
export const isRule = (cells: readonly string[]): boolean =>
	cells.length > 1 &&
	cells.every((cell) => !cell.trim() || RULE.test(cell.trim())) &&
	cells.some((cell) => cell.includes('--'));

/** A cell from where it begins, in quotes or without. */
const QUOTED = /"([^"]*(?:""[^"]*)*)"(?=\s|$)/y;
const WORD = /(\S+)/y;

function quotedWords(record: string, separator: 'blanks' | 'gaps'): string[] | null {
	if (separator === 'gaps' || record.includes('\n')) return null;
	const cells: string[] = [];
	for (let at = 0; at < record.length; at++) {
		if (!record[at]!.trim()) continue;
		const quoted = record[at] === '"';
		const word = quoted ? QUOTED : WORD;
		word.lastIndex = at;
		const cell = word.exec(record)?.[1];
		if (cell === undefined) return null;
		cells.push(quoted ? cell.replaceAll('""', '"') : cell);
		at = word.lastIndex;
	}
	return cells;
}

/** How many quotation marks. */
export function marksIn(line: string): number {
	let count = 0;
	for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) count++;
	return count;
}
