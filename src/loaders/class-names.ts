import type { SourceFile } from '#contracts/source.ts';
import { parseLabels } from '#maths/labels.ts';
import { isTable, type LabelTable } from '#maths/labels/from-table.ts';
import { isRule } from '#loaders/text/cells.ts';
import { dialectOf } from '#loaders/text/dialect.ts';
import { decoderOf, encodingOf } from '#loaders/text/encoding.ts';
import { Records } from '#loaders/text/records.ts';

/** Class names in files and texts, of which tables are read as all tables are. */

const HEAD_LINES = 1000;

export interface ClassNames {
	names: readonly string[];
	/** Whether it looks like the rows of a data set, too. */
	table: boolean;
}

/** Null where there are no marks between cells: blanks stand within names. */
function tableIn(text: string): LabelTable | null {
	const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
	const dialect = dialectOf(lines.slice(0, HEAD_LINES), lines.length <= HEAD_LINES, {});
	if (!dialect || dialect.width < 2 || dialect.separator === 'blanks' || dialect.separator === 'gaps') return null;
	const reader = new Records(dialect.separator, dialect, dialect.start);
	const records = [...reader.push(lines.slice(dialect.start)), ...reader.end()].filter(({ cells }) => !isRule(cells));
	return { header: dialect.names, rows: records.slice(dialect.headerLines).map(({ cells }) => cells) };
}

/** @returns null where there is no list of names */
export function classNamesIn(text: string): ClassNames | null {
	const table = tableIn(text);
	const names = parseLabels(text, table);
	return names && { names, table: table !== null && isTable(table) };
}

/** The text of a file, whatever its letters are written in. */
export async function textOf(file: SourceFile): Promise<string> {
	const { name } = await encodingOf(file, new AbortController().signal);
	return decoderOf(name).decode(await file.blob.arrayBuffer());
}
