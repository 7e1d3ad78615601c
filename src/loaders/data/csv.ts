import type { DataContext, DataLoader } from '#contracts/data-loader.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { LabError } from '#contracts/errors.ts';
import type { Reading } from '#contracts/reading.ts';
import type { Source, SourceFile } from '#contracts/source.ts';
import { knownFormat } from '#loaders/known-formats.ts';
import { stem } from '#loaders/data-files.ts';
import { arffRows } from '#loaders/text/arff-rows.ts';
import { delimited } from '#loaders/text/delimited.ts';
import { markedEncoding } from '#loaders/text/encoding.ts';
import { jsonLines, jsonRows } from '#loaders/text/json-rows.ts';
import type { RowSource } from '#loaders/text/row-source.ts';
import { readTable } from '#loaders/text/text-table.ts';
import { headOf } from '#loaders/head.ts';

const ENDINGS = [
	'.csv',
	'.tsv',
	'.tab',
	'.txt',
	'.dat',
	'.data',
	'.asc',
	'.prn',
	'.psv',
	'.arff',
	'.jsonl',
	'.ndjson',
	'.json'
];
const isTable = ({ path }: SourceFile) => ENDINGS.some((ending) => path.toLowerCase().endsWith(ending));

async function headText({ blob }: SourceFile): Promise<string> {
	const head = await headOf(blob, 4096);
	return new TextDecoder(markedEncoding(head) ?? 'windows-1252').decode(head).replace(/^ï»¿/, '');
}

const isJsonList = (head: string) => /^\s*\[\s*[[{]/.test(head);
/** What other files are that are objects: models, their manifests, and settings of the projector. */
const OTHER = /"(modelTopology|weightsManifest|embeddings|class_name|keras_version|dtype|format)"/;

/** A table as text, in whatever dialect it is written. */
const loader: DataLoader = {
	id: 'csv',
	title: 'Table (CSV, TSV, JSON lines)',
	extensions: ENDINGS,
	single: true,

	async match({ files }) {
		const tables = files.filter(isTable);
		const [file] = tables;
		if (!file || tables.length !== 1) return 0;
		const head = await headText(file);
		if (/[\u0000-\u0008\u000e-\u001f]/.test(head)) return 0;
		const sure = files.length === 1 ? 0.8 : 0.4;
		if (!/\.json$/i.test(file.path) || isJsonList(head)) return sure;
		return /^\s*\{/.test(head) && !OTHER.test(head) ? 0.5 * sure : 0;
	},

	async load(source: Source, context: DataContext): Promise<DataSet> {
		const file = source.files.find(isTable)!;
		const rows = await rowsOf(file, context.reading ?? {}, context.signal);
		if (!rows) throw (await knownAs(file)) ?? notATable(file);
		return readTable(rows, stem(file.path), context);
	}
};

async function rowsOf(file: SourceFile, reading: Reading, signal: AbortSignal): Promise<RowSource | null> {
	const head = await headText(file);
	if (NO_TABLE.test(head)) return null;
	if (/^[ \t]*@relation\b/im.test(head)) return arffRows(file, signal);
	if (/\.json$/i.test(file.path)) return jsonRows(file, signal);
	if (/\.(jsonl|ndjson)$/i.test(file.path) || /^\s*\{\s*"/.test(head)) return jsonLines(file, signal);
	if (LIBSVM.test(head.slice(0, head.indexOf('\n') + 1)))
		throw new LabError(
			`“${file.path}” is in the sparse format of LIBSVM.`,
			'Write it as a dense table, e.g. with scikit-learn’s load_svmlight_file and toarray.'
		);
	return delimited(file, reading, signal);
}

/** Pages, and pointers of Git LFS. */
const NO_TABLE = /^\s*(?:<(?:!doctype|html|\?xml)\b|version https:\/\/git-lfs\.github\.com\/)/i;

/** `1 3:0.5 7:1`: a label, then indices with their values. */
const LIBSVM = /^[+-]?[\d.,]+( +\d+:[-+.\deE]+){2,}\s*$/;

/** What calls itself a table and is a page, or a pointer to where the table lies. */
async function knownAs(file: SourceFile): Promise<LabError | null> {
	const known = await knownFormat(file);
	return known && new LabError(known.message, known.hint);
}

const notATable = ({ path }: SourceFile) =>
	new LabError(
		`“${path}” is no table that can be read.`,
		/\.json$/i.test(path)
			? 'It should be a list of objects, an object of lists of one length, or one object per line.'
			: 'It should have one line per row, with commas, semicolons, tabs or blanks between cells.'
	);

export default loader;
