import { describe, expect, it } from 'vitest';
import { boxText, wishOf } from '#state/slices/wish.ts';

const wish = (settings: Record<string, string>, tabular = false) =>
	wishOf((key, otherwise) => settings[key] ?? otherwise, tabular);

describe('what a link says of a slice', () => {
	it('is kept where it is known', () => {
		for (const plane of ['three', 'random', 'gradient', 'adversarial', 'pca', 'path'])
			expect(wish({ plane }, true).kind).toBe(plane);
		expect([wish({ plane: 'features' }, true).kind, wish({ plane: 'features' }).kind]).toEqual(['features', 'three']);
		expect([wish({ plane: 'x' }, true).kind, wish({}, true).kind]).toEqual(['features', 'features']);
		for (const baseline of ['black', 'white', 'grey', 'mean', 'blur'])
			expect(wish({ baseline }).baseline).toBe(baseline);
		expect([wish({ beside: 'noise' }).beside, wish({ beside: 'x' }).beside]).toEqual(['noise', 'gradient']);
		expect([wish({ path: '1' }).path, wish({ path: 'true' }).path, wish({}).path]).toEqual([true, false, false]);
		expect([wish({ every: '1' }).adaptive, wish({ every: '0' }).adaptive]).toEqual([false, true]);
	});

	it('has numbers within bounds', () => {
		expect(['0', '7', '2147483648', '99999999999', '-1', 'x'].map((seed) => wish({ seed }).seed)).toEqual([
			...[0, 7, 2147483647],
			...[1, 1, 1]
		]);
		expect(['32', '64', '1024', '4096', '33'].map((side) => wish({ side }).side)).toEqual([32, 64, 1024, null, null]);
		expect(wish({}).features).toEqual([0, 1]);
		expect(wish({ features: '3,0' }).features).toEqual([3, 0]);
		expect(wish({ features: '3' }).features).toEqual([0, 1]);
		expect(wish({ classes: '2,2000000' }).units).toEqual([2, 1e6]);
		expect([wish({ classes: ',2' }).units, wish({ classes: '2,x' }).units]).toEqual([null, null]);
		expect(wish({ inputs: ',a,,b,c,d' }).inputs).toEqual(['a', 'b', 'c']);
	});

	it('has a box with four ends in order', () => {
		const box = (text: string, tabular = false) =>
			wish({ box: text, ...(tabular ? { plane: 'features' } : {}) }, tabular).box;
		expect(box('0,1,2,3')).toEqual({ x1: [0, 1], x2: [2, 3] });
		for (const text of ['0,1,2', '0,1,2,3,4', '1,0,2,3', '0,1,3,2', '0,0,2,3', '0,1,2,2', '0,,2,3', '0,1,2,x'])
			expect(box(text), text).toBeNull();
		expect([box('0,1,0,1e6'), box('0,1e6,0,1')].every(Boolean)).toBe(true);
		expect([box('0,1,0,1000001'), box('0,1000001,0,1')]).toEqual([null, null]);
		expect(box('0,1,0,1000001', true)).not.toBeNull();
		expect([box('0,1,0,1e39', true), box('-3e38,3e38,0,1', true)]).toEqual([null, null]);
	});

	it('writes as many digits as keep the ends apart', () => {
		// Five digits of the width, and one more for each power of ten that the ends are larger.
		expect(boxText({ x1: [0.123456789, 1.23456789], x2: [-2 / 3, 1 / 3] })).toBe('0.123457,1.23457,-0.666667,0.333333');
		expect(boxText({ x1: [100.123456789, 101.23456789], x2: [0, 1] })).toBe('100.1235,101.2346,0,1');
		expect(
			boxText({ x1: [1, 1 + 1e-14], x2: [0, 1] })
				.split(',')
				.slice(0, 2)
				.map(Number)
		).toEqual([1, 1 + 1e-14]);
	});
});
