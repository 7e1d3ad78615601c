import type { Loader } from '#contracts/loader.ts';
import { loadTfjs } from '#loaders/tfjs/load.ts';
import { modelJsons } from '#loaders/tfjs/model-json.ts';
import { uniqueWeights } from '#loaders/tfjs/weights.ts';

/** `model.json` with a TensorFlow graph, and its weight shards. */
const loader: Loader = {
	id: 'tfjs-graph',
	title: 'TF.js graph model',
	extensions: ['.json', '.bin'],
	match: async (source) => ((await modelJsons(source)).some((json) => json.kind === 'graph') ? 1 : 0),
	async load(source, context) {
		// Who only sorts files needs no engine.
		const { graphModel } = await import('#engine/model/graph/model.ts');
		return loadTfjs(source, context, 'graph', ({ topology, signature }, weights, obstacle) =>
			graphModel({ topology, signature, weights: uniqueWeights(weights), inputShape: context.inputShape, obstacle })
		);
	}
};

export default loader;
