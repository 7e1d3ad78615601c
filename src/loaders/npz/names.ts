import type { SourceFile } from '#contracts/source.ts';

/** Names of arrays, and whether they are those of a network's weights rather than of a data set. */

/** Without the archive or the folder that all of them lie in, and without their ending. */
export function arrayNames(files: readonly Pick<SourceFile, 'path'>[]): string[] {
	const plain = files.map(({ path }) => path.replace(/\.npy$/i, ''));
	const folders = new Set(plain.map((path) => /^[^/]*\//.exec(path)?.[0] ?? ''));
	const [first = ''] = folders;
	return folders.size === 1 ? plain.map((path) => path.slice(first.length)) : plain;
}

/** What Keras (the first, too: `dense_1_W`), Flax, PyTorch, and those who write networks by hand, call weights. */
const WEIGHT =
	/^(?:(?:recurrent_|depthwise_|pointwise_)?kernel|bias|gamma|beta|weight|(?:moving|running)_(?:mean|var|variance)|embeddings?|num_batches_tracked|(?:w|b|weights?|bias(?:es)?)_?\d+|weight_[ih]h_l\d+|bias_[ih]h_l\d+|[a-z]\w*_\d+_(?:w|u|b|gamma|beta|running_(?:mean|std)))(?:_\d+)?(?::0)?$/i;

/** 0..1: the share of names that are those of weights. */
export function weightLike(names: readonly string[]): number {
	const like = names.filter((name) => WEIGHT.test(name.split(/[./]/).at(-1) ?? '') || /\/vars\/\d+$/.test(name));
	return like.length / Math.max(1, names.length);
}
