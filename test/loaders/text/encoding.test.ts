import { describe, expect, it } from 'vitest';
import { decoderOf, encodingNotes, encodingOf, markedEncoding } from '#loaders/text/encoding.ts';

/** Bytes of texts in ASCII and of numbers. */
const bytes = (...parts: (string | readonly number[])[]) =>
	Uint8Array.from(Buffer.concat(parts.map((part) => Buffer.from(part as string))));
const found = (...parts: (string | readonly number[])[]) =>
	encodingOf({ path: 'a.csv', blob: new Blob([bytes(...parts)]) }, new AbortController().signal);

const UTF8 = { name: 'utf-8', damaged: false, guessed: false };
const DAMAGED = { name: 'utf-8', damaged: true, guessed: false };

describe('the mark of an encoding', () => {
	it('is told whole', () => {
		const marks = [
			[0xef, 0xbb, 0xbf],
			[0xff, 0xfe],
			[0xfe, 0xff]
		];
		expect(marks.map((mark) => markedEncoding(bytes(mark, 'a')))).toEqual(['utf-8', 'utf-16le', 'utf-16be']);
		const none = [[0xef, 0xbb], [0xef, 0xbf, 0xbf], [0xbb, 0xbb, 0xbf], [0xff, 0xff], [0xfe, 0xfe], []];
		expect(none.map((mark) => markedEncoding(bytes(mark, 'a')))).toEqual(none.map(() => null));
	});

	it('is zeros in more than a twentieth of all bytes, nearly all on one side', () => {
		const zeros = (even: number, odd: number, length = 200) => {
			const head = new Uint8Array(length).fill(0x61);
			for (let k = 0; k < even; k++) head[2 * k] = 0;
			for (let k = 0; k < odd; k++) head[2 * k + 1] = 0;
			return markedEncoding(head);
		};
		expect([zeros(0, 11), zeros(11, 0), zeros(0, 10), zeros(10, 0)]).toEqual(['utf-16le', 'utf-16be', null, null]);
		expect([zeros(1, 100), zeros(100, 1)]).toEqual(['utf-16le', 'utf-16be']);
		expect([zeros(2, 100), zeros(100, 2), zeros(50, 50)]).toEqual([null, null, null]);
	});
});

describe('what is no UTF-8', () => {
	it('is damaged where letters of several bytes are more than twenty times as many as bytes of none', async () => {
		// The first and the last of two, three and four bytes each.
		for (const letter of ['\u0080', '\u07ff', '\u0800', '\uffed', '\u{10000}', '\u{10fffd}']) {
			expect(await found(letter.repeat(21), [0xff])).toEqual(DAMAGED);
			expect((await found(letter.repeat(20), [0xff])).guessed).toBe(true);
		}
		// Beyond the last letter, and a form longer than needed: each byte is a damage.
		expect(await found('é'.repeat(81), [0xf5, 0x80, 0x80, 0x80])).toEqual(DAMAGED);
		expect((await found('é'.repeat(80), [0xf5, 0x80, 0x80, 0x80])).guessed).toBe(true);
		expect(await found('é'.repeat(41), [0xc1, 0x80])).toEqual(DAMAGED);
		expect((await found('é'.repeat(40), [0xc1, 0x80])).guessed).toBe(true);
		// A letter without its second byte is a damage, not one more letter.
		expect((await found('é'.repeat(20), [0xc3], 'a')).guessed).toBe(true);
		// A letter cut off by another.
		expect(await found('é'.repeat(20), [0xe2, 0x82], '€')).toEqual({
			...DAMAGED,
			damaged: false,
			guessed: true,
			name: expect.any(String) as string
		});
		expect(await found('é'.repeat(40), [0xe2, 0x82], '€')).toEqual(DAMAGED);
	});

	it('is found wherever it stands in a large file, by what is around it', async () => {
		const PIECE = 4 << 20;
		const lines = (length: number) => 'x,1\n'.repeat(length / 4);
		const blue = [0xf1, 0xe8, 0xed, 0xe8, 0xe9];
		const cyrillic = { name: 'windows-1251', damaged: false, guessed: true };
		// At the beginning, deep in the second piece, and across the end of the first.
		for (const at of [4, PIECE + (1 << 20), PIECE - 1])
			expect(await found(lines(at + 3).padEnd(at, ' '), blue, '\n', lines(1 << 18)), String(at)).toEqual(cyrillic);
		// A letter that begins in one piece and ends in the next is whole.
		expect(await found('a'.repeat(PIECE - 1), 'é')).toEqual(UTF8);
		// One that the end of the file cuts off is not.
		expect(await found('a'.repeat(100), [0xc3])).not.toEqual(UTF8);
	});

	it('is said', () => {
		expect(encodingNotes(UTF8)).toEqual([]);
		expect(encodingNotes(DAMAGED)).toEqual(['Some bytes are no UTF-8: their letters are shown as �.']);
		expect(encodingNotes({ name: 'koi8-r', damaged: false, guessed: true })).toEqual([
			'The encoding is not told and was guessed: koi8-r.'
		]);
	});
});

it('windows-1252 has signs where Latin-1 has controls', () => {
	const signs = decoderOf('windows-1252').decode(Uint8Array.from({ length: 32 }, (_, i) => 0x80 + i));
	expect([signs[0], signs[0x13], signs[0x1f], signs[1]]).toEqual(['€', '“', 'Ÿ', '\u0081']);
	expect(decoderOf('iso-8859-2').decode(Uint8Array.of(0xb3))).toBe('ł');
	expect(() => decoderOf('utf-8', true).decode(Uint8Array.of(0xff))).toThrow(TypeError);
	expect(decoderOf('utf-8').decode(Uint8Array.of(0xff))).toBe('\ufffd');
});
