import type { DataContext, DataLoader } from '#contracts/data-loader.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { LabError } from '#contracts/errors.ts';
import type { Source, SourceFile } from '#contracts/source.ts';
import { pieces, stem } from '#loaders/data-files.ts';
import { TableBuilder } from '#loaders/table-builder.ts';

const PIECE = 4 << 20;
/** Rows that say which columns are numbers. */
const SAMPLE = 1000;

const isTable = ({ path }: SourceFile) => /\.(csv|tsv|tab|txt)$/i.test(path);

/** A table as text: the first rows say which columns are numbers. */
const loader: DataLoader = {
	id: 'csv',
	title: 'Table (CSV, TSV)',
	extensions: ['.csv', '.tsv', '.tab', '.txt'],

	async match({ files }) {
		const tables = files.filter(isTable);
		if (tables.length !== 1) return 0;
		const text = await tables[0]!.blob.slice(0, 4096).text();
		if (/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text.slice(0, 4000))) return 0;
		return files.length === 1 ? 0.8 : 0.4;
	},

	async load(source: Source, context: DataContext): Promise<DataSet> {
		const file = source.files.find(isTable)!;
		const { default: papa } = await import('papaparse');
		const decoder = new TextDecoder();
		let [rest, cursor, delimiter] = ['', 0, ''];
		let header: readonly string[] | null = null;
		let builder: TableBuilder | null = null;
		let numeric: boolean[] = [];
		let waiting: string[][] = [];

		const start = () => {
			const [first, ...others] = waiting;
			if (!first) return;
			if (first.length < 2) {
				const all = others.every((row) => row.length < 2);
				if (all && !first.every(isNumber)) throw notATable(file);
			}
			// A header is a line without numbers above lines with some; else all is data.
			const below = others.slice(0, 50);
			const headed = !first.some(isNumber) && (below.some((row) => row.some(isNumber)) || others.length > 0);
			header = headed ? first.map((name) => name.trim()) : first.map((_, i) => `column ${i + 1}`);
			if (headed) waiting = others;
			builder = new TableBuilder(header);
			numeric = header.map((_, c) => {
				const cells = waiting.map((row) => row[c] ?? '').filter((cell) => !isBlank(cell));
				return cells.length > 0 && cells.filter(isNumber).length > 0.95 * cells.length;
			});
			waiting.forEach(add);
			waiting = [];
		};
		let uneven = 0;
		const add = (row: readonly string[]) => {
			if (row.length === 1 && !row[0]!.trim()) return;
			if (row.length !== header!.length) uneven++;
			header!.forEach((_, c) => {
				const cell = (row[c] ?? '').trim();
				builder!.push(c, isBlank(cell) ? (numeric[c] ? NaN : '') : numeric[c] ? Number(cell) : cell);
			});
		};

		for await (const { bytes, done } of pieces(file, 0, PIECE, context.signal)) {
			const last = done === 1;
			rest = rest.slice(cursor) + decoder.decode(bytes, { stream: !last });
			if (!delimiter) {
				rest = rest.replace(/^\uFEFF/, '');
				delimiter = separator(rest);
			}
			const parser = new papa.Parser({ delimiter, newline: newlineOf(rest) });
			const parsed = parser.parse(rest, 0, !last) as { data: string[][]; meta: { cursor: number } };
			cursor = parsed.meta.cursor;
			if (rest.length - cursor > 64 << 20) throw notATable(file);
			for (const row of parsed.data) {
				if (builder) add(row);
				else if (waiting.push(row) > SAMPLE) start();
			}
			(builder as TableBuilder | null)?.check(file.path);
			context.progress(done, 'Reading the table');
		}
		if (!builder) start();
		const table = builder as TableBuilder | null;
		if (!table?.count) throw notATable(file);
		if (uneven > 0.5 * table.count) throw notATable(file);
		return table.finish(stem(file.path));
	}
};

const isNumber = (cell: string) => cell.trim() !== '' && Number.isFinite(Number(cell));
const isBlank = (cell: string) => /^\s*(|na|n\/a|nan|null|none|\?)\s*$/i.test(cell);

/** The mark between cells that the first line has most of. */
function separator(text: string): string {
	const line = /^[^\r\n]*/.exec(text)![0];
	const count = (mark: string) => line.split(mark).length;
	return [',', '\t', ';', '|'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

const newlineOf = (text: string) => {
	const at = text.search(/[\r\n]/);
	return at < 0 || text[at] === '\n' ? '\n' : text[at + 1] === '\n' ? '\r\n' : '\r';
};

const notATable = ({ path }: SourceFile) =>
	new LabError(
		`“${path}” is no table that can be read.`,
		'It should have one line per row, with commas, semicolons or tabs between cells.'
	);

export default loader;
