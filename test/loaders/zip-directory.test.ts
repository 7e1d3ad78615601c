import { strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import { zipEntries } from '#loaders/archive/zip-directory.ts';
import { central, end, end64, endOnes, fields, locator, table, wideExtra } from './archives.ts';
import { joined } from '../tools/bytes.ts';

/** Tables of contents alone: what is read of them, and what is left of them that lead nowhere. */

const read = (...parts: readonly Uint8Array<ArrayBuffer>[]) => zipEntries(new Blob([...parts]), 'x.zip');
const paths = async (...parts: readonly Uint8Array<ArrayBuffer>[]) => (await read(...parts)).map(({ path }) => path);
const damaged = (...parts: readonly Uint8Array<ArrayBuffer>[]) =>
	expect(read(...parts)).rejects.toThrow('it is damaged or was cut off');
const ONES = 0xffffffff;
const [A, B] = [{ name: 'a.txt' }, { name: 'b.txt' }];

describe('a table of contents', () => {
	it('says of each file what it says, whatever stands between', async () => {
		const first = { name: 'a.txt', method: 8, crc: 77, packed: 5, unpacked: 9, at: 3 };
		const more = { extra: fields([2, 0x5455], [2, 4], [4, 1]), comment: 'said of it' };
		expect(await read(table([{ ...first, ...more }, B]))).toEqual([
			{ path: 'a.txt', method: 8, crc: 77, packed: 5, unpacked: 9, at: 3, encrypted: false },
			{ path: 'b.txt', method: 0, crc: 0, packed: 0, unpacked: 0, at: 0, encrypted: false }
		]);
	});

	it('may be empty', async () => {
		expect(await read(table([]))).toEqual([]);
		expect(await read(joined(strToU8('before'), table([])))).toEqual([]);
		// Of 64 bits, from the first byte on.
		expect(await read(joined(end64(0, 0, 0), locator(0), endOnes()))).toEqual([]);
	});

	it('may lie elsewhere than right before its end: where it says', async () => {
		expect(await paths(table([A, B], strToU8('a signature of it all')))).toEqual(['a.txt', 'b.txt']);
		const moved = joined(strToU8('before'), table([{ ...A, at: 10 }, B]));
		expect((await read(moved)).map(({ path, at }) => [path, at])).toEqual([
			['a.txt', 16],
			['b.txt', 6]
		]);
	});

	it('ends where the file ends, at the latest', async () => {
		const size = central(A).length;
		expect(await paths(table([A], new Uint8Array(), size + 22))).toEqual(['a.txt']);
		await damaged(table([A], new Uint8Array(), size + 23));
		await damaged(table([A, B], new Uint8Array(), central(A).length + central(B).length - 1));
	});

	it('is no larger than any', async () => {
		const maxBytes = 64 << 20;
		const room = new Uint8Array(maxBytes + 1);
		expect(await read(room, joined(end(0, maxBytes, 0)))).toEqual([]);
		await damaged(room, joined(end(0, maxBytes + 1, 0)));
	});

	it('names files in UTF-8 where it says so or they can be read so, else in Latin 1', async () => {
		const latin = Uint8Array.of(0xfc, 0x2e, 0x61);
		expect(await paths(table([{ name: latin }, { name: 'ü.a' }, { name: latin, flags: 0x800 }]))).toEqual([
			'ü.a',
			'ü.a',
			'\ufffd.a'
		]);
		// Other flags say nothing of it.
		expect(await paths(table([{ name: latin, flags: 1 }]))).toEqual(['ü.a']);
		const locked = await read(table([{ ...A, flags: 1 }, { ...A, flags: 2 }, { ...A, method: 99 }, A]));
		expect(locked.map(({ encrypted }) => encrypted)).toEqual([true, false, true, false]);
	});
});

describe('numbers of 64 bits', () => {
	it('stand behind a name, for those that are all ones, in their order', async () => {
		const time = fields([2, 0x5455], [2, 5], [4, 1]);
		const extra = joined(time, Uint8Array.of(0), wideExtra(2 ** 33, 2 ** 34, 2 ** 35));
		const all = { ...A, unpacked: ONES, packed: ONES, at: ONES, extra };
		const one = { ...B, unpacked: 1, packed: 2, at: ONES, extra: joined(wideExtra(2 ** 36), time) };
		const none = { ...B, unpacked: ONES, extra: fields([2, 9], [2, 0]) };
		const found = await read(table([all, one, none]));
		expect(found.map(({ unpacked, packed, at }) => [unpacked, packed, at])).toEqual([
			[2 ** 33, 2 ** 34, 2 ** 35],
			[1, 2, 2 ** 36],
			[ONES, 0, 0]
		]);
		await damaged(table([{ ...A, unpacked: ONES, extra: wideExtra() }]));
	});

	it('of the end are taken where the locator says, else right before it, else not', async () => {
		const own = central(A);
		const wide = (declared: number, more = 0) =>
			joined(own, end64(1, own.length, 0, more), locator(declared), endOnes());
		expect(await paths(wide(own.length))).toEqual(['a.txt']);
		expect(await paths(wide(own.length, 8))).toEqual(['a.txt']);
		for (const lost of [9999, 7, own.length + 90]) expect(await paths(wide(lost)), String(lost)).toEqual(['a.txt']);
		await damaged(wide(9999, 8));
		// A locator of nothing: what the end record itself says holds.
		for (const lost of [9999, 10, 20, 40]) expect(await read(joined(locator(lost), end(0, 0, 0)))).toEqual([]);
		expect(await paths(joined(own, locator(9999), end(1, own.length, 0)))).toEqual(['a.txt']);
	});
});
