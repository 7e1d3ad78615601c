import { describe, expect, it } from 'vitest';
import { cellsOf, opened } from '../tools/data.ts';

/** Words in old encodings, few of them among numbers, as Python writes them: the text, and its bytes. */
const WORDS: Readonly<Record<string, readonly [encoding: string, words: readonly string[], hex: readonly string[]]>> = {
	Russian: ['windows-1251', ['красный', 'зелёный', 'синий'], ['eaf0e0f1edfbe9', 'e7e5ebb8edfbe9', 'f1e8ede8e9']],
	'Russian of Unix': ['koi8-r', ['красный', 'зелёный', 'синий'], ['cbd2c1d3ced9ca', 'dac5cca3ced9ca', 'd3c9cec9ca']],
	'Russian of DOS': ['ibm866', ['красный', 'зелёный', 'синий'], ['aae0a0e1adeba9', 'a7a5abf1adeba9', 'e1a8ada8a9']],
	Polish: ['iso-8859-2', ['łódź', 'kraków', 'gdańsk'], ['b3f364bc', '6b72616bf377', '676461f1736b']],
	Czech: ['windows-1250', ['žlutá', 'černý', 'šedá'], ['9e6c7574e1', 'e865726efd', '9a6564e1']],
	German: ['windows-1252', ['grün', 'weiß', 'Öl'], ['6772fc6e', '776569df', 'd66c']],
	French: ['windows-1252', ['“naïve”', '€ 5', 'œuvre'], ['936e61ef766594', '802035', '9c75767265']],
	Greek: ['windows-1253', ['κόκκινο', 'πράσινο', 'μπλε'], ['eafceaeae9edef', 'f0f1dcf3e9edef', 'ecf0ebe5']],
	Turkish: ['windows-1254', ['kırmızı', 'yeşil', 'ağaç'], ['6bfd726dfd7afd', '7965fe696c', '61f061e7']],
	Japanese: ['shift_jis', ['赤', '緑', '青色の'], ['90d4', '97ce', '90c2904682cc']],
	'Japanese of Unix': ['euc-jp', ['赤', '緑', '青色の'], ['c0d6', 'ced0', 'c0c4bfa7a4ce']],
	Chinese: ['gb18030', ['红色', '绿色', '蓝色'], ['baecc9ab', 'c2ccc9ab', 'c0b6c9ab']],
	Korean: ['euc-kr', ['빨강', '초록', '파랑'], ['bba1b0ad', 'c3cab7cf', 'c6c4b6fb']]
};

const COUNT = 30;

describe('encodings that nothing tells', () => {
	it.each(Object.entries(WORDS))('%s', async (_, [encoding, words, hex]) => {
		const lines = Array.from({ length: COUNT }, (_, i) => [
			Buffer.from(`${i * 0.25},`),
			Buffer.from(hex[i % hex.length]!, 'hex'),
			Buffer.from('\n')
		]);
		const bytes = Uint8Array.from(Buffer.concat([Buffer.from('x,label\n'), ...lines.flat()]));
		const data = await opened({ 'a.csv': bytes });
		expect(cellsOf(data, 'label')).toEqual(Array.from({ length: COUNT }, (_, i) => words[i % words.length]));
		expect(data.notes?.join(' ')).toContain('was guessed');
		expect(new TextDecoder(encoding).encoding).toBe(new TextDecoder(data.understood!.dialect!.encoding).encoding);
	});

	it('holds for JSON, too', async () => {
		const text = (encode: (text: string) => Buffer) =>
			Uint8Array.from(
				encode(Array.from({ length: COUNT }, (_, i) => `{"x": ${i * 0.5}, "label": "grün ${i % 3}"}`).join('\n'))
			);
		const latin = await opened({ 'a.jsonl': text((all) => Buffer.from(all, 'latin1')) });
		expect(cellsOf(latin, 'label')[0]).toBe('grün 0');
		expect(latin.notes?.join(' ')).toContain('windows-1252');
		const wide = await opened({ 'a.jsonl': text((all) => Buffer.from(`\ufeff${all}`, 'utf16le')) });
		expect(cellsOf(wide, 'label')[1]).toBe('grün 1');
	});
});
