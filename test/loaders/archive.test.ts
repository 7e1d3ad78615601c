import { gzipSync, strToU8, zipSync, type Zippable } from 'fflate';
import { describe, expect, it } from 'vitest';
import { isAbort } from '#contracts/errors.ts';
import { expanded } from '#loaders/archive.ts';
import { checkCount, checkSize } from '#loaders/archive/limits.ts';
import { refused } from '../tools/refusal.ts';
import { hash01 } from '../tools/hash01.ts';
import { table, tar, tarEntry } from './archives.ts';
import { joined } from '../tools/bytes.ts';

const zip = (files: Zippable) => zipSync(files, { mtime: '2024-01-01' });
const blob = (...parts: Uint8Array[]) => new Blob(parts as BlobPart[]);
async function opened(path: string, content: Blob): Promise<Record<string, string>> {
	const { files } = await expanded({ name: 'x', files: [{ path, blob: content }] });
	const texts = await Promise.all(files.map(async (file) => [file.path, await file.blob.text()] as const));
	expect(new Set(files.map((file) => file.path)).size).toBe(files.length);
	return Object.fromEntries(texts);
}
const refusal = async (path: string, content: Blob) => (await refused(opened(path, content))).message;
/** Where the first of a signature lies. */
function find(bytes: Uint8Array, signature: number): number {
	const view = new DataView(bytes.buffer, bytes.byteOffset);
	for (let at = 0; at + 4 <= bytes.length; at++) if (view.getUint32(at, true) === signature) return at;
	throw new Error('There is none.');
}
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
function changed(bytes: Uint8Array, signature: number, offset: number, value: number, size: 2 | 4 = 2): Uint8Array {
	const copy = bytes.slice();
	const view = new DataView(copy.buffer);
	const at = find(copy, signature) + offset;
	if (size === 2) view.setUint16(at, value, true);
	else view.setUint32(at, value, true);
	return copy;
}
const text = 'hello '.repeat(100);
const plain = zip({ 'a/b.txt': strToU8(text), 'c.txt': [strToU8('stored'), { level: 0 }] });

const tape = (files: Readonly<Record<string, string>>) =>
	tar(...Object.entries(files).map(([path, content]) => tarEntry(path, content)));

