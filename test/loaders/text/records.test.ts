import { describe, expect, it } from 'vitest';
import { isRule, marksIn, opens, quotedCells } from '#loaders/text/cells.ts';
import { Records, type RowShape } from '#loaders/text/records.ts';

const SHAPE: RowShape = { width: 3, numeric: [0], comment: '#' };

/** Each record as its line and its cells; what was never closed is given at the end. */
function read(text: string, shape?: RowShape, before = 0) {
	const records = new Records(',', shape, before);
	const found = [...records.push(text.split('\n')), ...records.end()];
	return {
		rows: found.map(({ line, cells }) => [line, cells.join('|')] as const),
		letters: records.letters,
		comments: records.comments
	};
}
const rows = (text: string, shape?: RowShape) => read(text, shape).rows;

describe('records of lines', () => {
	it('are lines, blank ones and comments left out, each with its number in the file', () => {
		expect(read('1,a,b\r\n\n# note, here\n2,c,d\n  # too\n#3,e,f', SHAPE, 10)).toEqual({
			rows: [
				[11, '1|a|b'],
				[14, '2|c|d'],
				// As many cells as a row has: it is one.
				[16, '#3|e|f']
			],
			letters: [],
			comments: [13, 15]
		});
		expect(rows('# a\n1,2')).toEqual([
			[1, '# a'],
			[2, '1|2']
		]);
	});

	it('may have line ends in quoted cells, over as many lines as it takes', () => {
		expect(read('1,"a\nb\n\nc",d\r\n2,e,f', SHAPE)).toEqual({
			rows: [
				[1, '1|a\nb\n\nc|d'],
				[5, '2|e|f']
			],
			letters: [],
			comments: []
		});
		// A comment within is a part of the cell.
		expect(rows('1,"a\n# b",c', SHAPE)).toEqual([[1, '1|a\n# b|c']]);
		const pieces = new Records(',', SHAPE);
		expect(pieces.push(['1,"a'])).toEqual([]);
		expect(pieces.push(['b",c', '"2",d,e'])).toEqual([
			{ line: 1, cells: ['1', 'a\nb', 'c'] },
			{ line: 3, cells: ['2', 'd', 'e'] }
		]);
		expect(pieces.end()).toEqual([]);
	});

	it('are told apart in a run of lines with quotation marks as one by one', () => {
		const quoted = ['"1",a,"b, c"', '2,"d ""e""",f', '3,g,h'];
		const expected = [
			[1, '1|a|b, c'],
			[2, '2|d "e"|f'],
			[3, '3|g|h']
		];
		expect(rows(quoted.join('\n'), SHAPE)).toEqual(expected);
		expect(rows(`${quoted.join('\n')}\n"4",x\n5,"y",z`, SHAPE)).toEqual([...expected, [4, '4|x'], [5, '5|y|z']]);
		expect(read(`"0",a,b\n# "c"\n\n${quoted.join('\n')}`, SHAPE)).toEqual({
			rows: [[1, '0|a|b'], ...expected.map(([line, cells]) => [Number(line) + 3, cells])],
			letters: [],
			comments: [2]
		});
	});

	it('with blanks before their marks are the same in a run', () => {
		expect(rows('1, "a",c\n2, "b",d\n3,"e",f', SHAPE)).toEqual([
			[1, '1|a|c'],
			[2, '2|b|d'],
			[3, '3|e|f']
		]);
	});

	it('lose no row to a mark that is never closed: it is a letter', () => {
		expect(read('1,"a,b\n2,c,d\n3,e,f', SHAPE)).toEqual({
			rows: [
				[1, '1|"a|b'],
				[2, '2|c|d'],
				[3, '3|e|f']
			],
			letters: [1],
			comments: []
		});
		// In the middle of a cell it opens nothing.
		expect(read('1,5" pipe,b\n2,6" pipe,d', SHAPE)).toMatchObject({
			rows: [
				[1, '1|5" pipe|b'],
				[2, '2|6" pipe|d']
			],
			letters: [1, 2]
		});
		// What follows is read as if it had not been.
		expect(rows('1,5" pipe,b\n2,"c\nd",e', SHAPE)).toEqual([
			[1, '1|5" pipe|b'],
			[2, '2|c\nd|e']
		]);
		// Two marks that belong to two rows, and would swallow the rows between.
		const swallowing = ['1,"a,b', '2,c,d', '3,e,f', '4,g,h"'];
		expect(rows(swallowing.join('\n'), SHAPE)).toEqual([
			[1, '1|"a|b'],
			[2, '2|c|d'],
			[3, '3|e|f'],
			[4, '4|g|h"']
		]);
		// Of what is no row by its numbers, nothing is swallowed.
		expect(rows('1,"a\nx,c,d\ny,e,f\ng",h', SHAPE)).toEqual([[1, '1|a\nx,c,d\ny,e,f\ng|h']]);
	});

	it('nothing is swallowed by the width of two columns, and of two lines where numbers tell rows', () => {
		const two = { width: 2, numeric: [0], comment: '' };
		expect(rows('1,"a\n2,b\n3,c"', two)).toEqual([
			[1, '1|"a'],
			[2, '2|b'],
			[3, '3|c"']
		]);
		// Two lines that are rows each; without numbers, four are needed to tell.
		expect(rows('1,"a\n2,b"', two)).toEqual([
			[1, '1|"a'],
			[2, '2|b"']
		]);
		const words = { ...two, numeric: [] };
		expect(rows('x,"a\ny,b\nz,c"', words)).toEqual([[1, 'x|a\ny,b\nz,c']]);
		expect(rows('x,"a\ny,b\nz,c\nw,d"', words)).toHaveLength(4);
		// Half of what lies within are rows.
		expect(rows('1,"a\n2,b\nwords\n3,c"', two)).toHaveLength(4);
		expect(rows('1,"a\n2,b\nwords\nmore\n3,c"', two)).toEqual([[1, '1|a\n2,b\nwords\nmore\n3,c']]);
		expect(rows('"a\n1"', { ...two, width: 1 })).toEqual([[1, 'a\n1']]);
	});

	it('has given up after a thousand lines', () => {
		const long = (lines: number) => rows(`1,"a\n${'words\n'.repeat(lines - 2)}b",c`, SHAPE).length;
		expect([long(1000), long(1001)]).toEqual([1, 1001]);
	});
});

