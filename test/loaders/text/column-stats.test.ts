import { describe, expect, it } from 'vitest';
import { LIMITS } from '#contracts/data-loader.ts';
import { ColumnStats } from '#loaders/text/column-stats.ts';

const statsOf = (...cells: readonly string[]) => {
	const stats = new ColumnStats();
	cells.forEach((cell, i) => stats.push(cell, 10 + i));
	return stats;
};
/** What differs from a column of nothing. */
const changes = (...cells: readonly string[]) => {
	const [own, none] = [statsOf(...cells), new ColumnStats()];
	return Object.fromEntries(
		Object.entries(own).filter(
			([key, value]) => JSON.stringify(value) !== JSON.stringify(none[key as keyof ColumnStats])
		)
	);
};
const both = (n: number) => ({ '.': n, ',': n });

describe('what is counted of the cells of a column', () => {
	it('whole numbers: their digits, zeros in front, days, range', () => {
		expect(changes('7', '42', '-3')).toEqual({
			count: 3,
			numeric: both(3),
			digits: 0,
			low: -3,
			high: 42,
			rising: false
		});
		expect(changes('007', '042')).toMatchObject({ zeros: 2, digits: 3 });
		expect(changes('0', '10')).toMatchObject({ digits: 0 });
		expect(statsOf('0', '10').zeros).toBe(0);
		expect(changes('20240131', '20241301', '12345678')).toMatchObject({ compact: 1, digits: 8 });
		expect(changes(' 5 ')).toMatchObject({ count: 1, low: 5, digits: 1 });
	});

	it('whether they count up: 0, 1, 2 or 1, 2, 3, without a gap', () => {
		const rising = (...cells: readonly string[]) => statsOf(...cells).rising;
		expect([rising('0', '1', '2'), rising('1', '2', '3'), rising('1')]).toEqual([true, true, true]);
		expect([rising('2', '3'), rising('0', '2'), rising('1', '1'), rising('2', '1')]).toEqual(Array(4).fill(false));
		expect([rising('0', '', '1'), rising('0', 'a', '1'), rising('1', '2', '4', '5')]).toEqual(Array(3).fill(false));
		expect([rising('0', '[1, 2]', '1'), rising('0', '-', '1')]).toEqual([false, false]);
	});

	it('blank cells are no values; a word that says nothing among numbers is one among words', () => {
		expect(changes('', '  ', 'NA')).toEqual({ count: 3, blank: 3, rising: false });
		expect(changes('-', '?', '-', '5')).toMatchObject({ blank: 1, softs: 2 });
		expect(statsOf('-', '5').odd).toBeNull();
		expect(statsOf('-', '..', '-').soft).toEqual(
			new Map([
				['-', 2],
				['..', 1]
			])
		);
	});

	it('fractions, in the notation of a point or of a comma', () => {
		expect(changes('1.5', '2.25')).toMatchObject({
			numeric: { '.': 2, ',': 0 },
			only: { '.': 2, ',': 0 },
			fractions: 2
		});
		expect(changes('1,5')).toMatchObject({
			numeric: { '.': 0, ',': 1 },
			only: { '.': 0, ',': 1 },
			fractions: 1,
			low: 1.5
		});
		// One thousand and more, or one and a bit.
		expect(changes('1.234')).toMatchObject({
			numeric: both(1),
			ambiguous: { '.': 1, ',': 0 },
			fractions: 1,
			low: 1.234
		});
		expect(changes('1,234')).toMatchObject({
			numeric: both(1),
			ambiguous: { '.': 0, ',': 1 },
			fractions: 1,
			low: 1234
		});
		expect(changes('1e3')).toMatchObject({ numeric: both(1), low: 1000 });
		expect(statsOf('1e3').fractions).toBe(0);
		expect(changes('1 234')).toMatchObject({ numeric: both(1), low: 1234 });
	});

	it('units, per cents, accountants’ minus, infinity and what is too long', () => {
		expect(changes('1.5 cm', '2 cm')).toMatchObject({ measured: 2, unit: 'cm', low: 1.5, high: 2 });
		// Another unit is a word.
		expect(changes('1 cm', '2 kg')).toMatchObject({ measured: 1, unit: 'cm', odd: { text: '2 kg', line: 11 } });
		expect(changes('5 %', '$7')).toMatchObject({ units: 2, low: 5, high: 7 });
		expect(changes('(1.50)', '2-')).toMatchObject({ accountants: 2, low: -2, high: -1.5 });
		expect(changes('inf', '-inf')).toMatchObject({ infinite: 2 });
		expect(changes('9007199254740993', '9007199254740992')).toMatchObject({ tooLong: 1 });
		expect(changes('0x1F')).toMatchObject({ hex: 1, low: 31, high: 31 });
		expect(statsOf('0x1F').numeric).toEqual(both(0));
	});

	it('dates in each order that they may have', () => {
		expect(changes('2024-01-31')).toMatchObject({ dates: { ymd: 1, dmy: 0, mdy: 0 } });
		expect(changes('31/01/2024', '02/01/2024')).toMatchObject({ dates: { ymd: 0, dmy: 2, mdy: 1 } });
	});

	it('lists of numbers, the first of which says how long they are; and the first word', () => {
		expect(changes('[1, 2, 3]', '[1, 2]')).toMatchObject({ vectors: 2, vectorWidth: 3 });
		expect(changes('cat', 'dog')).toMatchObject({ odd: { text: 'cat', line: 10 } });
		expect(statsOf('5', 'x'.repeat(50)).odd).toEqual({ text: 'x'.repeat(40), line: 11 });
	});

	it('different cells, until there are more than make a category', () => {
		const cells = (n: number) => Array.from({ length: n }, (_, i) => `w${i}`);
		expect(statsOf('a', 'b', 'a', '').different).toEqual(new Set(['a', 'b']));
		expect(statsOf(...cells(LIMITS.categories)).different?.size).toBe(LIMITS.categories);
		expect(statsOf(...cells(LIMITS.categories + 1)).different).toBeNull();
		expect(statsOf(...cells(LIMITS.categories + 5)).different).toBeNull();
	});
});
