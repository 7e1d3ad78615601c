import { LIMITS } from '#contracts/data-loader.ts';
import { LabError } from '#contracts/errors.ts';
import type { SourceFile } from '#contracts/source.ts';
import { parseJson } from '#maths/json.ts';
import { decoderOf, encodingNotes, encodingOf } from '#loaders/text/encoding.ts';
import { namesOver, rowOf, rowsOf, type Row } from '#loaders/text/json-shape.ts';
import { linesOf, PIECE } from '#loaders/text/lines.ts';
import type { TextRecord } from '#loaders/text/records.ts';
import type { RowSource } from '#loaders/text/row-source.ts';

/** Tables as JSON: an object a line, or one value that holds them all as pandas writes it. */

const MAX_JSON_BYTES = 256 << 20;
/** Of lines that are no JSON, this share at most is passed over. */
const BAD = 0.05;

/** A whole number that no number holds is text, so that it stays as it is. */
const LONG = /([:[,]\s*)(-?\d{16,})(?=\s*[,}\]])/g;

/** @throws JsonError */
function parsed(text: string): unknown {
	const kept = text.replace(LONG, '$1"$2"');
	if (kept !== text)
		try {
			return JSON.parse(kept);
		} catch {
			// The digits stood within a text.
		}
	return parseJson(text);
}

function asSource(
	names: readonly string[],
	notes: readonly string[],
	rows: RowSource['rows'],
	met: () => readonly string[]
): RowSource {
	return { names, dialect: null, decimal: '.', notes, rows, met };
}

const records = (rows: readonly Row[], names: readonly string[], line: number): TextRecord[] =>
	rows.map((row, i) => ({ line: line + i, cells: names.map((name) => row.get(name) ?? '') }));

/** @returns null for JSON that is no table */
export async function jsonRows(file: SourceFile, signal: AbortSignal): Promise<RowSource | null> {
	if (file.blob.size > MAX_JSON_BYTES)
		throw new LabError(
			`“${file.path}” has more than ${MAX_JSON_BYTES >> 20} MB in one piece of JSON.`,
			'Write it with one object per line (.jsonl): that is read piece by piece.'
		);
	const encoding = await encodingOf(file, signal);
	let json: unknown;
	try {
		json = parsed(decoderOf(encoding.name).decode(await file.blob.arrayBuffer()));
	} catch {
		// An object a line, in a file that is called as if it were one value.
		return jsonLines(file, signal);
	}
	const rows = rowsOf(json);
	if (!rows) return null;
	const names = namesOf(rows, new Set(), file);
	return asSource(
		[...names],
		encodingNotes(encoding),
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
	const encoding = await encodingOf(file, signal);
	let bad = { count: 0, line: 0 };
	async function* read(signal: AbortSignal) {
		bad = { count: 0, line: 0 };
		let line = 0;
		// The first may hold the names of the others.
		let held: { line: number; value: unknown } | null = null;
		let [names, seen]: [string[] | null, boolean] = [null, false];
		for await (const { lines, done } of linesOf(file, encoding.name, signal, piece)) {
			const rows: { line: number; row: Row }[] = [];
			const take = (one: { line: number; value: unknown }) => {
				const row = rowOf(one.value, names);
				if (row) rows.push({ line: one.line, row });
				else {
					bad.count++;
					bad.line ||= one.line;
				}
			};
			for (const text of lines) {
				line++;
				if (!text.trim()) continue;
				const one = { line, value: lineValue(text) };
				if (held) {
					names = namesOver(held.value, one.value);
					if (!names) take(held);
				}
				held = seen ? null : one;
				seen = true;
				if (!held) take(one);
			}
			if (held && done === 1) take(held);
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
		encodingNotes(encoding),
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

function lineValue(text: string): unknown {
	try {
		return parsed(text);
	} catch {
		return undefined;
	}
}
