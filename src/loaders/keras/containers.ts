import type { WeightLocation } from '#engine/model/stored-weight.ts';
import type { Hdf5Dataset } from '#loaders/hdf5/file.ts';
import { isObject, type Json, type JsonObject } from '#maths/json.ts';

/**
 * Where Keras 3 (and Keras 2 from 2.12 on) keeps the weights of a `.keras` file: not under the names of layers, but under
 * those of their classes, counted within each model in the order of its layers (keras/src/saving/saving_lib.py).
 */

/** `Conv2DTranspose` -> `conv2d_transpose`, as Keras does it. */
const snakeCase = (name: string) =>
	name
		.replace(/\W+/g, '')
		.replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
		.replace(/([a-z])([A-Z])/g, '$1_$2')
		.toLowerCase();

/** Lists of layers by what versions call them. */
const LISTS = ['layers', '_layer_checkpoint_dependencies', '_layers', '_self_tracked_trackables'];
/** Parts of a layer, in the order of its weights; of others as the file has them. */
const PARTS = [
	...['vars', 'forward_layer', 'backward_layer', 'query_dense', 'key_dense', 'value_dense', 'output_dense'],
	...['cell', 'cells', 'layer']
];
/** The state of a random generator. */
const RANDOM = /(^|\/)(_?seed_generator|_random_generator|random_generator)\//;

const part = (name: string) => name.replace(/^_+/, '');

function rank(name: string): string {
	const index = PARTS.indexOf(part(name));
	const [number = ''] = /(?<!\d)\d+$/.exec(name) ?? [];
	const stem = name.slice(0, name.length - number.length);
	return `${String(index < 0 ? PARTS.length : index).padStart(3, '0')} ${stem} ${number.padStart(8, '0')}`;
}

/** Paths with numbers compared as numbers. */
function compared(a: string, b: string): number {
	const [x, y] = [a.split('/').map(rank), b.split('/').map(rank)];
	for (let k = 0; k < Math.min(x.length, y.length); k++) if (x[k] !== y[k]) return x[k]! < y[k]! ? -1 : 1;
	return x.length - y.length;
}

/** Classes that are called otherwise in code than in the files. */
const IN_CODE: ReadonlyMap<string, string> = new Map([['GroupQueryAttention', 'GroupedQueryAttention']]);

const layersOf = (config: Json | undefined) =>
	Array.isArray(config) ? config : isObject(config) && Array.isArray(config['layers']) ? config['layers'] : null;

export class Containers {
	/** By the folders that a path begins with. */
	readonly #below = new Map<string, string[]>();
	readonly locations = new Map<string, WeightLocation>();

	constructor(datasets: readonly Pick<Hdf5Dataset, 'path'>[]) {
		for (const { path } of datasets) {
			const parts = path.split('/');
			for (let k = 1; k < parts.length; k++) {
				const folder = parts.slice(0, k).join('/');
				this.#below.set(folder, [...(this.#below.get(folder) ?? []), path]);
			}
		}
	}

	/**
	 * Finds the location of every weight of a model.
	 * @param model its `{class_name, config}`
	 * @param at its folder in the file
	 * @param path the names of the models that it lies in and its own; empty for the whole
	 */
	model(model: JsonObject, at: string, path: string): void {
		const list = LISTS.map((name) => (at ? `${at}/${name}` : name)).find((folder) => this.#below.has(folder));
		if (!list) return;
		const counts = new Map<string, number>();
		for (const layer of layersOf(model['config']) ?? []) {
			if (!isObject(layer) || typeof layer['class_name'] !== 'string') continue;
			const name = snakeCase(IN_CODE.get(layer['class_name']) ?? layer['class_name']);
			const count = counts.get(name) ?? 0;
			counts.set(name, count + 1);
			this.#layer(layer, `${list}/${name}${count ? `_${count}` : ''}`, path);
		}
	}

	#layer(layer: JsonObject, at: string, path: string): void {
		const config = layer['config'];
		const named = isObject(config) ? config['name'] : null;
		const own = typeof named === 'string' ? named : String(layer['name'] ?? '');
		const full = path ? `${path}/${own}` : own;
		if (layersOf(config)) return this.model(layer, at, full);
		this.#ordered(layer, at).forEach((dataset, index) =>
			this.locations.set(dataset, { layer: full, index, named: false })
		);
	}

	/** The weights of a layer in its order; a model that it wraps has them in the order of its own layers. */
	#ordered(layer: JsonObject, at: string): string[] {
		const all = (this.#below.get(at) ?? []).filter((path) => !RANDOM.test(path.slice(at.length)));
		const inner = isObject(layer['config']) ? layer['config']['layer'] : null;
		if (!isObject(inner) || !layersOf(inner['config'])) return all.sort(compared);
		const within = new Containers(all.map((path) => ({ path: path.slice(at.length + 1) })));
		within.model(inner, 'layer', '');
		return [...within.locations.keys()].map((path) => `${at}/${path}`);
	}
}
