import { strToU8 } from 'fflate';
import { expect, it } from 'vitest';
import { expanded } from '#loaders/archive.ts';

/** Archives whose sizes and names are longer than their first formats had room for. */

async function opened(path: string, bytes: Uint8Array): Promise<Record<string, string>> {
	const { files } = await expanded({
		name: 'x',
		files: [{ path, blob: new Blob([bytes as Uint8Array<ArrayBuffer>]) }]
	});
	return Object.fromEntries(await Promise.all(files.map(async (file) => [file.path, await file.blob.text()] as const)));
}

const joined = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

/** Little endian numbers of 2, 4 or 8 bytes. */
function fields(...values: readonly (readonly [size: 2 | 4 | 8, value: number])[]): Uint8Array {
	return Uint8Array.from(
		values.flatMap(([size, value]) => Array.from({ length: size }, (_, k) => Math.floor(value / 256 ** k) % 256))
	);
}

function crc(bytes: Uint8Array): number {
	let sum = -1;
	for (const byte of bytes) {
		sum ^= byte;
		for (let k = 0; k < 8; k++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
	}
	return ~sum >>> 0;
}

/** As zip writes it from a pipe: every size and place is all ones, and stands in 64 bits behind. */
function zip64(name: string, content: string): Uint8Array {
	const [path, data, ones] = [strToU8(name), strToU8(content), 0xffffffff];
	const common = [
		[2, 0],
		[2, 0],
		[2, 0],
		[2, 33],
		[4, crc(data)],
		[4, ones],
		[4, ones],
		[2, path.length]
	] as const;
	const localExtra = fields([2, 1], [2, 16], [8, data.length], [8, data.length]);
	const local = joined(fields([4, 0x04034b50], [2, 45], ...common, [2, localExtra.length]), path, localExtra, data);
	const extra = fields([2, 1], [2, 24], [8, data.length], [8, data.length], [8, 0]);
	const entry = joined(
		fields([4, 0x02014b50], [2, 45], [2, 45], ...common, [2, extra.length], [2, 0], [2, 0], [2, 0], [4, 0], [4, ones]),
		path,
		extra
	);
	const end64 = fields(
		[4, 0x06064b50],
		[8, 44],
		[2, 45],
		[2, 45],
		[4, 0],
		[4, 0],
		[8, 1],
		[8, 1],
		[8, entry.length],
		[8, local.length]
	);
	const locator = fields([4, 0x07064b50], [4, 0], [8, local.length + entry.length], [4, 1]);
	const end = fields([4, 0x06054b50], [2, 0xffff], [2, 0xffff], [2, 0xffff], [2, 0xffff], [4, ones], [4, ones], [2, 0]);
	return joined(local, entry, end64, locator, end);
}

/** One entry of a tar. @param prefix what ustar puts before the name */
function entry(type: string, path: string, content: string, prefix = ''): Uint8Array {
	const data = strToU8(content);
	const head = new Uint8Array(512);
	const put = (at: number, letters: string) => head.set(strToU8(letters), at);
	put(0, path);
	put(124, data.length.toString(8).padStart(11, '0'));
	put(148, ' '.repeat(8));
	put(156, type);
	put(257, 'ustar\u000000');
	put(345, prefix);
	const sum = head.reduce((all, byte) => all + byte, 0);
	put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
	const body = new Uint8Array(Math.ceil(data.length / 512) * 512);
	body.set(data);
	return joined(head, body);
}
const tar = (...entries: readonly Uint8Array[]) => joined(...entries, new Uint8Array(1024));
/** A record says its own length, in bytes. */
function record(key: string, value: string): string {
	const rest = strToU8(` ${key}=${value}\n`).length;
	let length = rest + 1;
	while (String(length).length + rest !== length) length++;
	return `${length} ${key}=${value}\n`;
}

const long = `${'folder/'.repeat(30)}größe.csv`;

it('zip64: sizes, places and counts of 64 bits', async () => {
	expect(await opened('x.zip', zip64('a/b.txt', 'hello'))).toEqual({ 'a/b.txt': 'hello' });
	const before = strToU8('MZ a program '.repeat(9));
	expect(await opened('x.exe', joined(before, zip64('a.txt', 'hello')))).toEqual({ 'a.txt': 'hello' });
});

it('names of GNU tar, longer than a header', async () => {
	const bytes = tar(
		entry('L', '././@LongLink', `${long}\0`),
		entry('0', long.slice(0, 90), '1'),
		entry('0', 'next.csv', '2')
	);
	expect(await opened('x.tar', bytes)).toEqual({ [long]: '1', 'next.csv': '2' });
});

it('names of pax, in records of their own', async () => {
	const records = record('mtime', '1700000000.5') + record('path', long) + record('comment', 'path=no');
	const bytes = tar(
		entry('g', 'pax_global_header', record('comment', 'all')),
		entry('x', 'PaxHeaders/a', records),
		entry('0', 'cut', '1'),
		entry('0', 'next.csv', '2')
	);
	expect(await opened('x.tar', bytes)).toEqual({ [long]: '1', 'next.csv': '2' });
});

it('names in two parts', async () => {
	const bytes = tar(entry('0', 'b.csv', '1', 'deep/er'));
	expect(await opened('x.tar', bytes)).toEqual({ 'deep/er/b.csv': '1' });
});
