import { LabError } from '#contracts/errors.ts';
import type { Loader } from '#contracts/loader.ts';
import type { Source, SourceFile } from '#contracts/source.ts';
import { isHdf5, openHdf5 } from '#loaders/hdf5/open.ts';
import { loadHdf5 } from '#loaders/keras/hdf5-model.ts';
import { modelJsons } from '#loaders/tfjs/model-json.ts';

/** Files that are looked into. */
const MAX_FILES = 50;

async function hdf5Files({ files }: Source): Promise<SourceFile[]> {
	const few = files.slice(0, MAX_FILES);
	const mine = await Promise.all(few.map(({ blob }) => isHdf5(blob)));
	return few.filter((_, i) => mine[i]);
}

/** HDF5 as Keras 1 to 3 write it, under any name: a network with its weights, or weights alone. */
const loader: Loader = {
	id: 'keras-h5',
	title: 'Keras (HDF5)',
	extensions: ['.h5', '.hdf5', '.keras'],
	match: async (source) => {
		const files = await hdf5Files(source);
		// The weights of a .keras file that was unpacked are its own.
		const unpacked = files.every(({ path }) => /(^|\/)model\.weights\.h5$/.test(path));
		return files.length ? (unpacked && source.files.length > 1 ? 0.9 : 1) : 0;
	},
	async uses(source) {
		const jsons = await modelJsons(source);
		return [...(await hdf5Files(source)), ...jsons.filter(({ kind }) => kind === 'layers').map(({ file }) => file)];
	},
	async load(source, context) {
		context.progress(0.1, 'Reading the file');
		const found = await hdf5Files(source);
		const [first] = found;
		if (!first) throw new LabError('There is no HDF5 file among them.', 'Open a file that Keras saved.');
		const open = async (file: SourceFile) => ({ file, hdf5: await openHdf5(file.blob, file.path) });
		const opened = found.length === 1 ? [await open(first)] : [];
		for (const file of found.length > 1 ? found : []) {
			const one = await open(file);
			if (one.hdf5.attributes().has('model_config')) opened.push(one);
		}
		const names = (opened.length ? opened.map(({ file }) => file) : found).map(({ path }) => path);
		const [only] = opened;
		if (opened.length !== 1 || !only)
			throw new LabError(
				`There are ${names.length} Keras files here: ${names.slice(0, 5).join(', ')}.`,
				'Open one of them at a time.'
			);
		const json = (await modelJsons(source)).find(({ kind }) => kind === 'layers');
		return loadHdf5(only.hdf5, only.file.path, json?.topology, context);
	}
};

export default loader;
