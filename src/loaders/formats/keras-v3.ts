import type { Loader } from '#contracts/loader.ts';
import { kerasArchives, loadArchive } from '#loaders/keras/archive.ts';

/** `.keras`: a zip of config.json, metadata.json and model.weights.h5, as Keras 3 and late Keras 2 write it. */
const loader: Loader = {
	id: 'keras-v3',
	title: 'Keras (.keras)',
	extensions: ['.keras'],
	match: async (source) => ((await kerasArchives(source)).length ? 1 : 0),
	uses: async (source) => (await kerasArchives(source)).flatMap(({ files }) => files),
	load: loadArchive
};

export default loader;
