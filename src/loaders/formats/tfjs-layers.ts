import type { Loader } from '#contracts/loader.ts';
import { loadTfjs } from '#loaders/tfjs/load.ts';
import { modelJsons } from '#loaders/tfjs/model-json.ts';

/** `model.json` with a Keras topology, and its weight shards. */
const loader: Loader = {
	id: 'tfjs-layers',
	title: 'TF.js layers model',
	extensions: ['.json', '.bin'],
	match: async (source) => ((await modelJsons(source)).some((json) => json.kind === 'layers') ? 1 : 0),
	async load(source, context) {
		// Who only sorts files needs no engine.
		const { layersModel } = await import('#engine/model/layers/model.ts');
		return loadTfjs(source, context, 'layers', ({ topology }, weights, obstacle, warn) =>
			layersModel({ topology, weights, inputShape: context.inputShape, obstacle, warn })
		);
	}
};

export default loader;
