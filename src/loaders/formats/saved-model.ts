import { LabError } from '#contracts/errors.ts';
import type { Loader } from '#contracts/loader.ts';
import type { Source } from '#contracts/source.ts';
import { isSavedModel, those } from '#loaders/tensorflow/recognised.ts';

/** A folder of TensorFlow: saved_model.pb, and its variables in a checkpoint. */
const loader: Loader = {
	id: 'saved-model',
	title: 'TensorFlow SavedModel',
	extensions: ['.pb', '.index'],
	match: async (source) => ((await those(source, isSavedModel)).length ? 1 : 0),
	async uses(source) {
		const [model] = await those(source, isSavedModel);
		if (!model) return [];
		const { filesOf } = await import('#loaders/tensorflow/saved-model.ts');
		return filesOf(source, model);
	},
	async load(source: Source, context) {
		const found = await those(source, isSavedModel);
		const [file] = found;
		if (!file || found.length > 1)
			throw new LabError(`There are ${found.length} SavedModels in “${source.name}”.`, 'Open one folder at a time.');
		const { loadSavedModel } = await import('#loaders/tensorflow/saved-model.ts');
		return loadSavedModel(source, file, context);
	}
};

export default loader;
