import type { DataContext, DataLoader } from '#contracts/data-loader.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { LabError } from '#contracts/errors.ts';
import type { Source, SourceFile } from '#contracts/source.ts';
import { stem } from '#loaders/data-files.ts';
import { delimited } from '#loaders/text/delimited.ts';
import { markedEncoding } from '#loaders/text/encoding.ts';
import { readTable } from '#loaders/text/text-table.ts';

const isTable = ({ path }: SourceFile) => /\.(csv|tsv|tab|txt|dat|data|asc|prn|psv)$/i.test(path);

/** A table as text, in whatever manner it is written. */
const loader: DataLoader = {
	id: 'csv',
	title: 'Table (CSV, TSV)',
	extensions: ['.csv', '.tsv', '.tab', '.txt', '.dat', '.data', '.asc', '.prn', '.psv'],

	async match({ files }) {
		const tables = files.filter(isTable);
		if (tables.length !== 1) return 0;
		const head = new Uint8Array(await tables[0]!.blob.slice(0, 4096).arrayBuffer());
		const text = new TextDecoder(markedEncoding(head) ?? 'windows-1252').decode(head);
		if (/[\u0000-\u0008\u000e-\u001f]/.test(text)) return 0;
		return files.length === 1 ? 0.8 : 0.4;
	},

	async load(source: Source, context: DataContext): Promise<DataSet> {
		const file = source.files.find(isTable)!;
		const table = await delimited(file, context.reading ?? {}, context.signal);
		if (!table) throw notATable(file);
		const data = await readTable(table, stem(file.path), context);
		if (!data.count) throw notATable(file);
		return data;
	}
};

const notATable = ({ path }: SourceFile) =>
	new LabError(
		`“${path}” is no table that can be read.`,
		'It should have one line per row, with commas, semicolons, tabs or blanks between cells.'
	);

export default loader;
