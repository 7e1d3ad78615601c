import type { Loader } from '#contracts/loader.ts';
import type { SourceFile } from '#contracts/source.ts';
import { begins, filesThat, letters } from '#loaders/data-files.ts';

const isGguf = (file: SourceFile) => begins(file, letters('GGUF'));

/** Weights of language models as llama.cpp keeps them. */
const loader: Loader = {
	id: 'gguf',
	title: 'GGUF',
	extensions: ['.gguf'],
	holds: 'weights of a network',
	async match(source) {
		return (await filesThat(source.files.slice(0, 200), isGguf)).length ? 0.98 : 0;
	},
	uses: (source) => filesThat(source.files, isGguf),
	async load(source, context) {
		const { loadGguf } = await import('#loaders/gguf/load.ts');
		return loadGguf(await filesThat(source.files, isGguf), context);
	}
};

export default loader;
