import type { Loader } from '#contracts/loader.ts';
import { baseName, type Source, type SourceFile } from '#contracts/source.ts';
import { onnxLikeness } from '#loaders/onnx/match.ts';

const likeness = async ({ files }: Source): Promise<[SourceFile, number][]> =>
	Promise.all(files.map(async (file) => [file, await onnxLikeness(file.blob)] as [SourceFile, number]));

/** ONNX: what PyTorch and others export, with data files beside it if it is large. */
const loader: Loader = {
	id: 'onnx',
	title: 'ONNX model',
	extensions: ['.onnx', '.data'],
	match: async (source) => Math.max(0, ...(await likeness(source)).map(([, sure]) => sure)),
	/** With what may be its data: called after it, or as data. */
	async uses(source) {
		const models = (await likeness(source)).flatMap(([file, sure]) => (sure > 0 ? [file] : []));
		const names = models.map(({ path }) => baseName(path).replace(/\.onnx$/i, ''));
		const data = source.files.filter(({ path }) => {
			const name = baseName(path);
			return /[._](data|weights?)(_\d+)?$/i.test(name) || names.some((one) => one && name.startsWith(`${one}.`));
		});
		return models.length ? [...new Set([...models, ...data])] : [];
	},
	async load(source, context) {
		// Protocol buffers and the engine are fetched when such a file is dropped.
		const { loadOnnx, theOnnx } = await import('#loaders/onnx/load.ts');
		const found = await likeness(source);
		const best = Math.max(...found.map(([, sure]) => sure));
		return loadOnnx(
			source,
			theOnnx(found.filter(([, sure]) => sure === best && sure > 0).map(([file]) => file)),
			context
		);
	}
};

export default loader;
