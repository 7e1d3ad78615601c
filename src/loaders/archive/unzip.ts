import { throwIfAborted } from '#contracts/errors.ts';
import type { SourceFile } from '#contracts/source.ts';
import { Crc32 } from '#loaders/archive/crc32.ts';
import { checkCount, checkSize, damaged, refused, safePath } from '#loaders/archive/limits.ts';
import { zipEntries, type ZipEntry } from '#loaders/archive/zip-directory.ts';

/** Ways to pack that are not read, as people know them. */
const METHODS: ReadonlyMap<number, string> = new Map([
	[9, 'Deflate64'],
	[12, 'bzip2'],
	[14, 'LZMA'],
	[93, 'Zstandard'],
	[95, 'XZ'],
	[98, 'PPMd']
]);

/**
 * The files of a zip, one after the other.
 * @param skip entries that nobody needs
 * @throws LabError in one sentence
 */
export async function unzipped(
	blob: Blob,
	name: string,
	skip: (path: string) => boolean,
	signal?: AbortSignal
): Promise<SourceFile[]> {
	const all = await zipEntries(blob, name);
	checkCount(name, all.length);
	const entries = all.filter(({ path }) => !path.endsWith('/') && !skip(path));
	const paths = new Map<string, ZipEntry>();
	for (const entry of entries) {
		const path = safePath(name, entry.path);
		if (entry.encrypted) throw refused(name, `“${entry.path}” is locked with a password`);
		if (entry.method !== 0 && entry.method !== 8)
			throw refused(
				name,
				`“${entry.path}” is packed by ${METHODS.get(entry.method) ?? `method ${entry.method}`}, which the lab does not read`
			);
		if (paths.has(path)) throw refused(name, `it holds two files that are called “${path}”`);
		paths.set(path, entry);
	}
	checkSize(
		name,
		blob.size,
		entries.reduce((sum, { unpacked }) => sum + unpacked, 0)
	);
	const files: SourceFile[] = [];
	for (const [path, entry] of paths) {
		if (signal) throwIfAborted(signal);
		files.push({ path, blob: await content(blob, entry, name) });
	}
	return files;
}

async function content(blob: Blob, entry: ZipEntry, name: string): Promise<Blob> {
	const head = new DataView(await blob.slice(entry.at, entry.at + 30).arrayBuffer());
	if (head.byteLength < 30 || head.getUint32(0, true) !== 0x04034b50) throw damaged(name);
	const start = entry.at + 30 + head.getUint16(26, true) + head.getUint16(28, true);
	if (start + entry.packed > blob.size) throw damaged(name);
	const packed = blob.slice(start, start + entry.packed);
	const lies = () => refused(name, `“${entry.path}” is not of the size that it says`, 'Save or download it again.');
	if (entry.method === 0) {
		if (entry.packed !== entry.unpacked) throw lies();
		return packed;
	}
	const parts: Uint8Array<ArrayBuffer>[] = [];
	const crc = new Crc32();
	let size = 0;
	const reader = packed.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) break;
			size += value.length;
			// No more is taken than was said: what follows may be without end.
			if (size > entry.unpacked) break;
			crc.add(value);
			parts.push(value as Uint8Array<ArrayBuffer>);
		}
	} catch (cause) {
		throw damaged(name, cause);
	} finally {
		await reader.cancel().catch(() => undefined);
	}
	if (size !== entry.unpacked) throw lies();
	if (crc.value !== entry.crc) throw damaged(name);
	return new Blob(parts);
}
