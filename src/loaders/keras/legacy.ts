import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { LabError } from '#contracts/errors.ts';
import type { Hdf5, Hdf5Dataset } from '#loaders/hdf5/file.ts';
import { isObject, parseJson, type Json, type JsonObject } from '#maths/json.ts';

/** What Keras 1, 2 and 3 put into one HDF5 file: the network as a text, and a group of weights per layer. */

type Named = [name: string, weight: StoredWeight];

/** Texts of HDF5 end with a zero. */
const text = (value: unknown) => (typeof value === 'string' ? (value.split('\0', 1)[0] ?? '') : null);
const texts = (value: unknown) => (Array.isArray(value) ? value.map((item) => text(item) ?? '') : []);

/** A list of names; one that is longer than HDF5 takes is cut into `name0`, `name1` and so on. */
function listed(attributes: ReadonlyMap<string, unknown>, name: string): string[] | null {
	if (attributes.has(name)) return texts(attributes.get(name));
	const parts: string[] = [];
	for (let k = 0; attributes.has(`${name}${k}`); k++) parts.push(...texts(attributes.get(`${name}${k}`)));
	return parts.length ? parts : null;
}

export interface Network {
	/** `{class_name, config}` */
	config: JsonObject;
	version: string;
}

/** The network of a file, or null if it holds weights only. @throws LabError for a text that is no network */
export function networkIn(file: Hdf5, path: string): Network | null {
	const attributes = file.attributes();
	const given = text(attributes.get('model_config'));
	if (given === null) return null;
	let config: Json;
	try {
		config = parseJson(given);
	} catch (cause) {
		throw new LabError(`The network in “${path}” is not valid JSON.`, 'Save the model again.', { cause });
	}
	if (!isObject(config)) throw new LabError(`The network in “${path}” is no network.`, 'Save the model again.');
	const version = text(attributes.get('keras_version')) ?? text(file.attributes('model_weights').get('keras_version'));
	return { config, version: version ?? '1' };
}

/** Whether a file holds weights layer by layer, as Keras 1 and 2 write them, and below which group. */
export function layerGroups(file: Hdf5): { at: string; layers: readonly string[]; version: string } | null {
	for (const at of ['model_weights', '']) {
		const attributes = file.attributes(at);
		const layers = listed(attributes, 'layer_names');
		if (layers) return { at, layers, version: text(attributes.get('keras_version')) ?? '' };
	}
	return null;
}

/**
 * The weights of all layers, each in the order of its layer.
 * @param nested the names of layers that are models
 */
export function layerWeights(file: Hdf5, nested: ReadonlySet<string>): Named[] {
	const groups = layerGroups(file);
	if (!groups) return [];
	const datasets = new Map(file.datasets().map((dataset) => [dataset.path, dataset]));
	const below = (...parts: readonly string[]) => parts.filter(Boolean).join('/');
	return groups.layers.flatMap((layer) => {
		const at = below(groups.at, layer);
		return (listed(file.attributes(at), 'weight_names') ?? []).map((name, index): Named => {
			const dataset = datasets.get(below(at, ...name.split('/')));
			if (!dataset)
				throw new LabError(`The weight "${name}" is named in the file and is not in it.`, 'Save the model again.');
			const location = { layer, index: nested.has(layer) ? null : index, named: true };
			return [name.replace(/:\d+$/, ''), { ...dataset.read(), location }];
		});
	});
}

/** What optimisers keep is no weight of the network. */
const OPTIMISER = /^(optimizer|optimizer_weights|optimizer_vars|compiled_metrics|metrics|_?loss\w*)\//;
export const ofNetwork = ({ path }: Hdf5Dataset) => !OPTIMISER.test(path);
