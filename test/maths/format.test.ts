import { describe, expect, it } from 'vitest';
import { counted, enumerated, formatted, percent, sized, toldApart, written } from '#maths/format.ts';

describe('numbers as people read them', () => {
	it.each([
		[0, '0'],
		[-0, '0'],
		[1234.5, '1230'],
		[9999, '10000'],
		[10_000, '1.0e+4'],
		[-12_345, '−1.2e+4'],
		[0.001, '0.001'],
		[0.00099, '9.9e−4'],
		[-0.5, '−0.5'],
		[3.14159, '3.14'],
		[NaN, 'NaN'],
		[Infinity, '∞'],
		[-Infinity, '−∞']
	])('%d as %s', (value, text) => expect(formatted(value)).toBe(text));

	it.each([
		[999, '999'],
		[1000, '1000'],
		[-1234.56, '−1235'],
		[12_345.6, '12,350'],
		[999_999_999, '1,000,000,000'],
		[1e9, '1.0e+9'],
		[0.25, '0.25'],
		[NaN, 'NaN']
	])('written out, %d is %s', (value, text) => expect(written(value)).toBe(text));

	it.each([
		[9999, '9,999'],
		[10_000, '10 k'],
		[999_400, '999 k'],
		[1e6, '1 M'],
		[4_253_864, '4.25 M'],
		[1e9, '1 G'],
		[2e12, '2 T'],
		[3e15, '3 P'],
		[3e18, '3000 P'],
		[Infinity, '?'],
		[NaN, '?']
	])('counted, %d is %s', (value, text) => expect(counted(value)).toBe(text));

	it.each([
		[0, '1 kB'],
		[499, '1 kB'],
		[1500, '2 kB'],
		[999_499, '999 kB'],
		[1e6, '1.0 MB'],
		[123_456_789, '123.5 MB'],
		[9_999_999_999, '10000.0 MB'],
		[1e10, '10 GB']
	])('as bytes, %d is %s', (value, text) => expect(sized(value)).toBe(text));

	it('shares and lists', () => {
		expect([percent(0.1234), percent(1), percent(NaN), percent(Infinity)]).toEqual(['12.3 %', '100.0 %', 'NaN', 'NaN']);
		expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(enumerated)).toEqual(['', 'a', 'a and b', 'a, b and c']);
	});

	it('two have as many digits as tell them apart, three more at most', () => {
		expect(toldApart(0.5, 0.6, false)).toEqual(['0.5', '0.6']);
		expect(toldApart(-1.2341, -1.2342, false)).toEqual(['−1.2341', '−1.2342']);
		expect(toldApart(1.234, 1.2341, false)).toEqual(['1.234', '1.2341']);
		expect(toldApart(1.23456, 1.23457, false)).toEqual(['1.23456', '1.23457']);
		expect(toldApart(1.234561, 1.234562, false)).toBeNull();
		expect(toldApart(0.9, 0.8, true)).toEqual(['90.0 %', '80.0 %']);
		expect(toldApart(0.99999, 0.99998, true)).toEqual(['99.999 %', '99.998 %']);
		expect(toldApart(0.9999901, 0.9999902, true)).toBeNull();
		expect(toldApart(2, 2, true)).toBeNull();
	});
});
