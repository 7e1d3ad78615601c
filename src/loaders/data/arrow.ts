import type { DataLoader } from '#contracts/data-loader.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { LabError, throwIfAborted } from '#contracts/errors.ts';
import type { SourceFile } from '#contracts/source.ts';
import { begins, checkRows, letters, stem } from '#loaders/data-files.ts';
import { TableBuilder } from '#loaders/table-builder.ts';

const PIECE = 20_000;

/** A file begins with its name, a stream with a marker and the length of its schema. */
async function isArrow(file: SourceFile): Promise<boolean> {
	return (
		(await begins(file, letters('ARROW1'))) ||
		(/\.(arrows?|feather|ipc)$/i.test(file.path) && (await begins(file, [255, 255, 255, 255])))
	);
}

/** Apache Arrow's IPC files and streams (Feather 2), by flechette. */
const loader: DataLoader = {
	id: 'arrow',
	title: 'Arrow (IPC, Feather)',
	extensions: ['.arrow', '.arrows', '.feather', '.ipc'],

	async match({ files }) {
		const found = await Promise.all(files.slice(0, 10).map(isArrow));
		return found.filter(Boolean).length === 1 ? 0.95 : 0;
	},

	async load({ files }, { signal, progress }): Promise<DataSet> {
		const found = await Promise.all(files.map(isArrow));
		const { path, blob } = files[found.indexOf(true)]!;
		const { tableFromIPC } = await import('@uwdata/flechette');
		try {
			const table = tableFromIPC(new Uint8Array(await blob.arrayBuffer()));
			checkRows(table.numRows, table.numCols, `“${path}”`);
			const builder = new TableBuilder(table.schema.fields.map(({ name }) => name));
			for (let start = 0; start < table.numRows; start += PIECE) {
				const end = Math.min(table.numRows, start + PIECE);
				for (let c = 0; c < table.numCols; c++) {
					const column = table.getChildAt(c);
					for (let i = start; i < end; i++) builder.push(c, column.at(i));
				}
				progress(end / table.numRows, 'Reading the table');
				await new Promise((resolve) => setTimeout(resolve));
				throwIfAborted(signal);
			}
			return builder.finish(stem(path));
		} catch (cause) {
			if (cause instanceof LabError || signal.aborted) throw cause;
			throw new LabError(
				`“${path}” is no Arrow file that can be read.`,
				'Write it again without compression, as Feather 2 or an IPC file.',
				{ cause }
			);
		}
	}
};

export default loader;
