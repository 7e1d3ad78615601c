import { describe, expect, it } from 'vitest';
import { hexIn, isAccountants, isHex, isTooLong, numberIn, withoutUnit } from '#maths/table/numbers.ts';

const point = (...cells: readonly string[]) => cells.map((cell) => numberIn(cell, '.'));
const comma = (...cells: readonly string[]) => cells.map((cell) => numberIn(cell, ','));
const none = (count: number) => Array<number>(count).fill(NaN);

describe('numbers in cells', () => {
	it('are those of programs, with a point or a comma', () => {
		expect(point('5', '-5', '+5', '1.5', '-.5', '+1.', '1e3', '1.5E-2', '0')).toEqual([
			5, -5, 5, 1.5, -0.5, 1, 1e3, 0.015, 0
		]);
		expect(comma('5', '-5', '+5', '1,5', '-,5', '+1,', '1e3', '1,5E-2')).toEqual([5, -5, 5, 1.5, -0.5, 1, 1e3, 0.015]);
		expect(point('1.5D+03', '2.d-1', '-.5D2')).toEqual([1500, 0.2, -50]);
		expect(point('', 'x', '-', '.', 'e5', '1e', '1e+', '1.2.3', '1.2x', 'x1', '.e5', '1e5e5')).toEqual(none(12));
		expect(comma('1,2,3', '1,x', ',e5', '1,5e', '1x,5', '1,2.3')).toEqual(none(6));
	});

	it('may be infinite, whatever it is written as', () => {
		expect(point('inf', '+Infinity', '-INF', '∞', '-1.#INF')).toEqual([
			Infinity,
			Infinity,
			-Infinity,
			Infinity,
			-Infinity
		]);
		expect(comma('inf', '-∞', '\u2212inf')).toEqual([Infinity, -Infinity, -Infinity]);
		expect(point('info', 'xinf')).toEqual(none(2));
	});

	it('may be grouped by threes, or as in India, by one mark', () => {
		expect(
			point('1,234', '12,345,678.5', '-1,234', '+1,234', '1 234', "1'234.5", '1’234', '1\u202f234\u202f567')
		).toEqual([...[1234, 12345678.5, -1234, 1234, 1234, 1234.5, 1234, 1234567]]);
		expect(comma('1.234', '12.345.678,5', '1 234,5', '-1.234e1')).toEqual([1234, 12345678.5, 1234.5, -12340]);
		expect(point('12,34,567', '1,23,45,678', '-1,00,000.5')).toEqual([1234567, 12345678, -100000.5]);
		expect(
			point('1,23', '1,2345', '1234,567', '0,123', '1,234 567', ',123', '1,,234', '1,234,', '123,45,678', '1,23,456,78')
		).toEqual(none(10));
		// In the notation of commas a point groups by threes only.
		expect(comma('12.34.567', '1,234.567')).toEqual(none(2));
		expect(point('1.234,567')).toEqual([NaN]);
	});

	it('may be below zero as accountants write it', () => {
		expect(point('(1.50)', '1.50-', '(1,234)', '\u22125', '\u22121,234.5')).toEqual([-1.5, -1.5, -1234, -5, -1234.5]);
		expect(comma('(1,50)', '1,50-')).toEqual([-1.5, -1.5]);
		expect(point('(-1)', '()', '-1-', '(1', '1)')).toEqual(none(5));
		expect(['(5)', '5-', '5', '-5', '(x)'].map(isAccountants)).toEqual([true, true, false, false, false]);
	});

	it('are hexadecimal where they begin so', () => {
		expect(['0x1F', '-0XaB', '0x', '1F', '0xg', 'x0x1'].map(isHex)).toEqual([true, true, false, false, false, false]);
	});

	it('are hexadecimal with a sign, too', () => {
		expect(['0x1F', '-0x10', '+0x10', '10'].map(hexIn)).toEqual([31, -16, 16, NaN]);
	});

	it('stand without a sign of per cent or currency', () => {
		expect(['5 %', '5%', '$5', '-$ 5', '5 €', '5', '%5'].map(withoutUnit)).toEqual([
			'5',
			'5',
			'5',
			'-5',
			'5',
			'5',
			'%5'
		]);
	});

	it('are too long where 64 bits do not hold them', () => {
		const long = ['9007199254740993', '+9007199254740993', '-9007199254740993', '9'.repeat(301)];
		expect(long.map(isTooLong)).toEqual([true, true, true, true]);
		const short = ['9007199254740992', '999999999999999', '1e400', '1.0000000000000001', `1${'0'.repeat(22)}`];
		expect(short.map(isTooLong)).toEqual([false, false, false, false, false]);
		// Beyond 300 digits nobody looks.
		expect([isTooLong((2n ** 996n).toString()), isTooLong((2n ** 1000n).toString())]).toEqual([false, true]);
	});
});
