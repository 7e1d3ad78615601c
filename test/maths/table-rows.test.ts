import { describe, expect, it } from 'vitest';
import { arrayPixels } from '#maths/array-pixels.ts';
import { tableRows } from '#maths/table-rows.ts';

describe('rows of a table for an input', () => {
	const table = {
		columns: ['id', 'length', 'width', 'height', 'kind'],
		rows: [
			['1', '5.1', '3.5', '1.4', 'a'],
			['2', '', '3.1', '1.5', 'b'],
			['3', '6', '2.5', '4.5', 'c']
		],
		numeric: [0, 1, 2, 3]
	};

	it('are made of the columns that are measured, and named by what is left', () => {
		const found = tableRows(table, 3);
		expect(found).toMatchObject({
			count: 2,
			names: ['length', 'width', 'height'],
			words: ['kind: a', 'kind: c'],
			notes: ['Not used: “id”, “kind”.', '1 of 3 rows lack a number and are left out.']
		});
		expect(typeof found === 'string' ? [] : Array.from(found.values)).toEqual([5.1, 3.5, 1.4, 6, 2.5, 4.5]);
	});
	it('are the first columns of several more, and all of them where as many are wanted', () => {
		expect(tableRows(table, 2)).toMatchObject({ names: ['length', 'width'], count: 2 });
		expect(tableRows(table, 4)).toMatchObject({ names: ['id', 'length', 'width', 'height'] });
	});
	it('are none where columns or numbers are missing', () => {
		expect(tableRows(table, 5)).toBe('it has 4 columns of numbers');
		expect(tableRows({ ...table, numeric: [1] }, 2)).toBe('it has 1 column of numbers');
		expect(tableRows({ ...table, rows: [table.rows[1]!] }, 3)).toBe('no row has all its numbers');
	});
});

describe('an array as a picture', () => {
	const grey = (values: number[]) =>
		Array.from(arrayPixels(values, { width: 2, height: 1, channels: 1, planar: false }));
	it('has its least number black and its greatest white', () => {
		expect(grey([-80, 0])).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
		expect(grey([3, 3])).toEqual([0, 0, 0, 255, 0, 0, 0, 255]);
	});
	it('has the colours of three channels, first or last', () => {
		const last = [0, 1, 2, 3, 4, 5];
		const first = [0, 3, 1, 4, 2, 5];
		const of = (values: number[], planar: boolean) =>
			Array.from(arrayPixels(values, { width: 2, height: 1, channels: 3, planar }));
		expect(of(last, false)).toEqual([0, 51, 102, 255, 153, 204, 255, 255]);
		expect(of(first, true)).toEqual(of(last, false));
	});
	it('shows two channels by their mean', () => {
		const found = arrayPixels([0, 2, 3, 5], { width: 2, height: 1, channels: 2, planar: false });
		expect(Array.from(found)).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
	});
});
