import type { Loader } from '#contracts/loader.ts';
import { isSafetensors } from '#loaders/safetensors/header.ts';

/** Weights of a network as Hugging Face keeps them: one file, or several with their index. */
const loader: Loader = {
	id: 'safetensors',
	title: 'safetensors',
	extensions: ['.safetensors'],
	holds: 'weights of a network',
	async match(source) {
		const found = await Promise.all(source.files.slice(0, 2000).map(isSafetensors));
		return found.some(Boolean) ? 0.97 : 0;
	},
	async uses(source) {
		const { isIndex } = await import('#loaders/bag/sets.ts');
		const found = await Promise.all(source.files.map(async (file) => isIndex(file) || (await isSafetensors(file))));
		return source.files.filter((_, at) => found[at]);
	},
	async load(source, context) {
		const { loadSafetensors } = await import('#loaders/safetensors/load.ts');
		return loadSafetensors(source, context);
	}
};

export default loader;
