import type { DataContext } from '#contracts/data-loader.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { LabError, throwIfAborted } from '#contracts/errors.ts';
import { baseName, type Source } from '#contracts/source.ts';
import { expanded } from '#loaders/archive.ts';
import { readAs } from '#loaders/foreign-faults.ts';
import { reread } from '#loaders/reread.ts';
import { dataLoaders } from '#loaders/data-registry.ts';
import { openSeveral, tableFiles } from '#loaders/several-tables.ts';
import { withoutBroken } from '#loaders/whole-pictures.ts';

/**
 * Asks every format and opens with the surest one.
 * @throws LabError that says what is wrong with the files
 */
export async function openData(packed: Source, context: DataContext): Promise<DataSet> {
	context.progress(0, 'Looking at the files');
	const source = await expanded(packed, context.signal);
	throwIfAborted(context.signal);
	const sure = await Promise.all(
		[...dataLoaders.values()].map(async (loader) => ({ loader, sure: await loader.match(source) }))
	);
	const best = sure.sort((a, b) => b.sure - a.sure)[0];
	if (!best?.sure || best.loader.single) {
		const tables = source.files.length > 1 ? await tableFiles(source, dataLoaders.values()) : [];
		if (tables.length > 1)
			return reread(await withoutBroken(await openSeveral(source, tables, context), context), context.reading ?? {});
	}
	if (!best || best.sure <= 0) {
		const names = source.files.slice(0, 3).map(({ path }) => baseName(path));
		throw new LabError(
			source.files.length ? `No data set was found in ${names.join(', ')}.` : 'There are no files in it.',
			'Open images in folders, a CSV or TSV table, .npy or .npz, Parquet, Arrow, or TensorBoard projector files.'
		);
	}
	const { loader } = best;
	const read = await readAs(source, loader.title, () => loader.load(source, context));
	const data = await withoutBroken(read, context);
	throwIfAborted(context.signal);
	if (data.count < 1) throw new LabError(`“${source.name}” holds no rows.`, 'Open a file with at least a few.');
	return reread(data, context.reading ?? {});
}
