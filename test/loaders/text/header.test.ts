import { describe, expect, it } from 'vitest';
import { dialectOf, linesInWords } from '#loaders/text/dialect.ts';
import { headerLines, isSequence } from '#loaders/text/header.ts';
import { foreignWords, likelyEncoding } from '#loaders/text/likely-encoding.ts';

const rows = (...lines: readonly string[]) => lines.map((line) => line.split(','));
const names = (...lines: readonly string[]) => headerLines(rows(...lines), rows(...lines).at(-1)!.length);

describe('lines of names', () => {
	it('are words over numbers or dates, one or several', () => {
		expect([names('a,b', '1,2', '3,4'), names('1,2', '3,4'), names('a,2', '1,2', '3,4')]).toEqual([1, 0, 1]);
		expect(names('a,2,3', '1,2,3', '3,4,5')).toBe(0);
		expect(names('day,b', '2024-01-31,x', '2024-02-01,y')).toBe(1);
		// Units below the names; three lines are the most.
		const above = (...lines: readonly string[]) =>
			names(...lines, ...Array.from({ length: 40 }, (_, i) => `${i},${i / 4}`));
		expect([above('a,b', 'cm,kg'), above('a,b', 'u,v', 'cm,kg'), above('a,b', 'u,v', 'p,q', 'cm,kg')]).toEqual([
			2, 3, 3
		]);
		const five = (units: string) => names('a,b,c,d,e', units, ...Array.from({ length: 9 }, (_, i) => `${i},1,2,3.5,4`));
		expect([five('m,m,m,m,NA'), five('m,m,m,NA,NA'), five('m,m,m,,')]).toEqual([2, 1, 2]);
		expect([above('a,b', 'cm,5'), above('a,b', 'cm,'), above('a,b', ','), above('a,b', 'cm,2024-01-31')]).toEqual([
			1, 2, 1, 1
		]);
	});
	it('stand over a column of which nine of ten are numbers', () => {
		const below = (words: number, numeric: number) =>
			names('a', ...Array.from({ length: numeric }, (_, i) => String(i)), ...Array.from({ length: words }, () => 'x'));
		expect([below(1, 9), below(2, 9)]).toEqual([1, 1]);
		const days = (words: number, dates: number) =>
			names(
				'x',
				...Array.from({ length: dates }, (_, i) => `2024-01-${10 + i}`),
				...Array.from({ length: words }, () => 'x')
			);
		expect([days(1, 9), days(2, 9)]).toEqual([1, 0]);
		expect([names('a,b', '1,2'), names('1,2', '3,4')]).toEqual([1, 0]);
		// The same word below: it is a value.
		const again = (words: number, numeric: number) =>
			names('x', ...Array.from({ length: numeric }, (_, i) => String(i)), ...Array.from({ length: words }, () => 'x'));
		expect([again(1, 9), again(2, 9)]).toEqual([1, 0]);
	});
	it('are words none of which comes again below, where all are words', () => {
		expect([names('kind,colour', 'u,red', 'v,blue'), names('u,red', 'v,blue', 'u,red')]).toEqual([1, 0]);
		expect([names('a,a', 'u,v', 'p,q'), names('a,b'), names('a,5'), names('1,2')]).toEqual([0, 1, 0, 0]);
	});
	it('may be years or indices, above what is no such run', () => {
		expect(names('x,2001,2002,2003', 'u,5,9,1', 'v,2,7,3')).toBe(1);
		expect(names('2001,2002,2003', '5,9,1', '2,7,3')).toBe(1);
		expect(names('0,1,2', '5,9,1', '2,7,3')).toBe(1);
		expect(names('0,1,2', '1,2,3', '2,3,4')).toBe(0);
		expect(names('0,1', '5,9', '2,7')).toBe(0);
		expect(names('0,1', '5.5,9', '2,7')).toBe(1);
		const scale = Array.from({ length: 6 }, (_, i) => 400 + 2.5 * i);
		const values = (of: (i: number) => number, count = 6) => Array.from({ length: count }, (_, i) => of(i)).join();
		expect(
			names(
				scale.join(),
				values((i) => i * i),
				values((i) => 9 - i * i)
			)
		).toBe(1);
		expect(
			names(
				scale.slice(0, 5).join(),
				values((i) => i * i, 5),
				values((i) => 9 - i * i, 5)
			)
		).toBe(0);
		expect(
			names(
				scale.join(),
				values((i) => 1 + 0.5 * i),
				values((i) => i * i)
			)
		).toBe(0);
	});
	it('a run of indices begins at 0 or 1, years go up or down', () => {
		const run = (text: string) => isSequence(text.split(','));
		expect([run('0,1,2'), run('1,2,3'), run('2,3,4'), run('0,2,4'), run('0,1,3'), run('0')]).toEqual([
			...[true, true, false],
			...[false, false, false]
		]);
		expect([run('1999,2001,2002'), run('2003,2001'), run('1999,2001,2000'), run('2001,2001')]).toEqual([
			...[true, true],
			...[false, false]
		]);
		expect([run('1700,2200'), run('1699,1710'), run('2190,2201'), run('a,b'), run('0,x')]).toEqual([
			true,
			false,
			false,
			false,
			false
		]);
	});
});

