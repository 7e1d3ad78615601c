import { strToU8 } from 'fflate';
import { expect, it } from 'vitest';
import { expanded } from '#loaders/archive.ts';
import { tar, tarEntry, zip64 } from './archives.ts';
import { joined } from '../tools/bytes.ts';

/** Archives whose sizes and names are longer than their first formats had room for. */

async function opened(path: string, bytes: Uint8Array): Promise<Record<string, string>> {
	const { files } = await expanded({
		name: 'x',
		files: [{ path, blob: new Blob([bytes as Uint8Array<ArrayBuffer>]) }]
	});
	return Object.fromEntries(await Promise.all(files.map(async (file) => [file.path, await file.blob.text()] as const)));
}

/** A record says its own length, in bytes. */
function record(key: string, value: string): string {
	const rest = strToU8(` ${key}=${value}\n`).length;
	let length = rest + 1;
	while (String(length).length + rest !== length) length++;
	return `${length} ${key}=${value}\n`;
}

const long = `${'folder/'.repeat(30)}größe.csv`;

it('zip64: sizes, offsets and counts of 64 bits', async () => {
	expect(await opened('x.zip', zip64('a/b.txt', 'hello'))).toEqual({ 'a/b.txt': 'hello' });
	const before = strToU8('MZ a program '.repeat(9));
	expect(await opened('x.exe', joined(before, zip64('a.txt', 'hello')))).toEqual({ 'a.txt': 'hello' });
	// A later version's longer end record, found only where the locator says; the longest comment there can be.
	expect(await opened('x.zip', zip64('a.txt', 'hello', { more: 40 }))).toEqual({ 'a.txt': 'hello' });
	expect(await opened('x.zip', zip64('a.txt', 'hello', { comment: 65535 }))).toEqual({ 'a.txt': 'hello' });
});

it('names of GNU tar, longer than a header', async () => {
	const bytes = tar(
		tarEntry('././@LongLink', `${long}\0`, { type: 'L' }),
		tarEntry(long.slice(0, 90), '1'),
		tarEntry('next.csv', '2')
	);
	expect(await opened('x.tar', bytes)).toEqual({ [long]: '1', 'next.csv': '2' });
	const of = (length: number) => tar(tarEntry('l', 'n'.repeat(length), { type: 'L' }), tarEntry('cut', '1'));
	expect(Object.keys(await opened('x.tar', of(65536)))[0]).toHaveLength(65536);
	await expect(opened('x.tar', of(65537))).rejects.toThrow('damaged');
});

it('names of pax, in records of their own', async () => {
	const records = record('mtime', '1700000000.5') + record('path', long) + record('comment', 'path=no');
	const bytes = tar(
		tarEntry('pax_global_header', record('comment', 'all'), { type: 'g' }),
		tarEntry('PaxHeaders/a', records, { type: 'x' }),
		tarEntry('cut', '1'),
		tarEntry('next.csv', '2')
	);
	expect(await opened('x.tar', bytes)).toEqual({ [long]: '1', 'next.csv': '2' });
});

it('names in two parts', async () => {
	const bytes = tar(tarEntry('b.csv', '1', { prefix: 'deep/er' }));
	expect(await opened('x.tar', bytes)).toEqual({ 'deep/er/b.csv': '1' });
	// Each as long as its field; what stands behind both is none of theirs.
	const [prefix, name] = ['p'.repeat(155), 'n'.repeat(100)];
	const full = tarEntry(name, '1', { prefix, over: [[500, 'behind']] });
	expect(await opened('x.tar', tar(full))).toEqual({ [`${prefix}/${name}`]: '1' });
	// Of GNU's header, times stand where ustar has the prefix.
	const gnu = tarEntry('a.csv', '1', { prefix: '14543210000', over: [[257, 'ustar  \0']] });
	expect(await opened('x.tar', tar(gnu))).toEqual({ 'a.csv': '1' });
	const old = tarEntry('a.csv', '1', { prefix: '14543210000', over: [[257, '\0'.repeat(8)]] });
	expect(await opened('x.tar', tar(old))).toEqual({ 'a.csv': '1' });
});
