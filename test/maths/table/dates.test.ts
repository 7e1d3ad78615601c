import { describe, expect, it } from 'vitest';
import { isBlank, isDate, isNumber } from '#maths/table/cell-kinds.ts';
import { dateIn, dateText, isCompactDate, mayBeDate, type DateOrder } from '#maths/table/dates.ts';
import { columnNames } from '#maths/table/names.ts';
import { vectorIn } from '#maths/table/vectors.ts';

const utc = Date.UTC;

describe('dates in cells', () => {
	it.each<[string, DateOrder, number]>([
		['2024-01-31', 'ymd', utc(2024, 0, 31)],
		['2024/2/29', 'ymd', utc(2024, 1, 29)],
		['2024.12.01', 'ymd', utc(2024, 11, 1)],
		['31.01.2024', 'dmy', utc(2024, 0, 31)],
		['1/31/2024', 'mdy', utc(2024, 0, 31)],
		['01-02-68', 'dmy', utc(2068, 1, 1)],
		['01-02-69', 'mdy', utc(1969, 0, 2)],
		['2024-03', 'ymd', utc(2024, 2, 1)],
		['20240131', 'ymd', utc(2024, 0, 31)],
		['2024-01-31T12:34:56', 'ymd', utc(2024, 0, 31, 12, 34, 56)],
		['2024-01-31 12:34:56.789Z', 'ymd', utc(2024, 0, 31, 12, 34, 56, 789)],
		['2024-01-31 12:34:56,5', 'ymd', utc(2024, 0, 31, 12, 34, 56, 500)],
		['2024-01-31T23:59:59.999999999', 'ymd', utc(2024, 0, 31, 23, 59, 59, 999)],
		['2024-01-31T00:00+05:30', 'ymd', utc(2024, 0, 30, 18, 30)],
		['2024-01-31T00:00-0100', 'ymd', utc(2024, 0, 31, 1)],
		['2024-01-31 12:00 pm', 'ymd', utc(2024, 0, 31, 12)],
		['2024-01-31 12:01 AM', 'ymd', utc(2024, 0, 31, 0, 1)],
		['2024-01-31 1:05 pm', 'ymd', utc(2024, 0, 31, 13, 5)],
		['2024-01-31 11:05 am UTC', 'ymd', utc(2024, 0, 31, 11, 5)],
		['31 Jan 2024', 'ymd', utc(2024, 0, 31)],
		['31-Dec-99', 'dmy', utc(1999, 11, 31)],
		['January 31, 2024', 'mdy', utc(2024, 0, 31)],
		['sept 5 2024 10:00', 'ymd', utc(2024, 8, 5, 10)],
		['Wed, 31 Jan 2024 06:07:08 GMT', 'ymd', utc(2024, 0, 31, 6, 7, 8)],
		['Mar 4, 2024', 'dmy', utc(2024, 2, 4)],
		['0099-01-01', 'ymd', new Date('0099-01-01T00:00Z').getTime()]
	])('%s, %s', (cell, order, time) => expect(dateIn(cell, order)).toBe(time));

	it.each<[string, DateOrder]>([
		['2024-01-31', 'dmy'],
		['31.01.2024', 'ymd'],
		['1/31/2024', 'dmy'],
		['31/1/2024', 'mdy'],
		['2023-02-29', 'ymd'],
		['2024-13-01', 'ymd'],
		['2024-00-10', 'ymd'],
		['2024-04-31', 'ymd'],
		['2024-01-00', 'ymd'],
		['0000-01-01', 'ymd'],
		['2024-13', 'ymd'],
		['2024-03', 'dmy'],
		['20241301', 'ymd'],
		['20240131', 'dmy'],
		['17240131', 'ymd'],
		['2024-01/31', 'ymd'],
		['2024-01-313', 'ymd'],
		['202-01-31', 'ymd'],
		['1-1-202', 'dmy'],
		['2024-01-31 24:00', 'ymd'],
		['2024-01-31 12:60', 'ymd'],
		['2024-01-31 12:00:60', 'ymd'],
		['2024-01-31 13:00 pm', 'ymd'],
		['2024-01-31 0:30 am', 'ymd'],
		['2024-01-31 noon', 'ymd'],
		['31 Foo 2024', 'ymd'],
		['32 Jan 2024', 'ymd'],
		['1.2.3', 'dmy'],
		['words!', 'ymd']
	])('%s is none, %s', (cell, order) => expect(dateIn(cell, order)).toBeNaN());

	it('may be one only at some lengths, and eight digits are a day where they can be', () => {
		expect(
			['1.1.20', '1.1.2', `2024-01-31${' '.repeat(29)}`, `2024-01-31${' '.repeat(30)}`, 'abcdef'].map(mayBeDate)
		).toEqual([...[true, false], ...[true, false, false]]);
		expect(['20240131', '20240231', '2024013', '18000101', '21000101'].map(isCompactDate)).toEqual([
			...[true, false],
			...[false, true, false]
		]);
		expect(['20240131', '2024-01-31', '1/2/2024', 'x'].map(isDate)).toEqual([false, true, true, false]);
	});

	it('are written back', () => {
		expect(dateText(utc(2024, 0, 31), true)).toBe('2024-01-31');
		expect(dateText(utc(2024, 0, 31, 1, 2, 3), false)).toBe('2024-01-31T01:02:03Z');
		expect(dateText(utc(2024, 0, 31, 1, 2, 3, 4), false)).toBe('2024-01-31T01:02:03.004Z');
		expect([dateText(NaN, true), dateText(8.64e15 + 1, true), dateText(-8.64e15 - 1, true)]).toEqual(['', '', '']);
		expect(dateText(8.64e15, false)).toBe('+275760-09-13T00:00:00Z');
	});
});

describe('cells', () => {
	it('are numbers, or say nothing', () => {
		expect([' 1.5 ', '1,5', '12 %', '0x1F', '€ 3'].every(isNumber)).toBe(true);
		expect(['', 'x', '1.2.3', 'NaN'].some(isNumber)).toBe(false);
		expect([' ', 'NA', '-', 'n.a.', ' null '].every(isBlank)).toBe(true);
		expect(['0', 'no'].some(isBlank)).toBe(false);
	});
	it('may hold lists of numbers', () => {
		const list = (cell: string) => {
			const found = vectorIn(cell);
			return found && [...found];
		};
		expect(list('[1, 2.5,-3]')).toEqual([1, 2.5, -3]);
		expect(list('[ 1  2\n3 ]')).toEqual([1, 2, 3]);
		expect(list('[1, 2, ]')).toEqual([1, 2]);
		expect(list('[1, , nan, None]')).toEqual([1, NaN, NaN, NaN]);
		expect(['[]', '[1', '1]', '[[1]]', '[1, x]', '', '[a]'].map(list)).toEqual(Array(7).fill(null));
		expect(list('[7]')).toEqual([7]);
	});
	it('of a header are names, none empty and none twice', () => {
		expect(columnNames(['a', ' a ', 'a', 'b\n c', '', 'column 5', ''])).toEqual([
			...['a', 'a (2)', 'a (3)', 'b c'],
			...['column 5 (2)', 'column 5', 'column 7']
		]);
		expect(columnNames(['a', 'a (2)', 'a'])).toEqual(['a', 'a (2)', 'a (3)']);
		expect(columnNames(['x'.repeat(99)])[0]).toHaveLength(80);
	});
});
