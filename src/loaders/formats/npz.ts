import type { Loader } from '#contracts/loader.ts';
import type { Source, SourceFile } from '#contracts/source.ts';
import { begins, letters } from '#loaders/data-files.ts';
import { arrayNames, weightLike } from '#loaders/npz/names.ts';

/** A folder of so many files is no network's. */
const MAX_FILES = 5000;

async function arraysIn({ files }: Source): Promise<SourceFile[]> {
	if (files.length > MAX_FILES) return [];
	const found = await Promise.all(files.map((file) => begins(file, [0x93, ...letters('NUMPY')])));
	return files.filter((_, at) => found[at]);
}

/** Arrays of NumPy that are called as weights are; whatever they are called, they may as well be a data set. */
const loader: Loader = {
	id: 'npz',
	title: 'NumPy weights',
	extensions: ['.npz'],
	holds: 'weights of a network',
	async match(source) {
		const files = await arraysIn(source);
		const share = files.length > 1 ? weightLike(arrayNames(files)) : 0;
		return share > 0.6 ? 0.96 : share > 0 ? 0.3 : 0;
	},
	uses: arraysIn,
	async load(source, context) {
		const { loadArrays } = await import('#loaders/npz/load.ts');
		return loadArrays(source, await arraysIn(source), context);
	}
};

export default loader;