describe('cells of a record', () => {
	it('quotation marks are doubled, or behind a backslash; blanks before them are no part of the cell', () => {
		expect(quotedCells('a,"b ""c"" d",e', ',')).toEqual(['a', 'b "c" d', 'e']);
		expect(quotedCells('a,"b \\"c\\", d",e', ',')).toEqual(['a', 'b "c", d', 'e']);
		expect(quotedCells(' "a", "b, c"', ',')).toEqual(['a', 'b, c']);
		expect(quotedCells('a,"b" c', ',')).toBeNull();
		expect(quotedCells('a,"b', ',')).toBeNull();
	});
	it('between blanks', () => {
		expect(quotedCells('  a  "b c"\t"d ""e""" ', 'blanks')).toEqual(['a', 'b c', 'd "e"']);
		expect([quotedCells('a "b', 'blanks'), quotedCells('a "b"c', 'blanks'), quotedCells('a "b\nc"', 'blanks')]).toEqual(
			[...[null, null, null]]
		);
		expect(quotedCells('a  "b"', 'gaps')).toBeNull();
	});
	it('open where a cell begins', () => {
		expect([
			opens('"a",b', ','),
			opens('  "a', ','),
			opens('a,"b', ','),
			opens('a, "b', ','),
			opens('5",b', ',')
		]).toEqual([...[true, true, true, true, false]]);
		expect([opens('a "b', 'blanks'), opens('a "b', 'gaps'), opens('a "b', ';'), opens('a;"b', ';')]).toEqual([
			...[true, true, false, true]
		]);
	});
	it('marks are counted, and rules of Markdown known', () => {
		expect(['', '"', 'a"b""', 'abc'].map(marksIn)).toEqual([0, 1, 3, 0]);
		const rules = [['---', ':--'], ['', '---', ':-:', ''], ['-', '-'], ['--'], ['---', 'a'], ['-:-', '--']];
		expect(rules.map(isRule)).toEqual([true, true, false, false, false, false]);
	});
});
