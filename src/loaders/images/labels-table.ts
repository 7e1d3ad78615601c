import type { DataContext } from '#contracts/data-loader.ts';
import type { Column } from '#contracts/data-set.ts';
import { LabError } from '#contracts/errors.ts';
import type { SourceFile } from '#contracts/source.ts';
import { textsOf } from '#loaders/convert-column.ts';
import { stem } from '#loaders/data-files.ts';
import { labelled } from '#loaders/label.ts';
import { ofRows } from '#loaders/rows-taken.ts';
import { delimited } from '#loaders/text/delimited.ts';
import { readTable } from '#loaders/text/text-table.ts';

/** A table beside pictures that says of which file each of its lines is: `labels.csv`, `metadata.csv`. */

const isTable = ({ path }: SourceFile) => /\.(csv|tsv|txt)$/i.test(path);
const MAX_TABLES = 10;
const MAX_TABLE_BYTES = 256 << 20;

export interface FileTable {
	columns: readonly Column[];
	label: string | null;
	notes: readonly string[];
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
const withoutEnding = (path: string) => path.replace(/\.[^./]*$/, '');

/** Pictures by every end of their path, with the file's ending and without; -1 for what names several. */
function byName(paths: readonly string[]): Map<string, number> {
	const indices = new Map<string, number>();
	const put = (key: string, i: number) => indices.set(key, indices.has(key) && indices.get(key) !== i ? -1 : i);
	paths.forEach((path, i) => {
		const parts = path.split(/[/\\]/);
		for (let from = Math.max(0, parts.length - 6); from < parts.length; from++) {
			const end = parts.slice(from).join('/');
			put(end, i);
			if (withoutEnding(end) !== end) put(withoutEnding(end), i);
		}
	});
	return indices;
}

interface Match {
	/** The line of each picture; -1 for none. */
	lines: Int32Array;
	column: Column;
	found: number;
}

/** The column whose cells name most of the pictures. */
function matched(
	columns: readonly Column[],
	folder: string,
	indices: Map<string, number>,
	count: number
): Match | null {
	let best: Match | null = null;
	for (const column of columns) {
		const lines = new Int32Array(count).fill(-1);
		let found = 0;
		textsOf(column).forEach((cell, line) => {
			const name = cell.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
			// What stands in a folder's own table names what is in that folder.
			const own = indices.get(folder + name);
			const index = own !== undefined && own >= 0 ? own : indices.get(name);
			if (index === undefined || index < 0) return;
			if (lines[index] === -1) found++;
			lines[index] = line;
		});
		if (!best || found > best.found) best = { lines, column, found };
	}
	return best;
}

/** The columns of the table that names the most pictures, in the pictures' order; null where none does. */
export async function tableBeside(
	files: readonly SourceFile[],
	paths: readonly string[],
	context: DataContext
): Promise<FileTable | null> {
	const indices = byName(paths);
	let best: { match: Match; columns: readonly Column[]; path: string } | null = null;
	for (const file of files.filter((one) => isTable(one) && one.blob.size <= MAX_TABLE_BYTES).slice(0, MAX_TABLES)) {
		const columns = await columnsIn(file, context);
		const folder = folderOf(file.path.replaceAll('\\', '/'));
		const match = columns && matched(columns, folder, indices, paths.length);
		if (columns && match && match.found > (best?.match.found ?? 0)) best = { match, columns, path: file.path };
	}
	if (!best || best.match.found < 0.3 * paths.length) return null;
	const { match, columns, path } = best;
	const others = columns.filter((column) => column !== match.column).map((column) => ofRows(column, match.lines));
	const { columns: own, label } = labelled(others);
	const without = paths.length - match.found;
	const note = `What “${path}” says is joined by the name of the file`;
	return {
		columns: own,
		label,
		notes: [
			without
				? `${note}: ${without.toLocaleString('en')} ${without === 1 ? 'picture is' : 'pictures are'} not in it.`
				: `${note}.`
		]
	};
}

/** Null for what is no table. */
async function columnsIn(file: SourceFile, context: DataContext): Promise<readonly Column[] | null> {
	try {
		const rows = await delimited(file, {}, context.signal);
		return rows && (await readTable(rows, stem(file.path), { ...context, reading: {} }, false)).columns;
	} catch (error) {
		if (error instanceof LabError) return null;
		throw error;
	}
}
