import { expect, it } from 'vitest';
import { likelyEncoding } from '#loaders/text/likely-encoding.ts';

/** Bytes of two for a letter, at the borders of what each encoding's lists name: `829f*3` is three times the same. */
const likely = (letters: string) => {
	const hex = letters
		.split(' ')
		.map((letter) => {
			const [pair, times = '1'] = letter.split('*');
			return pair!.repeat(Number(times));
		})
		.join('');
	return likelyEncoding(Uint8Array.from(Buffer.from(hex, 'hex')), () => null);
};

it.each([
	// JIS X 0208 shifted: punctuation, kana, the first level of kanji; the second level is rare, halfwidth kana alone.
	['819f 829f 839f', 'shift_jis'],
	['819f', 'shift_jis'],
	['889f', 'shift_jis'],
	['979f', 'shift_jis'],
	['879f', null],
	['849f', null],
	['809f', null],
	['989f', null],
	['829f 989f', 'shift_jis'],
	['829f*3 ef9f', 'shift_jis'],
	['829f*3 f09f', null],
	['829f*3 a1', 'shift_jis'],
	['829f*3 df', 'shift_jis'],
	['829f*3 a0', null],
	['829f*3 e0', null],
	// A letter of English beside is unlikely, on either side; one further off says nothing.
	['829f61', null],
	['61829f', null],
	['829f829f829f61', 'shift_jis'],
	['61829f829f829f', 'shift_jis'],
	['829f b1', null],
	['823f', null],
	['827f', null],
	// EUC: rows from a1; kana, the first level, punctuation.
	['a4a1', 'euc-jp'],
	['a5fe', 'euc-jp'],
	['a1a1', 'euc-jp'],
	['a3a1', 'euc-jp'],
	['a0a1', null],
	['a4a1 cfa1', 'euc-jp'],
	['a4a1 d0a1', 'big5'],
	['a4a1*2 f4a1', 'euc-jp'],
	['a4a1*2 f5a1', 'big5'],
	['a4a0', 'big5'],
	// KS X 1001: Hangul in b0 to c8.
	['b0a1', 'euc-kr'],
	['c8a1', 'euc-kr'],
	['c9a1', 'gb18030'],
	['b0a1*5 caa1 fda1', 'euc-kr'],
	['b0a1*5 c9a1 fda1', null],
	['b0a1*2 fda1', 'euc-kr'],
	['b0a1*2 fea1', null],
	['b0a1*5 a3a1 fda1', 'euc-kr'],
	['b0a1*5 a4a1 fda1', null],
	['b0a1*5 a1a1 fda1', 'euc-kr'],
	['b0a1*5 a0a1 fda1', null],
	['b0a0 b0a1', 'big5'],
	// GB 2312: the first level in b0 to d7, the second to f7.
	['d7a1', 'gb18030'],
	['c8a1 d7a1 d7a1', 'gb18030'],
	['c8a1 d8a1 d8a1', null],
	['c8a1*3 f7a1', 'gb18030'],
	['c8a1*3 f8a1', 'euc-kr'],
	// Big5: its second bytes begin below those of the others.
	['a49f', 'big5'],
	['c69f', 'big5'],
	['c79f', null],
	['a39f', null],
	['a49f a39f', 'big5'],
	['a49f a19f', 'big5'],
	['a49f a09f', null],
	['a49f*2 c99f', 'big5'],
	['a49f*2 f99f', 'big5'],
	['a49f*2 c89f', null],
	['a49f*2 fa9f', null],
	['a43f', null]
])('%s is %s', (letters, encoding) => expect(likely(letters)).toBe(encoding));
