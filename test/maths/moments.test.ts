import { describe, expect, it } from 'vitest';
import { binning, coarser, histogramOf } from '#maths/histogram.ts';
import { density } from '#maths/distribution.ts';
import { centralMoments, mergedMoments, momentSums, shapeOf } from '#maths/moments.ts';
import { fieldStats, quantile } from '#maths/statistics.ts';
import { filled, standardised } from '#maths/table-scaling.ts';

describe('sums of many numbers', () => {
	const sums = momentSums([3, NaN, -1, 0, Infinity, 5, NaN, -0], 1, 2);
	it('are of the finite ones, about a shift', () => {
		// u = 2 (x - 1): 4, -4, -2, 8, -2.
		expect(sums).toEqual({
			...{ finite: 5, nan: 2, infinite: 1, zeros: 2 },
			...{ min: -1, max: 5, absolute: 9 },
			sums: [4, 16 + 16 + 4 + 64 + 4, 64 - 64 - 8 + 512 - 8, 256 + 256 + 16 + 4096 + 16]
		});
	});
	it('make central moments, whatever the shift', () => {
		// 3, -1, 0, 5, 0: mean 1.4; distances 1.6, -2.4, -1.4, 3.6, -1.4.
		const moments = centralMoments(sums, 1, 2);
		expect(moments.count).toBe(5);
		expect(moments.mean).toBeCloseTo(1.4, 12);
		expect(moments.m2).toBeCloseTo((2.56 + 5.76 + 1.96 + 12.96 + 1.96) / 5, 12);
		expect(moments.m3).toBeCloseTo((4.096 - 13.824 - 2.744 + 46.656 - 2.744) / 5, 12);
		expect(moments.m4).toBeCloseTo((6.5536 + 33.1776 + 3.8416 + 167.9616 + 3.8416) / 5, 12);
		const { skewness, kurtosis } = shapeOf(moments);
		expect(skewness).toBeCloseTo(moments.m3 / moments.m2 ** 1.5, 12);
		expect(kurtosis).toBeCloseTo(moments.m4 / moments.m2 ** 2 - 3, 12);
		expect(shapeOf({ ...moments, m2: 0 })).toEqual({ skewness: NaN, kurtosis: NaN });
	});
	it('of two parts are those of the whole', () => {
		const of = (values: number[]) => centralMoments(momentSums(values, 0.5, 0.25), 0.5, 0.25);
		const [a, b] = [
			[1, 2, 4, 8, 0.5],
			[-3, 7, 7.5]
		] as const;
		const [both, whole] = [mergedMoments(of([...a]), of([...b])), of([...a, ...b])];
		for (const key of ['count', 'mean', 'm2', 'm3', 'm4'] as const) expect(both[key]).toBeCloseTo(whole[key], 10);
		const none = of([]);
		expect([mergedMoments(none, whole), mergedMoments(whole, none)]).toEqual([whole, whole]);
	});
});

describe('counts in bins', () => {
	it('hold each number, ends included, and what lies outside', () => {
		expect([...histogramOf([-1, 0, 0.9, 1, 2.5, 4, 4.1, NaN, Infinity, -Infinity, 3], 0, 4, 4)]).toEqual([
			...[1, 2, 1, 1, 2],
			1
		]);
		expect(binning(0, 4, 8)).toEqual([0, 4, 2]);
		expect(binning(1, 1, 8)).toEqual([1, 1, 0]);
		expect(binning(0, 1e-45, 8)[2]).toBe(3e38);
		expect([...histogramOf([1, 1, 2], 1, 1, 3)]).toEqual([0, 2, 0, 0, 1]);
		// 0.7 in 32 bits is below seven tenths: it stays in the bin before, as on the GPU.
		expect([...histogramOf([0.1, 0.7], 0, 1, 10)].indexOf(1, 3)).toBe(
			1 + Math.floor(Math.fround(Math.fround(0.7) * 10))
		);
	});
	it('are put together', () => expect(coarser([1, 2, 3, 4, 5, 6], 3)).toEqual([3, 7, 11]));
});

describe('densities', () => {
	it('at points that tables have', () => {
		expect(density({ kind: 'normal', std: 2 }, 2)).toBeCloseTo(0.2419707245 / 2, 9);
		expect(density({ kind: 'uniform', std: 1 }, Math.sqrt(3))).toBeCloseTo(0.2886751346, 9);
		expect(density({ kind: 'uniform', std: 1 }, 1.733)).toBe(0);
		const cut = 1 / 0.8796256610342398;
		expect(density({ kind: 'truncated', std: 1 }, 0)).toBeCloseTo(0.3989422804 / cut / 0.9544997361, 9);
		expect(density({ kind: 'truncated', std: 1 }, 1.999 * cut)).toBeGreaterThan(0);
		expect(density({ kind: 'truncated', std: 1 }, 2.001 * cut)).toBe(0);
		expect([0, -1, NaN].map((std) => density({ kind: 'normal', std }, 0))).toEqual([0, 0, 0]);
	});
});

describe('a field', () => {
	it('has sums, ends and the tail of its magnitudes', () => {
		const values = Float32Array.from({ length: 101 }, (_, i) => (i % 2 ? -i : i));
		const stats = fieldStats(values);
		expect(stats).toMatchObject({ min: -99, max: 100, sum: 50, magnitude: 5050, invalid: 0 });
		expect(stats.tail).toEqual(Array.from({ length: 11 }, (_, i) => expect.closeTo(90 + i, 6) as number));
		expect(fieldStats(Float32Array.of(NaN))).toEqual({
			...{ min: 0, max: 0, sum: 0, magnitude: 0 },
			tail: Array(11).fill(0),
			invalid: 1
		});
		expect([-1, 0, 1, 2].map((q) => quantile([1, 2, 4], q))).toEqual([1, 1, 4, 4]);
		expect(quantile([1, 2, 4], 0.75)).toBe(3);
	});
});

describe('columns', () => {
	it('of one value become zeros, however large it is, and hardly different ones do not', () => {
		const [a, b, c] = [0, 1, 2].map((k) => [
			...standardised(Float32Array.of(1e6, 1, NaN, 1e6, 1 + 2 ** -20, Infinity), 3).filter((_, i) => i % 3 === k)
		]);
		expect([a, b, c]).toEqual([
			[0, 0],
			[-1, 1],
			[0, 0]
		]);
	});
	it('are filled by their mean, or by 0 where there is none', () => {
		const { values, missing } = filled(Float32Array.of(1, NaN, 5, NaN, Infinity, 6, 3, NaN, 7), 3);
		expect([...values]).toEqual([1, 0, 5, 2, 0, 6, 3, 0, 7]);
		expect(missing).toBe(4);
	});
});
