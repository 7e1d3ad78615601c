import { damaged, refused } from '#loaders/archive/limits.ts';

/** The table of contents at the end of a zip (APPNOTE 6.3.10, 4.3). Whatever it says is checked against the file. */

export interface ZipEntry {
	path: string;
	/** 0 stored, 8 deflated. */
	method: number;
	crc: number;
	packed: number;
	unpacked: number;
	/** Where its local header lies in the file. */
	at: number;
	encrypted: boolean;
}

const [END, END64, LOCATOR, CENTRAL] = [0x06054b50, 0x06064b50, 0x07064b50, 0x02014b50];
/** The end record with the longest comment, and what comes before it. */
const TAIL = 22 + 65535 + 20;
/** A table larger than this is none. */
const MAX_DIRECTORY_BYTES = 64 << 20;

const viewOf = async (blob: Blob, from: number, to: number) => new DataView(await blob.slice(from, to).arrayBuffer());
const wide = (view: DataView, at: number) => Number(view.getBigUint64(at, true));

interface Directory {
	count: number;
	size: number;
	offset: number;
	/** What comes before the zip, as before a self-extracting one. */
	before: number;
}

/** @throws LabError */
export async function zipEntries(blob: Blob, name: string): Promise<ZipEntry[]> {
	try {
		const { count, size, offset, before } = await directoryOf(blob, name);
		if (size > MAX_DIRECTORY_BYTES || offset + before + size > blob.size) throw damaged(name);
		const view = await viewOf(blob, offset + before, offset + before + size);
		const entries: ZipEntry[] = [];
		for (let at = 0; entries.length < count;) {
			const { entry, next } = entryAt(view, at, name);
			entries.push({ ...entry, at: entry.at + before });
			at = next;
		}
		return entries;
	} catch (error) {
		// Numbers that lead out of the file.
		if (error instanceof RangeError) throw damaged(name, error);
		throw error;
	}
}

async function directoryOf(blob: Blob, name: string): Promise<Directory> {
	const from = Math.max(0, blob.size - TAIL);
	const tail = await viewOf(blob, from, blob.size);
	let at = tail.byteLength - 22;
	while (at >= 0 && tail.getUint32(at, true) !== END) at--;
	if (at < 0) throw damaged(name);
	const disks = tail.getUint16(at + 4, true);
	if (disks !== 0 && disks !== 0xffff) throw refused(name, 'it is one part of several');
	const directory = {
		count: tail.getUint16(at + 10, true),
		size: tail.getUint32(at + 12, true),
		offset: tail.getUint32(at + 16, true)
	};
	let end = from + at;
	if (at >= 20 && tail.getUint32(at - 20, true) === LOCATOR) {
		const declared = wide(tail, at - 12);
		// Where it says, or just before the locator where something was put before the zip.
		for (const start of [declared, from + at - 20 - 56]) {
			if (start < 0 || start + 56 > blob.size) continue;
			const record = await viewOf(blob, start, start + 56);
			if (record.getUint32(0, true) !== END64) continue;
			Object.assign(directory, { count: wide(record, 32), size: wide(record, 40), offset: wide(record, 48) });
			end = start;
			break;
		}
	}
	const shift = end - directory.size - directory.offset;
	const first = await viewOf(blob, directory.offset, directory.offset + 4);
	return { ...directory, before: first.getUint32(0, true) === CENTRAL ? 0 : Math.max(0, shift) };
}

function entryAt(view: DataView, at: number, name: string): { entry: ZipEntry; next: number } {
	if (view.getUint32(at, true) !== CENTRAL) throw damaged(name);
	const flags = view.getUint16(at + 8, true);
	const [path, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
		number,
		number,
		number
	];
	const next = at + 46 + path + extra + comment;
	if (next > view.byteLength) throw damaged(name);
	const entry = {
		path: decoded(new Uint8Array(view.buffer, at + 46, path), (flags & 0x800) !== 0),
		method: view.getUint16(at + 10, true),
		crc: view.getUint32(at + 16, true),
		packed: view.getUint32(at + 20, true),
		unpacked: view.getUint32(at + 24, true),
		at: view.getUint32(at + 42, true),
		encrypted: (flags & 1) !== 0 || view.getUint16(at + 10, true) === 99
	};
	widened(entry, new DataView(view.buffer, at + 46 + path, extra));
	return { entry, next };
}

/** Zip64: what is all ones in the entry stands in an extra field, in this order. */
function widened(entry: ZipEntry, extra: DataView): void {
	for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
		if (extra.getUint16(at, true) !== 1) continue;
		let offset = at + 4;
		for (const key of ['unpacked', 'packed', 'at'] as const) {
			if (entry[key] !== 0xffffffff) continue;
			entry[key] = wide(extra, offset);
			offset += 8;
		}
		return;
	}
}

function decoded(bytes: Uint8Array, utf8: boolean): string {
	try {
		return new TextDecoder('utf-8', { fatal: !utf8 }).decode(bytes);
	} catch {
		return new TextDecoder('latin1').decode(bytes);
	}
}
