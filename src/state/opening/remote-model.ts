import { LabError } from '#contracts/errors.ts';
import { baseName, decodedPath, type Source, type SourceFile } from '#contracts/source.ts';
import { allowedAddress, download } from '#state/opening/download.ts';

export interface RemoteOptions {
	signal: AbortSignal;
	/** 0..1, or null while unknown; and what is being fetched. */
	progress(done: number | null, note: string): void;
	cache?: string;
	/** All bytes, where known beforehand. */
	bytes?: number;
	/** Reads the weight files that a model.json names, in a worker. */
	shards(json: Blob, signal: AbortSignal): Promise<readonly string[]>;
	/** Whether to look for class names beside the model. */
	labels?: boolean;
}

/** Where people keep class names beside a model.json. */
const LABELS = ['metadata.json', 'labels.txt', 'class_names.json'];
const MAX_LABELS_BYTES = 1 << 20;

/** What lies beside a model of that name, or null: it is no fault if nothing does. */
async function beside(name: string, model: URL, signal: AbortSignal): Promise<SourceFile | null> {
	const url = new URL(name, model);
	url.search = model.search;
	try {
		const blob = await download(url.href, { signal, maxBytes: MAX_LABELS_BYTES });
		// Servers of one-page sites answer any address with their page.
		return /^\s*</.test(await blob.slice(0, 64).text()) ? null : { path: name, blob };
	} catch (error) {
		if (error instanceof LabError) return null;
		throw error;
	}
}

/** A weight file that the server does not have is missing, and said so where the model is opened; other faults are thrown. */
function absent(error: unknown): null {
	if (error instanceof LabError && error.code === 'absent') return null;
	throw error;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/**
 * A model from its address: model.json and, beside it, its shards; or a zip.
 * @param first the file at the address, if it has been fetched already
 */
export async function remoteSource(
	address: string,
	{ signal, progress, cache, bytes, shards, labels }: RemoteOptions,
	first?: Blob
): Promise<Source> {
	const url = allowedAddress(address);
	const keep = cache ? { cache } : {};
	const blob = first ?? (await download(url.href, { signal, ...keep }));
	const files: SourceFile[] = [{ path: baseName(url.pathname) || 'model', blob }];
	const paths = await shards(blob, signal);
	if (paths.length > 5000)
		throw new LabError(`“${address}” names ${paths.length} weight files.`, 'Convert the model with larger shards.');
	const loaded = new Map<string, number>();
	const fetched = paths.map(async (path, i) => {
		// A shard is named relative to its model.json, whose query (an access token, say) belongs to it too.
		const shard = allowedAddress(path.replace(/%(?![0-9a-f]{2})/gi, '%25').replaceAll('#', '%23'), url.href);
		shard.search ||= url.search;
		const part = await download(shard.href, {
			signal,
			...keep,
			progress: (received) => {
				loaded.set(path, received);
				const sum = [...loaded.values()].reduce((a, b) => a + b, 0);
				progress(
					bytes ? Math.min(1, sum / bytes) : (i + 1) / (paths.length + 1),
					`Fetching ${megabytes(sum)}${bytes ? ` of ${megabytes(bytes)}` : ''}`
				);
			}
		}).catch(absent);
		return part && { path, blob: part };
	});
	const named =
		labels && paths.length && url.protocol.startsWith('http') ? LABELS.map((name) => beside(name, url, signal)) : [];
	const found = (await Promise.all([...fetched, ...named])).filter((file) => file !== null);
	return { name: nameOf(url), files: [...files, ...found], url: url.href };
}

/** `…/mobilenet_v1_0.25_224/model.json` is called after its folder. */
function nameOf(url: URL): string {
	const parts = url.pathname.split('/').filter(Boolean);
	const last = decodedPath(parts.at(-1) ?? url.host);
	return last === 'model.json' && parts.length > 1
		? decodedPath(parts.at(-2) as string)
		: last.replace(/\.(json|zip)$/, '');
}
