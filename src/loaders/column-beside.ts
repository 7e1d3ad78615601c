import type { Column, DataSet } from '#contracts/data-set.ts';
import { LIMITS } from '#contracts/data-loader.ts';
import type { SourceFile } from '#contracts/source.ts';
import { columnNames } from '#maths/table/names.ts';
import { numberIn } from '#maths/table/numbers.ts';
import { isMissing } from '#maths/table/missing.ts';
import { categorical } from '#loaders/categories.ts';
import { textOf } from '#loaders/class-names.ts';
import { stem } from '#loaders/data-files.ts';
import { fewIntegers } from '#loaders/label.ts';

/** A file with one value a line for each row of another file: `X.csv` and `y.csv`, `X.npy` and `labels.txt`. */

const MAX_FILE_BYTES = 64 << 20;
const isText = ({ path, blob }: SourceFile) =>
	/\.(csv|tsv|txt|names|labels?)$/i.test(path) && blob.size <= MAX_FILE_BYTES;

/** @param count rows of the other file @returns null where the lines are none of its rows */
export async function columnBeside(file: SourceFile, count: number): Promise<Column | null> {
	if (!isText(file) || count < 2) return null;
	const lines = (await textOf(file)).split(/\r\n|\r|\n/).map((line) => line.trim());
	while (lines.length && !lines.at(-1)) lines.pop();
	const headed = lines.length === count + 1;
	if (!headed && lines.length !== count) return null;
	const cells = lines.slice(headed ? 1 : 0).map((line) => line.replace(/^"([^"]*)"$/, '$1'));
	if (cells.some((cell) => /[,;\t]/.test(cell) && Number.isNaN(numberIn(cell, ',')))) return null;
	const name = ((headed ? lines[0] : '') || stem(file.path)).replace(/^"(.*)"$/, '$1').slice(0, 80);
	const values = Float64Array.from(cells, (cell) => (isMissing(cell) ? NaN : numberIn(cell, '.')));
	if (cells.every((cell, i) => isMissing(cell) || !Number.isNaN(values[i]))) {
		const column = { kind: 'number', name, values } as const;
		return fewIntegers(column) ?? column;
	}
	const few = new Set(cells).size <= Math.min(LIMITS.categories, Math.max(2, 0.7 * count));
	return few ? categorical(name, cells) : { kind: 'text', name, values: cells };
}

/** @param found a column of each of the files, or null */
export function besides(
	data: DataSet,
	path: string,
	files: readonly SourceFile[],
	found: readonly (Column | null)[]
): DataSet {
	const added = found.filter((column) => column !== null);
	const names = columnNames([...data.columns, ...added].map(({ name }) => name)).slice(data.columns.length);
	const columns = added.map((column, k) => ({ ...column, name: names[k]! }));
	const label = data.label ?? columns.find(({ kind }) => kind === 'category')?.name ?? null;
	const notes = files.map(({ path: own }, k) =>
		found[k]
			? `“${own}” has a line for each row of “${path}”: it is a column.`
			: `“${own}” is no table that can be read.`
	);
	return { ...data, columns: [...data.columns, ...columns], label, notes: [...notes, ...(data.notes ?? [])] };
}
