import { LIMITS } from '#contracts/data-loader.ts';
import type { Column } from '#contracts/data-set.ts';
import { LabError } from '#contracts/errors.ts';
import type { SourceFile } from '#contracts/source.ts';
import { columnNames } from '#maths/table/names.ts';
import { categorical } from '#loaders/categories.ts';

/** What the projector's metadata say of each point: lines of cells between tabs, in which quotation marks are letters. */
export type MetadataLines = readonly (readonly string[])[];

const MAX_METADATA_BYTES = 256 << 20;

export async function metadataLines(file: SourceFile): Promise<MetadataLines> {
	if (file.blob.size > MAX_METADATA_BYTES) throw new LabError(`“${file.path}” is too large.`, '256 MB are the limit.');
	const lines = (await file.blob.text()).replace(/\r/g, '').split('\n');
	while (lines.length && !lines.at(-1)) lines.pop();
	return lines.map((line) => line.split('\t').slice(0, LIMITS.columns));
}

/**
 * How many points there are, if the lines are told by the projector's own rule: one column has no header, several have one.
 */
export const pointsOf = (lines: MetadataLines): number => lines.length - ((lines[0]?.length ?? 0) > 1 ? 1 : 0);

/**
 * The first line is a header if it makes the count fit.
 * @param count points of the tensor
 * @returns null where neither fits
 */
export function metadataColumns(lines: MetadataLines, count: number): Column[] | null {
	const headed = lines.length === count + 1;
	if (!headed && lines.length !== count) return null;
	const body = headed ? lines.slice(1) : lines;
	const width = lines[0]?.length ?? 0;
	const given = headed ? lines[0]! : width > 1 ? Array<string>(width).fill('') : ['label'];
	return columnNames(given).map((name, c) =>
		columnOf(
			name,
			body.map((line) => (line[c] ?? '').slice(0, LIMITS.cell))
		)
	);
}

function columnOf(name: string, texts: readonly string[]): Column {
	const values = Float64Array.from(texts, (text) => (text.trim() ? Number(text) : NaN));
	const filled = texts.filter((text) => text.trim());
	const exact = filled.every((text) => Number.isFinite(Number(text)) && !/^[-+]?\d{16,}$/.test(text.trim()));
	if (filled.length && exact) return { kind: 'number', name, values };
	const few = new Set(texts).size <= Math.min(LIMITS.categories, Math.max(2, 0.7 * texts.length));
	return few ? categorical(name, texts) : { kind: 'text', name, values: texts };
}
