import papa from 'papaparse';
import { expect, it } from 'vitest';
import { csv } from '#maths/csv.ts';

it('a table written as CSV is read back cell by cell, whatever the cells hold', () => {
	const cells = ['plain', 'a,b', 'say "so"', 'two\nlines', 'two\r\nlines', 'cut\rback', '', ' blank ', 'ü', '"', '\n'];
	const table = [['name', 'value'], ...cells.map((cell, i) => [cell, i])];
	const { data, errors } = papa.parse<string[]>(csv(table), { delimiter: ',', newline: '\r\n', skipEmptyLines: true });
	expect(errors).toEqual([]);
	expect(data).toEqual(table.map((row) => row.map(String)));
	// RFC 4180: lines end in CRLF, a quotation mark within quotes is doubled.
	expect(csv([['a"b', 'c\nd']])).toBe('"a""b","c\nd"\r\n');
	expect(csv([['e\rf']])).toBe('"e\rf"\r\n');
});

it('no cell is a formula, and numbers are numbers', () => {
	expect(csv([['=1+1', '+2', '-3', '@x', '\tx', -3, 1e-7, null]])).toBe("'=1+1,'+2,'-3,'@x,'\tx,-3,1e-7,\r\n");
	expect(csv([[NaN, Infinity, -Infinity]])).toBe('NaN,Infinity,-Infinity\r\n');
});
