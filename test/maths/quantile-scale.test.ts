import { describe, expect, it } from 'vitest';
import { quantileScale } from '#maths/quantile-scale.ts';

describe('a scale by shares', () => {
	it('puts a value where the share of those below is', () => {
		const { low, median, high, at } = quantileScale([4, 0, 3, 1, 2]);
		expect([low, median, high]).toEqual([0, 2, 4]);
		expect([0, 1, 2, 3, 4].map(at)).toEqual([0, 0.25, 0.5, 0.75, 1].map((v) => expect.closeTo(v, 12) as number));
		// Between two values a whole one lies below, and the ends are 0.1 and 0.9 of five.
		expect(at(0.5)).toBeCloseTo(0.125, 12);
		expect([-7, 9, NaN].map(at)).toEqual([0, 1, NaN]);
	});

	it('counts those that are equal by half', () => {
		const { at } = quantileScale([0, 0, 1, 1, 1, 1, 4, 4]);
		// Below 1 are two and half of four, less half of the two at the end: 3 of 6.
		expect(at(1)).toBeCloseTo(0.5, 12);
		expect(at(2)).toBeCloseTo((6 - 1) / 6, 12);
	});

	it('tells steps of a thousandth apart, to the nearest', () => {
		const { at } = quantileScale([0, 512, 1024]);
		expect(at(511.4)).toBeCloseTo((1 - 0.5) / 2, 12);
		expect(at(511.6)).toBe(0.5);
		expect(at(512.4)).toBe(0.5);
		expect(at(512.6)).toBeCloseTo((2 - 0.5) / 2, 12);
		expect(at(0.6)).toBeCloseTo(0.25, 12);
		expect(at(1023.4)).toBeCloseTo(0.75, 12);
	});

	it('leaves out what is no number, and has a position for one value and for none', () => {
		expect(quantileScale([NaN, Infinity, 1, 3, -Infinity])).toMatchObject({ low: 1, high: 3, median: 3 });
		const one = quantileScale([3, 3]);
		expect(one).toMatchObject({ low: 3, high: 4, median: 3 });
		expect([one.at(2), one.at(3)]).toEqual([0, 0]);
		const none = quantileScale([]);
		expect(none).toMatchObject({ low: 0, high: 1, median: NaN });
		expect(none.at(0.5)).toBe(0);
	});

	it('looks at 50,000 of more, evenly', () => {
		const { low, high, median, at } = quantileScale(Float64Array.from({ length: 1e5 }, (_, i) => (i % 2 ? -1e9 : i)));
		expect([low, high, median]).toEqual([0, 99_998, 50_000]);
		expect(at(24_999)).toBeCloseTo(0.25, 3);
	});
});