describe('how a table is taken apart', () => {
	const dialect = (text: string, reading: Parameters<typeof dialectOf>[2] = {}) =>
		dialectOf(text.split('\n'), true, reading);
	it('by the separator that makes rows of one width and numbers of the cells', () => {
		for (const [mark, separator] of [
			[',', ','],
			['\t', '\t'],
			[';', ';'],
			['|', '|'],
			[' ', 'blanks']
		] as const)
			expect(
				dialect(['a', 'b', 'c'].join(mark) + '\n' + ['1', '2', '3'].join(mark) + '\n' + ['4', '5', '6'].join(mark))
			).toMatchObject({
				...{ separator, width: 3, headerLines: 1, start: 0, numeric: [0, 1, 2], names: ['a', 'b', 'c'] },
				notes: []
			});
		// One column is a table where it is one of numbers.
		expect([dialect('a\n1\n2\n3')?.width, dialect('a\nb\nc')]).toEqual([1, null]);
		expect([dialect('1\n2\n3\nx\ny')?.width, dialect('1\n2\nx\ny')]).toEqual([1, null]);
		const below = (lines: number) => dialect(`${'words\n'.repeat(lines)}${'1,2,3\n'.repeat(99)}`)?.start;
		expect([below(60), below(61)]).toEqual([60, undefined]);
		expect(dialect('some words here\nand some more\nand no table')).toBeNull();
		expect(dialect('a;b\n1,5;2\n2,5;3')?.separator).toBe(';');
		expect(dialect('a,b;c\n1,5;2\n2,5;3', { separator: ',' })?.width).toBe(2);
	});
	it('by what the first line says, unless it is untrue', () => {
		expect(dialect('sep=;\na;b\n1;2')).toMatchObject({
			separator: ';',
			start: 1,
			notes: ['The first line names the separator.']
		});
		expect(dialect('sep=;\na,b\n1,2')).toMatchObject({
			separator: ',',
			notes: ['The separator that the first line names is not that of the rows.']
		});
	});
	it('without what stands above it, and comments', () => {
		expect(dialect('A report\n\na,b\n1,2\n3,4')).toMatchObject({
			start: 2,
			notes: ['Line 1 above the table passed over.']
		});
		expect(dialect('# one\n# two\na,b\n1,2\n3,4\n5,6')).toMatchObject({
			...{ start: 2, comment: '#', names: ['a', 'b'] },
			notes: ['Lines 1 to 2 passed over as comments.']
		});
		// The names of the columns may be a comment.
		expect(dialect('#a,b\n1,2\n3,4\n5,6')).toMatchObject({
			...{ names: ['a', 'b'], headerLines: 0 },
			notes: ['The names of the columns stand in line 1 after “#”.']
		});
		expect(dialect('# a,b\n1,2\n3,4\n5,6')).toMatchObject({ names: ['a', 'b'] });
		expect(dialect('# a,b\nu,v\n3,4\n5,6')).toMatchObject({ names: ['u', 'v'] });
		expect(dialect('#a,b\nu,v\n3,4\n5,6')).toMatchObject({ names: ['a', 'b'], headerLines: 0 });
		const given = dialect('#a,b\nu,v\n3,4\n5,6', { headerLines: 1 });
		expect(given).toMatchObject({ names: ['u', 'v'], headerLines: 1 });
		expect(dialect('#a\n1\n2\n3')).toMatchObject({ names: [], headerLines: 0, comment: '#', width: 1 });
		// Half of all lines are no comments.
		expect(dialect('#1,2\n#3,4\n5,6\n7,8')?.comment).toBe('');
		expect(dialect('#1,2\n5,6\n7,8')?.comment).toBe('#');
		expect(dialect('#1,2\n#3,4\n#5,6\n7,8')?.comment).toBe('');
	});
	it('with a name less than columns, which that of the rows’ names lacks', () => {
		expect(dialect('a,b\nu,1,2\nv,3,4')).toMatchObject({ width: 3, names: ['', 'a', 'b'] });
		expect(dialect('a,b\n1,2,\n3,4,')).toMatchObject({ width: 3, names: ['a', 'b', ''] });
		expect(dialect('a,b\ncm,kg\n1,2\n3,4')).toMatchObject({ headerLines: 2, names: ['a cm', 'b kg'] });
	});
	it('numbers are columns of which nine of ten cells are', () => {
		const column = (numeric: number, words: number) =>
			dialect(
				[
					'a,b',
					...Array.from({ length: numeric }, (_, i) => `${i},1`),
					...Array.from({ length: words }, () => 'x,1')
				].join('\n')
			)?.numeric;
		expect([column(9, 1), column(8, 1)]).toEqual([[0, 1], [1]]);
	});
	it('by a separator that half of all lines have, or four of five between blanks', () => {
		expect(dialect('1,2,3\n4,5,6\n7\n8')).toMatchObject({ separator: ',', width: 3 });
		expect(dialect('1,2,3\n4,5,6\n7\n8\n9')?.width).toBe(1);
		expect(dialect('1 2\n3 4\n5 6\n7 8\nx')).toMatchObject({ separator: 'blanks', width: 2 });
		expect(dialect('1 2\n3 4\n5 6\nx\n')).toBeNull();
		// Words between blanks are a text.
		expect(dialect('a b\nc d\ne f')).toBeNull();
		expect(dialect('a,b\nc,d\ne,f')).toMatchObject({ separator: ',', width: 2 });
	});
	it('lines in words', () => {
		expect([linesInWords([3]), linesInWords([3, 4, 5]), linesInWords([3, 5])]).toEqual([
			'Line 3',
			'Lines 3 to 5',
			'2 lines from line 3 on'
		]);
	});
});

