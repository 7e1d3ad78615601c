import { describe, expect, it } from 'vitest';
import { unpackedLz4 } from '#maths/lz4.ts';

/** Frames written by hand after lz4_Frame_format.md and lz4_Block_format.md. */

const MAGIC = [0x04, 0x22, 0x4d, 0x18];
const u32 = (n: number) => [n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24];
const letters = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
const block = (...bytes: number[]) => [...u32(bytes.length), ...bytes];
const plain = (...bytes: number[]) => [...u32((bytes.length | 0x80000000) >>> 0), ...bytes];
/** Version 1, independent blocks; the header's own checksum is not looked at. */
const frame = (flags: number, extra: readonly number[], ...parts: readonly (readonly number[])[]) => [
	...MAGIC,
	0x60 | flags,
	0x40,
	...extra,
	0,
	...parts.flat(),
	...u32(0)
];
const read = (bytes: readonly number[], size: number) =>
	String.fromCharCode(...unpackedLz4(Uint8Array.from(bytes), size));

// Two letters, then seven copied from two back: a run that grows while it is copied; the last letters alone.
const RUN = block(0x23, ...letters('ab'), 2, 0, 0x10, ...letters('!'));

describe('LZ4 frames', () => {
	it('hold letters and what came before', () => {
		expect(read(frame(0, [], RUN), 10)).toBe('ababababa!');
		// Six letters, then six copied from six back: nothing of the copy is copied again.
		expect(read(frame(0, [], block(0x62, ...letters('abcdef'), 6, 0, 0x10, ...letters('!'))), 13)).toBe(
			'abcdefabcdef!'
		);
		expect(read(frame(0, [], plain(...letters('as it is'))), 8)).toBe('as it is');
		expect(read(frame(0, [], plain(...letters('abc')), block(0x10, 33)), 4)).toBe('abc!');
	});

	it('write long lengths as sums of bytes', () => {
		const long = 'x'.repeat(14) + 'y'.repeat(256 + 15);
		// 15 + 255 + 15 letters; 4 + 15 + 255 + 0 copied from one back.
		const bytes = block(0xff, 255, 15, ...letters(long), 1, 0, 255, 0, 0x00);
		expect(read(frame(0, [], bytes), 285 + 274)).toBe(long + 'y'.repeat(274));
		expect(read(frame(0, [], block(0xf0, 0, ...letters('fifteen letters'))), 15)).toBe('fifteen letters');
	});

	it('reach back by two bytes', () => {
		const far = 'z' + '.'.repeat(299);
		const bytes = block(0xf0, 255, 30, ...letters(far), 300 & 255, 300 >> 8, 0);
		expect(read(frame(0, [], bytes), 304)).toBe(`${far}z...`);
	});

	it('lean on the block before, and follow one another', () => {
		expect(read(frame(0, [], plain(...letters('abcd')), block(0x00, 4, 0, 0x10, 33)), 9)).toBe('abcdabcd!');
		expect(read([...frame(0, [], RUN), ...frame(0, [], RUN)], 20)).toBe('ababababa!ababababa!');
	});

	it('may carry sums and sizes, which are passed over', () => {
		const sum = [1, 2, 3, 4];
		expect(read([...frame(16, [], RUN.concat(sum), RUN.concat(sum)), ...frame(0, [], RUN)], 30)).toHaveLength(30);
		expect(read(frame(8, [10, 0, 0, 0, 0, 0, 0, 0], RUN), 10)).toBe('ababababa!');
		expect(read([...frame(4, [], RUN), ...sum, ...frame(0, [], RUN)], 20)).toHaveLength(20);
	});

	it.each([
		['it ends within a frame', frame(0, [], RUN).slice(0, 6), 10],
		['it ends within a frame', frame(0, [], RUN).slice(0, 9), 10],
		['it ends within a frame', frame(0, [], RUN).slice(0, -5), 10],
		['there is no LZ4 frame', [5, ...frame(0, [], RUN).slice(1)], 10],
		['its version is not known', frame(0xc0 ^ 0x60, [], RUN), 10],
		['it needs a dictionary', frame(1, [], RUN), 10],
		['it holds more than it says', frame(0, [], plain(...letters('abc'))), 2],
		['it holds more than it says', frame(0, [], block(0x30, ...letters('abc'))), 2],
		['it holds more than it says', frame(0, [], block(0x40, ...letters('abc'))), 9],
		['it ends within a length', frame(0, [], block(0xf0)), 20],
		['it ends within a length', frame(0, [], block(0xf0, 255)), 20],
		['it ends within a match', frame(0, [], block(0x10, 97, 1)), 9],
		['it refers to what is not there', frame(0, [], block(0x10, 97, 0, 0, 0x10, 98)), 9],
		['it refers to what is not there', frame(0, [], block(0x10, 97, 2, 0, 0x10, 98)), 9],
		['it refers to what is not there', frame(0, [], block(0x10, 97, 1, 0)), 4]
	])('refused: %s', (why, bytes, size) => expect(() => read(bytes, size)).toThrow(why));

	it('end exactly where their match ends, if it must be', () =>
		expect(read(frame(0, [], block(0x10, 97, 1, 0)), 5)).toBe('aaaaa'));
});
