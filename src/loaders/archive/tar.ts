import type { SourceFile } from '#contracts/source.ts';
import { checkCount, damaged, refused, safePath } from '#loaders/archive/limits.ts';
import { headOf } from '#loaders/head.ts';

/** Tape archives: POSIX ustar and pax, GNU long names. */

const BLOCK = 512;
/** No long name comes near this. */
const LONGEST = 1 << 16;

const ascii = (bytes: Uint8Array) => String.fromCharCode(...bytes);
const utf8 = (bytes: Uint8Array) => new TextDecoder().decode(bytes).split('\0', 1)[0]!;

/** Whether the sum of a whole header's bytes is what it says: the only mark that all tars have. */
function isHeader(block: Uint8Array): boolean {
	const checksum = Number.parseInt(ascii(block.subarray(148, 156)).replace(/[\0 ]/g, ''), 8);
	let sum = 8 * 32;
	for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += block[i]!;
	return sum === checksum;
}

const blockAt = async (blob: Blob, at: number) => new Uint8Array(await blob.slice(at, at + BLOCK).arrayBuffer());

export const isTar = async (blob: Blob): Promise<boolean> => blob.size >= BLOCK && isHeader(await headOf(blob, BLOCK));

/** @throws LabError */
export async function untarred(blob: Blob, name: string, skip: (path: string) => boolean): Promise<SourceFile[]> {
	const files = new Map<string, Blob>();
	let long: string | null = null;
	for (let at = 0; at + BLOCK <= blob.size;) {
		const head = await blockAt(blob, at);
		if (head.every((byte) => byte === 0)) break;
		if (!isHeader(head)) throw damaged(name);
		const size = sizeOf(head);
		const from = at + BLOCK;
		if (!Number.isSafeInteger(size) || from + size > blob.size) throw damaged(name);
		at = from + Math.ceil(size / BLOCK) * BLOCK;
		const type = String.fromCharCode(head[156]!);
		if (type === 'L' || type === 'x') {
			if (size > LONGEST) throw damaged(name);
			const text = new Uint8Array(await blob.slice(from, from + size).arrayBuffer());
			long = type === 'L' ? utf8(text) : (paxPath(new TextDecoder().decode(text)) ?? long);
			continue;
		}
		const path = long ?? pathOf(head);
		long = null;
		// Plain files only: links and devices hold nothing.
		if ((type !== '0' && type !== '\0' && type !== '7') || path.endsWith('/') || skip(path)) continue;
		const safe = safePath(name, path);
		if (files.has(safe)) throw refused(name, `it holds two files that are called “${safe}”`);
		files.set(safe, blob.slice(from, from + size));
		checkCount(name, files.size);
	}
	return [...files].map(([path, content]) => ({ path, blob: content }));
}

/** Octal letters, or GNU's bytes where the first bit is set. */
function sizeOf(head: Uint8Array): number {
	const field = head.subarray(124, 136);
	if (field[0]! & 0x80) return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
	return Number.parseInt(ascii(field).replace(/[\0 ]/g, '') || '0', 8);
}

function pathOf(head: Uint8Array): string {
	const prefix = ascii(head.subarray(257, 262)) === 'ustar' && head[262] === 0 ? utf8(head.subarray(345, 500)) : '';
	const path = utf8(head.subarray(0, 100));
	return prefix ? `${prefix}/${path}` : path;
}

/** Records are `length key=value` and a line feed each. */
function paxPath(text: string): string | null {
	const line = text.split('\n').find((one) => /^\d+ path=/.test(one));
	return line ? line.slice(line.indexOf('=') + 1) : null;
}
