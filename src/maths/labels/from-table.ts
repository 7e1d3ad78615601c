import papa from 'papaparse';
import { isPlace, placed } from '#maths/labels/places.ts';

/** Headers of a column of names, the best first. */
const NAMES = [
	/^display[ _-]?name$/i,
	/^(class|label|category|species)[ _-]?names?$/i,
	/^names?$/i,
	/^(labels?|class|classes|category|title)$/i
];
const PLACES = /^(class|label|category)?[ _-]?(id|index|idx|number|no|code)$/i;

const rowsOf = (text: string, most: number) =>
	papa.parse<string[]>(text, { preview: most, skipEmptyLines: 'greedy', delimitersToGuess: [',', '\t', ';', '|'] });

/** A table with a column that is headed as names are; a column of one's own may say their places. */
export function fromTable(text: string): string[] | null {
	const { data } = rowsOf(text, 0);
	const [header = [], ...rows] = data.map((row) => row.map((cell) => cell.trim()));
	const column = NAMES.map((pattern) => header.findIndex((cell) => pattern.test(cell))).find((at) => at >= 0) ?? -1;
	if (column < 0 || !rows.length) return null;
	const names = rows.map((row) => row[column] ?? '');
	const place = header.findIndex((cell, at) => at !== column && PLACES.test(cell));
	// Rows of a data set repeat their classes.
	if (header.length > 1 && new Set(names).size < names.length) return null;
	const places = place < 0 ? [] : rows.map((row) => row[place] ?? '');
	if (place >= 0 && places.every(isPlace)) return placed(places.map((text, i) => [Number(text), names[i] as string]));
	return names;
}

/** Whether the first rows have three cells or more each, always as many: rows of a data set, not names with commas in them. */
export function isTable(text: string): boolean {
	const { data } = rowsOf(text.slice(0, 1 << 16), 50);
	const width = data[0]?.length ?? 0;
	return width >= 3 && data.length >= 3 && data.slice(0, -1).every((row) => row.length === width);
}
