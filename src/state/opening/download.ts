import { LabError } from '#contracts/errors.ts';
import { sized } from '#maths/format.ts';

export interface DownloadOptions {
	signal: AbortSignal;
	/** Bytes so far, and in all if the server says so. */
	progress?: (bytes: number, total: number | null) => void;
	/** Name of a cache to look into first and to fill. */
	cache?: string;
	/** More bytes than this are not fetched. */
	maxBytes?: number;
}

/** An address as it is shown: the beginning of a long one. */
const shown = (address: string) => (address.length > 120 ? `${address.slice(0, 118)}…` : address);

/**
 * The addresses that a page may be asked to fetch: https, or a file server on this machine, or the lab itself.
 * @param base what a relative one is relative to; the page where nothing is said
 */
export function allowedAddress(address: string, base = location.href): URL {
	let url: URL;
	try {
		url = new URL(address, base);
	} catch {
		throw new LabError(`“${shown(address)}” is no address.`, 'It should start with https://.');
	}
	const local = url.protocol === 'http:' && /^(?:localhost|127\.0\.0\.1)$/.test(url.hostname);
	if (url.protocol !== 'https:' && !local && url.origin !== location.origin && url.protocol !== 'data:')
		throw new LabError(
			`“${shown(address)}” cannot be opened.`,
			'Only https addresses, and http on localhost, are fetched.'
		);
	if (url.username || url.password)
		throw new LabError(
			`The address on ${url.host} carries a name or a password, which is not sent.`,
			'Download the file and drop it here.'
		);
	return url;
}

/**
 * Fetches a file, with progress.
 * @throws LabError that tells a wrong address from a refusing server and from being offline
 */
export async function download(
	address: string,
	{ signal, progress, cache, maxBytes = Infinity }: DownloadOptions
): Promise<Blob> {
	const url = allowedAddress(address);
	const store = cache && 'caches' in globalThis ? await caches.open(cache) : null;
	const kept = await store?.match(url);
	if (kept) return kept.blob();
	const response = await fetch(url, { signal, credentials: 'omit', referrerPolicy: 'no-referrer' }).catch(
		(error: unknown) => {
			if (signal.aborted) throw new DOMException('The job was cancelled.', 'AbortError');
			throw unreachable(url, error);
		}
	);
	if (!response.ok)
		throw new LabError(
			`${url.host} answered ${response.status} for “${url.pathname}”.`,
			'Check the address.',
			response.status === 404 || response.status === 410 ? { code: 'absent' } : {}
		);
	const blob = await read(response, progress, maxBytes).catch((error: unknown) => {
		if (error instanceof LabError) throw error;
		if (signal.aborted) throw new DOMException('The job was cancelled.', 'AbortError');
		throw new LabError(`The download from ${url.host} broke off.`, 'Try again.', { cause: error });
	});
	// A full cache is no reason to fail: the file is here.
	await store?.put(url, new Response(blob)).catch(() => undefined);
	return blob;
}

function unreachable(url: URL, cause: unknown): LabError {
	if (!navigator.onLine && url.origin !== location.origin)
		return new LabError(`You are offline, and ${url.host} is elsewhere.`, 'Go online, or open files of your own.', {
			code: 'offline',
			cause
		});
	return new LabError(
		`${url.host} could not be read: it does not answer, or does not let pages of other sites read it (CORS).`,
		'Download the file and drop it here, or serve it with the header Access-Control-Allow-Origin.',
		{ cause }
	);
}

async function read(response: Response, progress: DownloadOptions['progress'], maxBytes: number): Promise<Blob> {
	const type = response.headers.get('content-type') ?? '';
	if (!response.body || (!progress && maxBytes === Infinity)) return response.blob();
	const total = Number(response.headers.get('content-length')) || null;
	if (total && total > maxBytes) throw tooLarge(response, total, maxBytes);
	const parts: Uint8Array<ArrayBuffer>[] = [];
	let bytes = 0;
	const reader = response.body.getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return new Blob(parts, { type });
		parts.push(value);
		bytes += value.length;
		progress?.(bytes, total);
		if (bytes <= maxBytes) continue;
		await reader.cancel();
		throw tooLarge(response, bytes, maxBytes);
	}
}

const tooLarge = ({ url }: Response, bytes: number, maxBytes: number) =>
	new LabError(
		`What lies at ${new URL(url).host} is too large: ${sized(bytes)} or more, where ${sized(maxBytes)} are the limit.`,
		'Download it, and open a part of it.',
		{ code: 'too-large' }
	);
