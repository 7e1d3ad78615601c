import type { Loader } from '#contracts/loader.ts';
import { graphModel } from '#engine/model/graph/model.ts';
import { loadTfjs } from '#loaders/tfjs/load.ts';
import { modelJsons } from '#loaders/tfjs/model-json.ts';
import { uniqueWeights } from '#loaders/tfjs/weights.ts';

/** `model.json` with a TensorFlow graph, and its weight shards. */
const loader: Loader = {
	id: 'tfjs-graph',
	title: 'TF.js graph model',
	extensions: ['.json', '.bin'],
	match: async (source) => ((await modelJsons(source)).some((json) => json.kind === 'graph') ? 1 : 0),
	load: (source, context) =>
		loadTfjs(source, context, 'graph', ({ topology, signature }, weights, obstacle) =>
			graphModel({ topology, signature, weights: uniqueWeights(weights), inputShape: context.inputShape, obstacle })
		)
};

export default loader;
