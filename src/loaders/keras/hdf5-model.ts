import { LabError } from '#contracts/errors.ts';
import type { LoadContext, LoadedModel } from '#contracts/loader.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import type { Hdf5 } from '#loaders/hdf5/file.ts';
import { keras1 } from '#engine/model/layers/keras1.ts';
import { layerGroups, layerWeights, networkIn, ofNetwork, type Network } from '#loaders/keras/legacy.ts';
import { bag, checkSizes, code, network } from '#loaders/keras/model.ts';
import { nestedLayers } from '#loaders/keras/nested.ts';
import { locatedWeights } from '#loaders/keras/located.ts';
import { isObject } from '#maths/json.ts';

/** A structure that was saved by itself, `model.to_json()`: its weights are in the file beside it. */
function beside(topology: unknown): Network | null {
	if (!isObject(topology)) return null;
	const given = topology['model_config'];
	const version = topology['keras_version'];
	return { config: isObject(given) ? given : topology, version: typeof version === 'string' ? version : '' };
}

/**
 * @param topology of a file beside it, if there is one
 * @throws LabError in one sentence
 */
export async function loadHdf5(
	file: Hdf5,
	path: string,
	topology: unknown,
	context: LoadContext
): Promise<LoadedModel> {
	const given = networkIn(file, path) ?? beside(topology);
	const datasets = file.datasets().filter(ofNetwork);
	checkSizes(
		datasets.map(({ shape }) => shape),
		context
	);
	context.progress(0.4, 'Reading the weights');
	const groups = layerGroups(file);
	const numbered = datasets.some((dataset) => /(^|\/)vars\/\d+$/.test(dataset.path));
	const version = given?.version || groups?.version || (numbered ? '3' : '');
	const format = (what: string) => `Keras ${version ? `${version} ` : ''}${what} (HDF5)`;
	if (given && !code(given.config)) {
		const nested = nestedLayers(given.config);
		const weights = groups ? layerWeights(file, nested) : locatedWeights(given.config, datasets);
		const old = version.startsWith('1') ? keras1(given.config, weights) : { config: given.config, weights };
		const words = { keras_version: version, model_config: old.config };
		return network(words, old.weights, format('model'), context);
	}
	if (!groups && !numbered)
		throw new LabError(
			`“${path}” is an HDF5 file and holds no Keras model${datasets.length ? `: its arrays are ${shown(datasets)}` : ''}.`,
			'Open a file that Keras saved (model.save or model.save_weights), or save arrays as .npy.'
		);
	const weights = groups
		? layerWeights(file, new Set())
		: datasets.map((dataset): [string, StoredWeight] => [dataset.path.replace(/\/vars\//, '/'), dataset.read()]);
	return bag(weights, format('weights'), context, given ? (code(given.config) ?? undefined) : undefined);
}

const shown = (datasets: readonly { path: string }[]) =>
	datasets
		.slice(0, 3)
		.map((dataset) => `“${dataset.path.slice(0, 60)}”`)
		.join(', ') + (datasets.length > 3 ? ` and ${datasets.length - 3} more` : '');
