import { LIMITS } from '#contracts/data-loader.ts';
import { LabError } from '#contracts/errors.ts';
import type { SourceFile } from '#contracts/source.ts';
import { isObject } from '#maths/json.ts';
import { linesOf, PIECE } from '#loaders/text/lines.ts';
import type { TextRecord } from '#loaders/text/records.ts';
import type { RowSource } from '#loaders/text/row-source.ts';

/** Tables as JSON: an object a line, or one value that holds them all as pandas writes it. */

/** Objects within objects become columns `a.b`, so deep. */
const DEEPEST = 4;
const MOST_BYTES = 256 << 20;
/** Of lines that are no JSON, this share at most is passed over. */
const BAD = 0.05;

type Row = Map<string, string>;

/** A whole number that no number holds is text, so that it stays as it is. */
const LONG = /([:[,]\s*)(-?\d{16,})(?=\s*[,}\]])/g;

/** @throws SyntaxError */
function parsed(text: string): unknown {
	const kept = text.replace(LONG, '$1"$2"');
	if (kept !== text)
		try {
			return JSON.parse(kept);
		} catch {
			// The digits stood within a text.
		}
	return JSON.parse(text);
}

function cell(value: unknown): string {
	if (value === null || value === undefined) return '';
	if (Array.isArray(value))
		return value.every((item) => typeof item === 'string') ? value.join(', ') : JSON.stringify(value);
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function flatten(value: Readonly<Record<string, unknown>>, row: Row, prefix = '', depth = 1): Row {
	for (const [key, inner] of Object.entries(value)) {
		const name = prefix + key;
		if (isObject(inner) && depth < DEEPEST) flatten(inner, row, `${name}.`, depth + 1);
		else row.set(name, cell(inner));
	}
	return row;
}

function rowOf(value: unknown): Row | null {
	if (Array.isArray(value)) return new Map(value.map((item, k) => [`column ${k + 1}`, cell(item)]));
	return isObject(value) ? flatten(value, new Map()) : null;
}

/** What pandas makes of a table: records, columns of lists, columns of objects, or columns and data apart. */
function rowsOf(json: unknown): Row[] | null {
	if (Array.isArray(json)) {
		const rows = json.map(rowOf);
		return rows.length && rows.every((row) => row !== null) ? rows : null;
	}
	if (!isObject(json)) return null;
	const { columns, data } = json;
	if (Array.isArray(columns) && Array.isArray(data) && data.every(Array.isArray))
		return data.map((line) => new Map(columns.map((name, k) => [cell(name), cell((line as unknown[])[k])])));
	if (Array.isArray(data)) return rowsOf(data);
	const own = Object.entries(json);
	const lists = own.map(([, values]) =>
		Array.isArray(values) ? (values as unknown[]) : isObject(values) ? Object.values(values) : null
	);
	const count = lists[0]?.length ?? 0;
	if (count < 2 || lists.some((list) => list?.length !== count)) return null;
	return Array.from({ length: count }, (_, i) => new Map(own.map(([name], k) => [name, cell(lists[k]![i])])));
}

function asSource(names: readonly string[], rows: RowSource['rows'], met: () => readonly string[]): RowSource {
	return { names, dialect: null, decimal: '.', notes: [], rows, met };
}

const records = (rows: readonly Row[], names: readonly string[], line: number): TextRecord[] =>
	rows.map((row, i) => ({ line: line + i, cells: names.map((name) => row.get(name) ?? '') }));

/** @returns null for JSON that is no table */
export async function jsonRows(file: SourceFile): Promise<RowSource | null> {
	if (file.blob.size > MOST_BYTES)
		throw new LabError(
			`“${file.path}” has more than ${MOST_BYTES >> 20} MB in one piece of JSON.`,
			'Write it with one object per line (.jsonl): that is read piece by piece.'
		);
	let json: unknown;
	try {
		json = parsed(await file.blob.text());
	} catch {
		return null;
	}
	const rows = rowsOf(json);
	if (!rows) return null;
	const names = namesOf(rows, new Set(), file);
	return asSource(
		[...names],
		async function* () {
			yield { records: records(rows, [...names], 1), done: 1 };
		},
		() => []
	);
}

function namesOf(rows: readonly Row[], names: Set<string>, { path }: SourceFile): Set<string> {
	for (const row of rows) for (const name of row.keys()) names.add(name);
	if (names.size > LIMITS.columns)
		throw new LabError(
			`The objects in “${path}” have more than ${LIMITS.columns.toLocaleString('en')} different fields.`,
			'Bring them to the same fields.'
		);
	return names;
}

/** @returns null where most lines are no objects */
export async function jsonLines(file: SourceFile, signal: AbortSignal, piece = PIECE): Promise<RowSource | null> {
	let bad = { count: 0, line: 0 };
	async function* read(signal: AbortSignal) {
		bad = { count: 0, line: 0 };
		let line = 0;
		for await (const { lines, done } of linesOf(file, 'utf-8', signal, piece)) {
			const rows: { line: number; row: Row }[] = [];
			for (const text of lines) {
				line++;
				if (!text.trim()) continue;
				const row = lineRow(text);
				if (row) rows.push({ line, row });
				else {
					bad.count++;
					bad.line ||= line;
				}
			}
			yield { rows, done };
		}
	}
	const names = new Set<string>();
	let count = 0;
	for await (const { rows } of read(signal)) {
		count += rows.length;
		namesOf(
			rows.map(({ row }) => row),
			names,
			file
		);
	}
	if (!count || bad.count > Math.max(1, BAD * count)) return null;
	const all = [...names];
	return asSource(
		all,
		async function* (signal) {
			for await (const { rows, done } of read(signal))
				yield { records: rows.map(({ line, row }) => ({ line, cells: all.map((name) => row.get(name) ?? '') })), done };
		},
		() =>
			bad.count
				? [
						`${bad.count === 1 ? `Line ${bad.line} is` : `${bad.count} lines (the first is line ${bad.line}) are`} no JSON and left out.`
					]
				: []
	);
}

function lineRow(text: string): Row | null {
	try {
		return rowOf(parsed(text));
	} catch {
		return null;
	}
}
