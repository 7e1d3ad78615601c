import { LabError } from '#contracts/errors.ts';
import type { ColumnUse } from '#contracts/reading.ts';
import type { SourceFile } from '#contracts/source.ts';
import { linesOf } from '#loaders/text/lines.ts';
import { Records } from '#loaders/text/records.ts';
import type { RowSource } from '#loaders/text/row-source.ts';

/** Weka's ARFF: the columns by name and type, then comma-separated rows. */

const ATTRIBUTE = /^@attribute\s+('[^']*'|"[^"]*"|[^\s]+)\s+(\S.*)?$/i;

const unquoted = (text: string) => text.trim().replace(/^'(.*)'$|^"(.*)"$/, '$1$2');

const useOf = (type: string): ColumnUse =>
	type.startsWith('{') ? 'category' : /^(numeric|real|integer)/i.test(type) ? 'number' : 'text';

/** @throws LabError for sparse rows, and where there are none */
export async function arffRows(file: SourceFile, signal: AbortSignal): Promise<RowSource> {
	const names: string[] = [];
	const uses = new Map<number, ColumnUse>();
	let start = 0;
	for await (const { lines } of linesOf(file, 'utf-8', signal)) {
		const data = lines.findIndex((line) => /^\s*@data/i.test(line));
		for (const line of data < 0 ? lines : lines.slice(0, data)) {
			const [, name, type = ''] = ATTRIBUTE.exec(line.trim()) ?? [];
			if (name === undefined) continue;
			uses.set(names.length, useOf(type.trim()));
			names.push(unquoted(name));
		}
		start += data < 0 ? lines.length : data + 1;
		if (data >= 0) break;
	}
	const width = names.length;
	return {
		names,
		dialect: null,
		decimal: '.',
		uses,
		notes: [],
		async *rows(signal) {
			const records = new Records(',', { width, numeric: [], comment: '%' }, start);
			let skipped = 0;
			for await (const { lines, done } of linesOf(file, 'utf-8', signal)) {
				const left = skipped < start ? lines.slice(start - skipped) : lines;
				skipped += lines.length;
				if (left.some((line) => line.trimStart().startsWith('{')))
					throw new LabError(
						`“${file.path}” is a sparse ARFF table.`,
						'Write it as a dense one, e.g. with Weka’s SparseToNonSparse.'
					);
				const found = records.push(left.map((line) => line.replace(/(^|,)\s*'([^']*)'\s*(?=,|$)/g, '$1"$2"')));
				if (done === 1) found.push(...records.end());
				yield { records: found, done };
			}
		},
		met: () => []
	};
}
