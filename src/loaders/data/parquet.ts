import type { Compressors, FileMetaData, SchemaTree } from 'hyparquet';
import type { DataLoader } from '#contracts/data-loader.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { LabError, throwIfAborted } from '#contracts/errors.ts';
import { begins, checkRows, letters, stem } from '#loaders/data-files.ts';
import { checkPages } from '#loaders/parquet-soundness.ts';
import { hintsOf } from '#loaders/table-metadata.ts';
import { TypedTable } from '#loaders/typed-table.ts';

const MAGIC = letters('PAR1');
const ENCRYPTED = letters('PARE');
/** Rows read at a time: between, a cancel is heard. */
const PIECE = 20_000;
/** A page that says it is larger when unpacked is broken. */
const MAX_PAGE_BYTES = 2 ** 30;

/** Apache Parquet, by hyparquet: lists of numbers become the rows, structs of bytes become the images. */
const loader: DataLoader = {
	id: 'parquet',
	title: 'Parquet',
	extensions: ['.parquet'],
	single: true,

	async match({ files }) {
		const found = await Promise.all(
			files.slice(0, 10).map(async (file) => (await begins(file, MAGIC)) || begins(file, ENCRYPTED))
		);
		return found.filter(Boolean).length === 1 ? 0.95 : 0;
	},

	async load({ files }, { signal, progress }): Promise<DataSet> {
		const found = await Promise.all(files.map(async (file) => (await begins(file, MAGIC)) || begins(file, ENCRYPTED)));
		const given = files[found.indexOf(true)]!;
		const { path, blob } = given;
		if (await begins(given, ENCRYPTED))
			throw new LabError(`“${path}” is an encrypted Parquet file.`, 'Write it again without encryption.');
		const [{ parquetMetadataAsync, parquetRead, parquetSchema }, { compressors }] = await Promise.all([
			import('hyparquet'),
			import('hyparquet-compressors')
		]);
		const file = {
			byteLength: blob.size,
			slice: (start: number, end?: number) => blob.slice(start < 0 ? blob.size + start : start, end).arrayBuffer()
		};
		/** What the library says of a broken file is not for people. */
		const reading = async <T>(work: () => T | Promise<T>): Promise<T> => {
			try {
				return await work();
			} catch (cause) {
				if (cause instanceof LabError || signal.aborted) throw cause;
				throw new LabError(
					`“${path}” is no Parquet file that can be read: it is broken or cut off.`,
					'Write it again, e.g. with pandas or DuckDB.',
					{ cause }
				);
			}
		};
		const options = { parsers: { jsonFromBytes: words }, geoparquet: false } as const;
		const { metadata, root, schema } = await reading(async () => {
			const metadata = await parquetMetadataAsync(file, options);
			const root = parquetSchema(metadata);
			const named = root.children.every(({ element }) => typeof element.name === 'string');
			if (!named || !Array.isArray(metadata.key_value_metadata ?? [])) throw new Error('Columns are not described.');
			return { metadata, root, schema: root.children };
		});
		const count = Number(metadata.num_rows);
		checkRows(count, schema.length, `“${path}”`);
		const strange = schema.filter(unread);
		const columns = schema.filter((column) => !strange.includes(column)).map(({ element }) => element.name);
		const table = new TypedTable(columns, hintsOf(textsOf(metadata)));
		for (const { element } of strange)
			table.notes.push(`“${element.name}” is of a type that is not read (${typeText(element)}): it is left out.`);
		checkCompression(metadata, path, compressors);
		await reading(() => checkPages(file, metadata, root, guarded(compressors), signal));
		for (let rowStart = 0; columns.length && rowStart < count; rowStart += PIECE) {
			throwIfAborted(signal);
			const rowEnd = Math.min(count, rowStart + PIECE);
			let rows: readonly (readonly unknown[])[] = [];
			const onComplete = (all: unknown[][]) => (rows = all);
			const piece = { file, metadata, columns, compressors: guarded(compressors), rowStart, rowEnd, utf8: false };
			await reading(() => parquetRead({ ...piece, ...options, onComplete }));
			if (rows.length !== rowEnd - rowStart) await reading(() => Promise.reject(new Error('There are rows missing.')));
			for (const row of rows) for (let c = 0; c < columns.length; c++) table.push(c, row[c]);
			table.check(count, path);
			progress(rowEnd / count, 'Reading the table');
		}
		return table.finish(stem(path));
	}
};

const words = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

function textsOf({ key_value_metadata: pairs = [] }: FileMetaData): Map<string, string> {
	return new Map(pairs.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value] as const])));
}

type Element = SchemaTree['element'];
const typeText = ({ converted_type: converted, logical_type: logical }: Element) =>
	(logical?.type ?? converted ?? 'unknown').toLowerCase();

/** Whether a column, or what is in it, is of a type that the library has no numbers or words for. */
const unread = ({ element, children }: SchemaTree): boolean =>
	element.converted_type === 'BSON' ||
	element.converted_type === 'INTERVAL' ||
	element.logical_type?.type === 'VARIANT' ||
	children.some(unread);

function checkCompression({ row_groups: groups }: FileMetaData, path: string, known: Compressors): void {
	for (const { columns } of groups)
		for (const { meta_data: column } of columns)
			if (column && column.codec !== 'UNCOMPRESSED' && !known[column.codec])
				throw new LabError(
					`“${path}” is compressed by ${String(column.codec)}, which is not read here.`,
					'Write it again with zstd, snappy or no compression: df.to_parquet(path, compression="zstd").'
				);
}

function guarded(compressors: Compressors): Compressors {
	const known = Object.entries(compressors) as [keyof Compressors, (input: Uint8Array, size: number) => Uint8Array][];
	return Object.fromEntries(
		known.map(([name, unpack]) => [
			name,
			(input: Uint8Array, size: number) => {
				if (size > MAX_PAGE_BYTES) throw new Error(`A page of ${size} bytes.`);
				return unpack(input, size);
			}
		])
	);
}

export default loader;
