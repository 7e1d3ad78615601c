import { baseName, type Source } from '#contracts/source.ts';
import { sized } from '#maths/format.ts';
import { download } from '#state/opening/download.ts';

/** A data set at an address. */

/** More than this no page holds together with what is made of it. */
export const MAX_DATA_BYTES = 2 ** 31;

/** Endings by what a server calls a file, where its address has none that says anything. */
const ENDINGS: Readonly<Record<string, string>> = {
	'text/csv': '.csv',
	'text/tab-separated-values': '.tsv',
	'application/vnd.apache.parquet': '.parquet',
	'application/vnd.apache.arrow.file': '.arrow'
};
const KNOWN = /\.(csv|tsv|tab|txt|npy|npz|parquet|arrow|feather|zip|json|bytes)$/i;

/**
 * @param progress gets `{ done, note }`, done up to a half: it is still to be read
 * @throws LabError in one sentence: a wrong address, a refusing server, too large
 */
export async function fetchedData(
	address: string,
	signal: AbortSignal,
	progress: (value: { done: number; note: string }) => void
): Promise<Source> {
	progress({ done: 0, note: 'Fetching the data' });
	const blob = await download(address, {
		signal,
		maxBytes: MAX_DATA_BYTES,
		progress: (bytes, total) =>
			progress({
				done: total ? (0.5 * bytes) / total : 0,
				note: `Fetching the data, ${sized(bytes)}${total ? ` of ${sized(total)}` : ''}`
			})
	});
	const base = baseName(address) || 'data';
	const ending = KNOWN.test(base) ? '' : (ENDINGS[blob.type.split(';')[0]!.trim()] ?? '');
	const name = base.replace(/\.[^.]*$/, '') || base;
	return { name, url: address, files: [{ path: base + ending, blob }] };
}
