import { strToU8 } from 'fflate';
import { crc, joined } from '../tools/bytes.ts';

/** Archives byte by byte, as no library would write them. */

type Field = readonly [size: 2 | 4 | 8, value: number];

/** Little endian numbers of 2, 4 or 8 bytes. */
export const fields = (...values: readonly Field[]): Uint8Array =>
	Uint8Array.from(
		values.flatMap(([size, value]) => Array.from({ length: size }, (_, k) => Math.floor(value / 256 ** k) % 256))
	);

const ONES = 0xffffffff;

/** What a table of contents says of a file, where it is not the plain. */
export interface EntryGiven {
	name: string | Uint8Array;
	flags?: number;
	method?: number;
	unpacked?: number;
	packed?: number;
	at?: number;
	crc?: number;
	extra?: Uint8Array;
	comment?: string;
}

/** An entry of the table of contents. */
export function central({ name, ...given }: EntryGiven): Uint8Array {
	const { flags = 0, method = 0, unpacked = 0, packed = 0, at = 0, crc: sum = 0 } = given;
	const { extra = new Uint8Array(), comment = '' } = given;
	const path = typeof name === 'string' ? strToU8(name) : name;
	return joined(
		fields([4, 0x02014b50], [2, 45], [2, 45], [2, flags], [2, method], [2, 0], [2, 33], [4, sum], [4, packed]),
		fields([4, unpacked], [2, path.length], [2, extra.length], [2, comment.length], [2, 0], [2, 0], [4, 0], [4, at]),
		path,
		extra,
		strToU8(comment)
	);
}

/** The end record of a table of `size` bytes at `offset`. */
export const end = (count: number, size: number, offset: number, comment = 0): Uint8Array =>
	fields([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, offset], [2, comment]);

/** A table of contents alone, with its end record. @param between the two @param size that it says */
export function table(
	entries: readonly EntryGiven[],
	between = new Uint8Array(),
	size?: number
): Uint8Array<ArrayBuffer> {
	const all = joined(...entries.map(central));
	return joined(all, between, end(entries.length, size ?? all.length, 0));
}

/** The end record of 64 bits. @param more bytes that a later version may add */
export const end64 = (count: number, size: number, offset: number, more = 0): Uint8Array =>
	joined(
		fields([4, 0x06064b50], [8, 44 + more], [2, 45], [2, 45], [4, 0], [4, 0]),
		fields([8, count], [8, count], [8, size], [8, offset]),
		new Uint8Array(more)
	);

/** What says where it is. */
export const locator = (at: number): Uint8Array => fields([4, 0x07064b50], [4, 0], [8, at], [4, 1]);

/** The end record of a zip whose numbers are in the other. */
export const endOnes = (comment = 0): Uint8Array =>
	fields([4, 0x06054b50], [2, 0xffff], [2, 0xffff], [2, 0xffff], [2, 0xffff], [4, ONES], [4, ONES], [2, comment]);

/** Zip64's extra field of an entry. */
export const wideExtra = (...values: readonly number[]): Uint8Array =>
	fields([2, 1], [2, 8 * values.length], ...values.map((value) => [8, value] as const));

/**
 * As zip writes it from a pipe: every size and offset is all ones, and stands in 64 bits behind.
 * @param given bytes more of the end record of 64 bits, and of the comment at the end
 */
export function zip64(name: string, content: string, given: { more?: number; comment?: number } = {}) {
	const { more = 0, comment = 0 } = given;
	const [path, data] = [strToU8(name), strToU8(content)];
	const extra = wideExtra(data.length, data.length);
	const head: readonly Field[] = [
		...([
			[2, 0],
			[2, 0],
			[2, 0],
			[2, 33],
			[4, crc(data)],
			[4, ONES],
			[4, ONES],
			[2, path.length]
		] as const)
	];
	const local = joined(fields([4, 0x04034b50], [2, 45], ...head, [2, extra.length]), path, extra, data);
	const wide = wideExtra(data.length, data.length, 0);
	const entry = central({ name, crc: crc(data), unpacked: ONES, packed: ONES, at: ONES, extra: wide });
	return joined(
		local,
		entry,
		end64(1, entry.length, local.length, more),
		locator(local.length + entry.length),
		endOnes(comment),
		new Uint8Array(comment)
	);
}

/** What a header of a tar holds, where it is not the plain. */
export interface TarGiven {
	type?: string;
	/** What ustar puts before the name. */
	prefix?: string | Uint8Array;
	/** In place of its octal letters. */
	size?: Uint8Array;
	/** Written over the header last. */
	over?: readonly (readonly [at: number, bytes: string])[];
}

/** One entry of a tar, whose every field is filled. */
export function tarEntry(path: string, content: string, given: TarGiven = {}): Uint8Array<ArrayBuffer> {
	const { type = '0', prefix = '', size, over = [] } = given;
	const data = strToU8(content);
	const head = new Uint8Array(512);
	const put = (at: number, letters: string | Uint8Array) =>
		head.set(typeof letters === 'string' ? strToU8(letters) : letters, at);
	put(0, path);
	put(100, '0000644\0');
	put(124, size ?? `${data.length.toString(8).padStart(11, '0')}\0`);
	put(136, '14543210000\0');
	put(148, ' '.repeat(8));
	put(156, type);
	put(257, 'ustar\u000000');
	put(345, prefix);
	for (const [at, bytes] of over) put(at, bytes);
	const sum = head.reduce((all, byte) => all + byte, 0);
	put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
	const body = new Uint8Array(Math.ceil(data.length / 512) * 512);
	body.set(data);
	return joined(head, body);
}

export const tar = (...entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> =>
	joined(...entries, new Uint8Array(1024));
