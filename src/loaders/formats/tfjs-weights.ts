import type { Loader } from '#contracts/loader.ts';
import { loadTfjs } from '#loaders/tfjs/load.ts';
import { modelJsons } from '#loaders/tfjs/model-json.ts';

/** A weight manifest without a network (`weights_manifest.json`, or a model.json whose modelTopology is absent). */
const loader: Loader = {
	id: 'tfjs-weights',
	title: 'TF.js weights',
	extensions: ['.json', '.bin'],
	holds: 'weights of a network',
	async match(source) {
		const found = await modelJsons(source);
		return found.length && found.every((json) => json.kind === 'weights') ? 0.9 : 0;
	},
	async load(source, context) {
		// Who only sorts files needs no engine.
		const { weightBag } = await import('#engine/model/bag.ts');
		return loadTfjs(source, context, 'weights', (_json, weights) => weightBag(weights));
	}
};

export default loader;