describe('foreign words', () => {
	const bytes = (...parts: (string | number)[]) =>
		Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : [part])));
	it('are runs of letters with one beyond ASCII, each once', () => {
		const words = (...parts: (string | number)[]) => foreignWords(bytes(...parts)).map((word) => [...word]);
		expect(words('ab,c', 0xe4, 'd;', 0xf6, ' plain ', 0xf6, '1', 0xfc)).toEqual([[0x63, 0xe4, 0x64], [0xf6], [0xfc]]);
		expect(words('AZ', 0x80, 'az')).toEqual([[0x41, 0x5a, 0x80, 0x61, 0x7a]]);
		expect(words('@', 0x80, '[', 0x81, '`', 0x82, '{')).toEqual([[0x80], [0x81], [0x82]]);
		expect(words('')).toEqual([]);
	});
	it('are of the alphabet in which their letters are common and stand where a language puts them', () => {
		const likely = (table: Readonly<Record<string, string>>, ...words: number[][]) =>
			likelyEncoding(bytes(...words.flatMap((word) => [...word, ','])), (encoding) => table[encoding] ?? null);
		const word = [0x61, 0xe4, 0x62];
		expect(likely({ 'windows-1252': 'aäb' }, word)).toBe('windows-1252');
		expect(likely({ 'windows-1251': 'оеа' }, word)).toBe('windows-1251');
		// Letters of another alphabet beside English ones, capitals within words and signs are unlikely.
		expect(likely({ 'windows-1251': 'aеb', 'windows-1253': 'aαb' }, word)).toBeNull();
		expect(likely({ 'windows-1252': 'aÄb' }, word)).toBeNull();
		expect(likely({ 'windows-1252': 'a¤b' }, word)).toBeNull();
		expect(likely({ 'windows-1252': 'a’b' }, word)).toBe('windows-1252');
		// Of two that explain all alike the first.
		expect(likely({ 'windows-1252': 'aüb', 'windows-1250': 'aüb', macintosh: 'aüb' }, word)).toBe('windows-1252');
		expect(likely({ 'windows-1252': 'aþb', 'windows-1254': 'ağb' }, word)).toBe('windows-1254');
		expect(likely({})).toBeNull();
		// Rarer letters of an alphabet count for less, others for little; signs between words say hardly anything.
		expect(likely({ 'windows-1254': 'aéb' }, word)).toBe('windows-1254');
		expect(likely({ 'windows-1254': 'aøb' }, word)).toBeNull();
		expect(likely({ 'windows-1254': 'aéb', 'windows-1257': 'aāb' }, word)).toBe('windows-1257');
		expect([likely({ 'windows-1252': '£' }, [0xa3]), likely({ 'windows-1252': '€ä' }, [0xa3])]).toEqual([null, null]);
		expect(likely({ 'windows-1252': '”' }, [0xa3])).toBe('windows-1252');
		// A capital begins a word or stands among others; letters of other alphabets stand among their own.
		for (const good of ['Äb', 'AÄB', '1Äb']) expect(likely({ 'windows-1252': good }, word), good).toBe('windows-1252');
		for (const good of ['еа', '1е2']) expect(likely({ 'windows-1251': good }, word), good).toBe('windows-1251');
		// Good and bad ones together, at the least that is likely.
		expect(likely({ 'windows-1252': 'ä1ä1ä1aÄaÄ' }, word)).toBe('windows-1252');
		expect(likely({ 'windows-1252': 'ä1ä1ä1aÄaÄaÄ' }, word)).toBeNull();
		expect(likely({ 'windows-1251': 'о1о1о1о1о1aеaеaе' }, word)).toBe('windows-1251');
		expect(likely({ 'windows-1251': 'о1о1о1о1о1aеaеaеaе' }, word)).toBeNull();
		// Hardly a word is of such letters alone, but for short ones.
		expect(likely({ 'windows-1252': 'äöü' }, word)).toBe('windows-1252');
		expect(likely({ 'windows-1252': 'äöüß' }, word)).toBeNull();
		expect(likely({ 'windows-1252': 'äöüabc' }, word)).toBe('windows-1252');
		expect(likely({ 'windows-1252': 'äöüßéèab' }, word)).toBeNull();
		expect(likely({ 'windows-1252': 'äöüßéèabcd' }, word)).toBe('windows-1252');
		expect(likely({ 'windows-1251': 'оеаи' }, word)).toBe('windows-1251');
	});
	it('are of two bytes a letter where the first ones are common and all have a second', () => {
		const likely = (...word: number[]) => likelyEncoding(Uint8Array.from(word), () => null);
		expect(likely(0x82, 0xa0, 0x82, 0xa2)).toBe('shift_jis');
		expect(likely(0xa4, 0xa2, 0xa5, 0xa2)).toBe('euc-jp');
		expect(likely(0xb0, 0xa1, 0xc8, 0xfe)).toBe('euc-kr');
		expect(likely(0xb0, 0xa1, 0xd7, 0xfe)).toBe('gb18030');
		expect(likely(0xa4, 0x41, 0xc6, 0xa1)).toBe('big5');
		expect(likely(0x82, 0xa0, 0x82)).toBeNull();
		expect(likely(0x82, 0x3f, 0x82, 0x7f)).toBeNull();
	});
});