describe('archives', () => {
	it('are zips, deflated and stored', async () =>
		expect(await opened('x.zip', blob(plain))).toEqual({ 'a/b.txt': text, 'c.txt': 'stored' }));
	it('may have something before them, behind them, and a comment', async () => {
		const right = { 'a/b.txt': text, 'c.txt': 'stored' };
		expect(await opened('x.exe', blob(strToU8('MZ a program '.repeat(50)), plain))).toEqual(right);
		expect(await opened('x.zip', blob(plain, strToU8('behind it')))).toEqual(right);
		const commented = changed(plain, END, 20, 7);
		expect(await opened('x.zip', blob(commented, strToU8('comment')))).toEqual(right);
	});
	it('leave litter and folders out', async () => {
		const files = { '__MACOSX/a': strToU8(''), '.DS_Store': strToU8(''), 'd/': strToU8(''), 'd/a': strToU8('1') };
		expect(await opened('x.zip', blob(zip(files)))).toEqual({ 'd/a': '1' });
	});
	it('may call a file what objects are made of', async () => {
		const bytes = zip({ abcdefghi: strToU8('1') });
		const name = strToU8('__proto__');
		for (let at = 0; at + 9 <= bytes.length; at++)
			if (new TextDecoder().decode(bytes.subarray(at, at + 9)) === 'abcdefghi') bytes.set(name, at);
		const { files } = await expanded({ name: 'x', files: [{ path: 'x.zip', blob: blob(bytes) }] });
		expect(files.map(({ path }) => path)).toEqual(['__proto__']);
		expect(await files[0]?.blob.text()).toBe('1');
	});
	it('have paths of their own folder only', async () => {
		expect(await opened('x.zip', blob(zip({ '/etc/a': strToU8('1') })))).toEqual({ 'etc/a': '1' });
		expect(await opened('x.zip', blob(zip({ 'C:\\d\\a': strToU8('1') })))).toEqual({ 'd/a': '1' });
		expect(await refusal('x.zip', blob(zip({ '../a': strToU8('1') })))).toMatch(/“\.\.\/a” points out of it/);
	});
	it('lie within archives', async () => {
		const two = zip({ 'one.zip': zip({ 'a.txt': strToU8('1') }), 'two.zip': zip({ 'a.txt': strToU8('2') }) });
		expect(await opened('x.zip', blob(two))).toEqual({ 'one/a.txt': '1', 'two/a.txt': '2' });
		const packed = zip({ 'd/a.csv.gz': gzipSync(strToU8('1')) });
		expect(await opened('x.zip', blob(packed))).toEqual({ 'd/a.csv': '1' });
	});
	it('are gzip, alone, several in one, or around a tar', async () => {
		const one = gzipSync(strToU8(text));
		expect(await opened('a.csv.gz', blob(one))).toEqual({ 'a.csv': text });
		expect(await opened('a.csv.gz', blob(one, one))).toEqual({ 'a.csv': text + text });
		const right = { 'a/b.txt': text, 'c.txt': '2' };
		const whole = tape({ './a/b.txt': text, 'c.txt': '2' });
		expect(await opened('x.tar', blob(whole))).toEqual(right);
		expect(await opened('x.tgz', blob(gzipSync(whole)))).toEqual(right);
	});
	it('are not opened where a format is one file', async () => {
		const { files } = await expanded({ name: 'x', files: [{ path: 'm.keras', blob: blob(plain) }] });
		expect(files.map(({ path }) => path)).toEqual(['m.keras']);
	});

	it.each([
		['locked', changed(plain, CENTRAL, 8, 1), /“a\/b\.txt” is locked with a password/],
		['locked as AES does it', changed(plain, CENTRAL, 10, 99), /“a\/b\.txt” is locked with a password/],
		['Deflate64', changed(plain, CENTRAL, 10, 9), /packed by Deflate64, /],
		['bzip2', changed(plain, CENTRAL, 10, 12), /packed by bzip2, /],
		['LZMA', changed(plain, CENTRAL, 10, 14), /packed by LZMA, /],
		['Zstandard', changed(plain, CENTRAL, 10, 93), /packed by Zstandard, /],
		['XZ', changed(plain, CENTRAL, 10, 95), /packed by XZ, /],
		['PPMd', changed(plain, CENTRAL, 10, 98), /packed by PPMd, /],
		['an unknown method', changed(plain, CENTRAL, 10, 77), /packed by method 77/],
		['larger than said', changed(plain, CENTRAL, 24, 10, 4), /is not of the size that it says/],
		['smaller than said', changed(plain, CENTRAL, 24, 9999, 4), /is not of the size that it says/],
		['another check sum', changed(plain, CENTRAL, 16, 1, 4), /damaged/],
		['a table that is no table', changed(plain, CENTRAL, 0, 0), /damaged/],
		['a table elsewhere', changed(plain, END, 16, 0xfffffff0, 4), /damaged/],
		['a table of more entries', changed(plain, END, 10, 3), /damaged/],
		['a local header elsewhere', changed(plain, CENTRAL, 42, 0xffffff, 4), /damaged/],
		['one of several', changed(plain, END, 4, 1), /one part of several/],
		['packed into more than there is', changed(plain, CENTRAL, 20, 9999, 4), /damaged/],
		['just no bomb', changed(plain, CENTRAL, 24, 2 ** 30 - 6, 4), /is not of the size that it says/],
		['just a bomb', changed(plain, CENTRAL, 24, 2 ** 30 - 5, 4), /it holds .* or more, packed into/],
		['a bomb', changed(plain, CENTRAL, 24, 0xfffffff0, 4), /it holds .* or more, packed into/],
		['cut off', plain.slice(0, plain.length - 30), /damaged/],
		['cut in the middle', plain.slice(0, 40), /damaged/]
	])('are refused in a sentence: %s', async (_, bytes, message) =>
		expect(await refusal('x.zip', blob(bytes))).toMatch(message)
	);
	it('hold each file once', async () => {
		const bytes = zip({ 'a.txt': strToU8('1'), 'b.txt': strToU8('2') });
		for (let at = 0; at < bytes.length; at++) if (bytes[at] === 98 && bytes[at + 1] === 46) bytes[at] = 97;
		expect(await refusal('x.zip', blob(bytes))).toMatch(/two files that are called “a\.txt”/);
	});
	it('of gzip and tar are refused in a sentence, too', async () => {
		const one = gzipSync(strToU8(text.repeat(50)));
		expect(await refusal('a.gz', blob(one.slice(0, one.length - 20)))).toMatch(/damaged or was cut off/);
		expect(await refusal('x.tar', blob(tape({ '../a': '1' })))).toMatch(/points out of it/);
		expect(await refusal('x.tar', blob(tape({ a: 'x'.repeat(2000) }).slice(0, 1024)))).toMatch(/damaged/);
	});
	it('cut anywhere give a sentence', async () => {
		for (let at = 5; at < plain.length; at += 7)
			expect(await refusal('x.zip', blob(plain.slice(0, at)))).toMatch(/“x\.zip”/);
	});
	it('of tape end where the file ends; what is no whole block behind is passed over', async () => {
		const [empty, whole] = [tarEntry('a.csv', ''), tarEntry('b.csv', 'x'.repeat(512))];
		expect(await opened('x.tar', blob(empty))).toEqual({ 'a.csv': '' });
		expect(await opened('x.tar', blob(whole, empty))).toEqual({ 'b.csv': 'x'.repeat(512), 'a.csv': '' });
		expect(await opened('x.tar', blob(empty, whole))).toEqual({ 'b.csv': 'x'.repeat(512), 'a.csv': '' });
		expect(await opened('x.tar', blob(whole, strToU8('x'.repeat(300))))).toEqual({ 'b.csv': 'x'.repeat(512) });
		expect(await refusal('x.tar', blob(whole, strToU8('x'.repeat(512))))).toMatch(/damaged/);
	});
	it('of tape hold files, no folders and links, with sizes in octal or in bytes', async () => {
		const bytes = tar(
			tarEntry('d/', '', { type: '5' }),
			tarEntry('e/', ''),
			tarEntry('link', '', { type: '2' }),
			tarEntry('d/.DS_Store', 'x'),
			tarEntry('old', '1', { type: '\0' }),
			tarEntry('whole', '2', { type: '7' }),
			tarEntry('large', 'y'.repeat(600), { size: Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 88) }),
			// A sum of more than 2^15, which takes all of its letters, with the last byte in it.
			tarEntry('é', '3', {
				prefix: 'ÿ'.repeat(77),
				over: [
					[511, '!'],
					[157, 'ÿ'.repeat(50)]
				]
			})
		);
		const right = { old: '1', whole: '2', large: 'y'.repeat(600), [`${'ÿ'.repeat(77)}/é`]: '3' };
		expect(await opened('x.tar', blob(bytes))).toEqual(right);
		const beyond = tarEntry('a', 'x', { size: strToU8('10000000000\0') });
		expect(await refusal('x.tar', blob(tar(beyond)))).toMatch(/damaged/);
	});
	it('hold so many files, and so much of what is packed so small', async () => {
		const check = (packed: number, unpacked: number) => () => checkSize('x', packed, unpacked);
		expect(check(2 ** 31, 2 ** 32)).not.toThrow();
		expect(check(2 ** 31, 2 ** 32 + 1)).toThrow('it holds');
		expect(check(1, 2 ** 30)).not.toThrow();
		expect(check(1, 2 ** 30 + 1)).toThrow('it holds');
		expect(check(2 ** 23, 200 * 2 ** 23)).not.toThrow();
		expect(check(2 ** 23, 200 * 2 ** 23 + 1)).toThrow('it holds');
		expect(() => checkCount('x', 20_000)).not.toThrow();
		const many = Array.from({ length: 20_001 }, (_, k) => `${k}`);
		expect(await refusal('x.zip', blob(table(many.map((name) => ({ name })))))).toMatch(
			/it holds 20,001 files or more/
		);
	});
	it('of gzip are read to the last byte, piece by piece', async () => {
		const piece = 1 << 20;
		const all = Uint8Array.from({ length: piece - 100 }, (_, i) => 256 * hash01(5, i));
		const noise = joined(all, all.subarray(0, piece + 1 - gzipSync(all, { level: 0 }).length));
		const packed = gzipSync(noise, { level: 0 });
		expect(packed).toHaveLength(piece + 1);
		const { files } = await expanded({ name: 'x', files: [{ path: 'a.gz', blob: blob(packed) }] });
		expect(Buffer.compare(Buffer.from(await files[0]!.blob.arrayBuffer()), Buffer.from(noise))).toBe(0);
		const cut = gzipSync(joined(noise, all.subarray(0, 99)), { level: 0 }).slice(0, piece);
		expect(await refusal('a.gz', blob(cut))).toMatch(/damaged or was cut off/);
	});
	it.each(['x.zip', 'x.csv.gz'])('hear a cancel: %s', async (path) => {
		const content = blob(path.endsWith('.zip') ? plain : gzipSync(strToU8(text)));
		const job = expanded({ name: 'x', files: [{ path, blob: content }] }, AbortSignal.abort());
		expect(isAbort(await job.catch((reason: unknown) => reason))).toBe(true);
	});
});
