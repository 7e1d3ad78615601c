import type { Loader } from '#contracts/loader.ts';
import { filesThat } from '#loaders/data-files.ts';
import { isSafetensors } from '#loaders/safetensors/sniff.ts';

/** Weights of a network as Hugging Face keeps them: one file, or several with their index. */
const loader: Loader = {
	id: 'safetensors',
	title: 'safetensors',
	extensions: ['.safetensors'],
	holds: 'weights of a network',
	async match(source) {
		return (await filesThat(source.files.slice(0, 2000), isSafetensors)).length ? 0.97 : 0;
	},
	async uses(source) {
		const { isIndex } = await import('#loaders/bag/sets.ts');
		return filesThat(source.files, async (file) => isIndex(file) || isSafetensors(file));
	},
	async load(source, context) {
		const { loadSafetensors } = await import('#loaders/safetensors/load.ts');
		return loadSafetensors(source, context);
	}
};

export default loader;
