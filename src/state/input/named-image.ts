import type { Sample } from '#contracts/lab.ts';
import { baseName } from '#contracts/source.ts';
import type { Picture } from '#state/input/pictures.svelte.ts';
import { download } from '#state/opening/download.ts';
import { ownId, ownImages } from '#state/opening/own-files.svelte.ts';

/** Where a picture was found, as far as a link can say it. */
export type Found = Partial<Pick<Picture, 'sample' | 'address'>>;

/** How long an address in a link may take, in milliseconds. */
export const PATIENCE = 120_000;

/**
 * @param name as a link names it: the file of a sample, `own/ID`, or an address
 * @returns null for one of the user's own that this browser does not keep
 */
export async function namedImage(
	name: string,
	samples: readonly Sample[]
): Promise<{ blob: Blob; title: string; from: Found } | null> {
	const signal = AbortSignal.timeout(PATIENCE);
	const sample = samples.find(({ file }) => file === name);
	if (sample)
		return { blob: await download(sample.url, { signal }), title: sample.title, from: { sample: sample.file } };
	const id = ownId(name);
	if (id === null) return { blob: await download(name, { signal }), title: baseName(name), from: { address: name } };
	const own = await ownImages.find(id);
	return own && { ...own, from: { address: name } };
}
