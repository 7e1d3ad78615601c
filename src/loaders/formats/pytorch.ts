import type { Loader } from '#contracts/loader.ts';
import type { SourceFile } from '#contracts/source.ts';
import { isTorchZip } from '#loaders/archive/whole.ts';
import { begins, filesThat } from '#loaders/data-files.ts';

/** How the files before PyTorch 1.6 begin: a pickle of their magic number. */
const LEGACY = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
const MAX_FILES = 500;

const isTorch = async (file: SourceFile) => (await begins(file, LEGACY)) || isTorchZip(file.blob);

/** Weights as torch.save writes them, in checkpoints and whole modules too; nothing of what the file names is run. */
const loader: Loader = {
	id: 'pytorch',
	title: 'PyTorch',
	extensions: ['.pt', '.pth', '.bin', '.ckpt', '.pt2'],
	holds: 'weights of a network',
	async match(source) {
		return (await filesThat(source.files.slice(0, MAX_FILES), isTorch)).length ? 0.97 : 0;
	},
	async uses(source) {
		const { isIndex } = await import('#loaders/bag/sets.ts');
		return filesThat(source.files, async (file) => isIndex(file) || isTorch(file));
	},
	async load(source, context) {
		const { loadPytorch } = await import('#loaders/pytorch/load.ts');
		return loadPytorch(source, await filesThat(source.files, isTorch), context);
	}
};

export default loader;
