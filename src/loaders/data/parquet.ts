import type { DataLoader } from '#contracts/data-loader.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { LabError, throwIfAborted } from '#contracts/errors.ts';
import { begins, checkRows, letters, stem } from '#loaders/data-files.ts';
import { TableBuilder } from '#loaders/table-builder.ts';

const MAGIC = letters('PAR1');
/** Rows read at a time: between, a cancel is heard. */
const PIECE = 20_000;

/** Apache Parquet, by hyparquet: lists of numbers become the rows, structs of bytes become the images. */
const loader: DataLoader = {
	id: 'parquet',
	title: 'Parquet',
	extensions: ['.parquet'],

	async match({ files }) {
		const found = await Promise.all(files.slice(0, 10).map((file) => begins(file, MAGIC)));
		return found.filter(Boolean).length === 1 ? 0.95 : 0;
	},

	async load({ files }, { signal, progress }): Promise<DataSet> {
		const found = await Promise.all(files.map((file) => begins(file, MAGIC)));
		const { path, blob } = files[found.indexOf(true)]!;
		const [{ parquetMetadataAsync, parquetRead, parquetSchema }, { compressors }] = await Promise.all([
			import('hyparquet'),
			import('hyparquet-compressors')
		]);
		const file = {
			byteLength: blob.size,
			slice: (start: number, end?: number) => blob.slice(start < 0 ? blob.size + start : start, end).arrayBuffer()
		};
		try {
			const metadata = await parquetMetadataAsync(file);
			const names = parquetSchema(metadata).children.map(({ element }) => element.name);
			const count = Number(metadata.num_rows);
			checkRows(count, names.length, `“${path}”`);
			const table = new TableBuilder(names);
			for (let rowStart = 0; rowStart < count; rowStart += PIECE) {
				throwIfAborted(signal);
				const rowEnd = Math.min(count, rowStart + PIECE);
				await parquetRead({
					file,
					metadata,
					compressors,
					rowStart,
					rowEnd,
					rowFormat: 'object',
					onComplete: (rows) => {
						for (const row of rows) names.forEach((name, c) => table.push(c, row[name]));
					}
				});
				progress(rowEnd / count, 'Reading the table');
			}
			return table.finish(stem(path));
		} catch (cause) {
			if (cause instanceof LabError || signal.aborted) throw cause;
			const why = cause instanceof Error ? cause.message.slice(0, 160) : '';
			throw new LabError(
				`“${path}” is no Parquet file that can be read: ${why.replace(/\.$/, '')}.`,
				'Write it again, e.g. with pandas or DuckDB.',
				{
					cause
				}
			);
		}
	}
};

export default loader;
