import type { Loader } from '#contracts/loader.ts';
import type { SourceFile } from '#contracts/source.ts';
import { begins, letters } from '#loaders/data-files.ts';

const isGguf = (file: SourceFile) => begins(file, letters('GGUF'));

/** Weights of language models as llama.cpp keeps them. */
const loader: Loader = {
	id: 'gguf',
	title: 'GGUF',
	extensions: ['.gguf'],
	holds: 'weights of a network',
	async match(source) {
		const found = await Promise.all(source.files.slice(0, 200).map(isGguf));
		return found.some(Boolean) ? 0.98 : 0;
	},
	async uses(source) {
		const found = await Promise.all(source.files.map(isGguf));
		return source.files.filter((_, at) => found[at]);
	},
	async load(source, context) {
		const { loadGguf } = await import('#loaders/gguf/load.ts');
		return loadGguf((await this.uses?.(source)) ?? [], context);
	}
};

export default loader;
