import { Gunzip } from 'fflate';
import { throwIfAborted } from '#contracts/errors.ts';
import { checkSize, damaged } from '#loaders/archive/limits.ts';

const PIECE = 1 << 20;

/** What a gzip holds; several in one file are one after the other, as gzip itself reads them. @throws LabError */
export async function gunzipped(blob: Blob, name: string, signal?: AbortSignal): Promise<Blob> {
	const parts: Uint8Array<ArrayBuffer>[] = [];
	let size = 0;
	const stream = new Gunzip((part) => {
		size += part.length;
		parts.push(part as Uint8Array<ArrayBuffer>);
	});
	for (let at = 0; at < blob.size; at += PIECE) {
		if (signal) throwIfAborted(signal);
		const piece = new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer());
		try {
			stream.push(piece, at + PIECE >= blob.size);
		} catch (cause) {
			throw damaged(name, cause);
		}
		checkSize(name, blob.size, size);
	}
	return new Blob(parts);
}
