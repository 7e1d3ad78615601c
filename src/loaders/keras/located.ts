import type { StoredWeight } from '#engine/model/stored-weight.ts';
import type { Hdf5Dataset } from '#loaders/hdf5/file.ts';
import { Containers } from '#loaders/keras/containers.ts';
import type { JsonObject } from '#maths/json.ts';

/** The weights of a file in the manner of `.keras`, each with its location in the network. */
export function locatedWeights(config: JsonObject, datasets: readonly Hdf5Dataset[]): [string, StoredWeight][] {
	// Keras on Windows wrote backslashes.
	const slashed = datasets.map((dataset) => ({ ...dataset, path: dataset.path.replaceAll('\\', '/') }));
	const containers = new Containers(slashed);
	containers.model(config, '', '');
	return slashed
		.filter(({ path }) => !/(^|\/)_?seed_generator\//.test(path))
		.map((dataset) => {
			const location = containers.locations.get(dataset.path);
			return [dataset.path, { ...dataset.read(), ...(location ? { location } : {}) }];
		});
}
