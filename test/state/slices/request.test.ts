import { describe, expect, it } from 'vitest';
import { boxText, requestOf } from '#state/slices/request.ts';

const planeRequest = (settings: Record<string, string>, tabular = false) =>
	requestOf((key, otherwise) => settings[key] ?? otherwise, tabular);

describe('what a link says of a slice', () => {
	it('is kept where it is known', () => {
		for (const plane of ['three', 'random', 'gradient', 'adversarial', 'pca', 'path'])
			expect(planeRequest({ plane }, true).kind).toBe(plane);
		expect([planeRequest({ plane: 'features' }, true).kind, planeRequest({ plane: 'features' }).kind]).toEqual([
			'features',
			'three'
		]);
		expect([planeRequest({ plane: 'x' }, true).kind, planeRequest({}, true).kind]).toEqual(['features', 'features']);
		for (const baseline of ['black', 'white', 'grey', 'mean', 'blur'])
			expect(planeRequest({ baseline }).baseline).toBe(baseline);
		expect([planeRequest({ beside: 'noise' }).beside, planeRequest({ beside: 'x' }).beside]).toEqual([
			'noise',
			'gradient'
		]);
		expect([planeRequest({ path: '1' }).path, planeRequest({ path: 'true' }).path, planeRequest({}).path]).toEqual([
			true,
			false,
			false
		]);
		expect([planeRequest({ every: '1' }).adaptive, planeRequest({ every: '0' }).adaptive]).toEqual([false, true]);
	});

	it('has numbers within bounds', () => {
		expect(['0', '7', '2147483648', '99999999999', '-1', 'x'].map((seed) => planeRequest({ seed }).seed)).toEqual([
			...[0, 7, 2147483647],
			...[1, 1, 1]
		]);
		expect(['32', '64', '1024', '4096', '33'].map((side) => planeRequest({ side }).side)).toEqual([
			32,
			64,
			1024,
			null,
			null
		]);
		expect(planeRequest({}).features).toEqual([0, 1]);
		expect(planeRequest({ features: '3,0' }).features).toEqual([3, 0]);
		expect(planeRequest({ features: '3' }).features).toEqual([0, 1]);
		expect(planeRequest({ classes: '2,2000000' }).units).toEqual([2, 1e6]);
		expect([planeRequest({ classes: ',2' }).units, planeRequest({ classes: '2,x' }).units]).toEqual([null, null]);
		expect(planeRequest({ inputs: ',a,,b,c,d' }).inputs).toEqual(['a', 'b', 'c']);
	});

	it('has a box with four ends in order', () => {
		const box = (text: string, tabular = false) =>
			planeRequest({ box: text, ...(tabular ? { plane: 'features' } : {}) }, tabular).box;
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
