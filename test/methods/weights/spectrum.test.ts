import { beforeAll, describe, expect, it } from 'vitest';
import { QUANTILES } from '#contracts/weights.ts';
import type { TensorStats } from '#engine/tensor-stats.ts';
import { histogramOf } from '#maths/histogram.ts';
import { momentSums } from '#maths/moments.ts';
import { effectiveRank, gram, spectrumOf } from '#methods/weights/spectrum.ts';
import { weightStatistics } from '#methods/weights/statistics.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';
import { someValues } from '../../tools/weights-reference.ts';

/** Singular values and quantiles of a few numbers, worked out by hand. */

beforeAll(() => useBackend('cpu'));

describe('spectra', () => {
	it('the smaller table of products', () => {
		const values = [1, 2, 3, 4, 5, 6];
		expect(gram(values, 2, 3).to2DArray()).toEqual([[14, 32], [32, 77]]); // prettier-ignore
		expect(gram(values, 3, 2).to2DArray()).toEqual([[35, 44], [44, 56]]); // prettier-ignore
		expect(gram([0, 2, 3, 0], 2, 2).to2DArray()).toEqual([[4, 0], [0, 9]]); // prettier-ignore
	});
	it('of a diagonal matrix its numbers, largest first, with ranks and condition', () => {
		const source = {
			rows: 3,
			columns: 3,
			kind: 'exact',
			energy: 14,
			values: Float32Array.of(-1, 0, 0, 0, 3, 0, 0, 0, 2)
		} as const;
		const { values, floor, effectiveRank: rank, stableRank, condition } = spectrumOf(source);
		expectClose({ data: values }, { data: [3, 2, 1] }, { rtol: 1e-12 });
		expect(floor).toBeCloseTo(3 * Math.sqrt(3 * 2 ** -53), 15);
		expect(stableRank).toBeCloseTo(14 / 9, 12);
		expect(condition).toBeCloseTo(3, 12);
		const entropy = -[3, 2, 1].reduce((sum, s) => sum + (s / 6) * Math.log(s / 6), 0);
		expect(rank).toBeCloseTo(Math.exp(entropy), 12);
	});
	it('from a table in single precision its floor is higher; what lies below is zero', () => {
		const table = (small: number) => Float32Array.of(4, 0, 0, small);
		const floor = 2 * Math.sqrt(2 * 2 ** -24);
		const above = spectrumOf({ rows: 2, columns: 9, kind: 'gram', energy: 4, values: table((1.01 * floor) ** 2) });
		expect(above.floor).toBeCloseTo(floor, 12);
		expect(above.condition).toBeCloseTo(2 / (1.01 * floor), 0);
		const below = spectrumOf({ rows: 9, columns: 2, kind: 'gram', energy: 4, values: table((0.99 * floor) ** 2) });
		expect(below.condition).toBe(Infinity);
		expect(below.effectiveRank).toBe(1);
	});
	it('of one value, of zeros and of nothing', () => {
		const size = { rows: 2, columns: 2 };
		expect(spectrumOf({ ...size, kind: 'leading', energy: 10, values: Float32Array.of(2) })).toEqual({
			...{
				...size,
				kind: 'leading',
				values: Float64Array.of(2),
				floor: 0,
				effectiveRank: null,
				stableRank: 2.5,
				condition: null
			}
		});
		expect(spectrumOf({ ...size, kind: 'leading', energy: 0, values: Float32Array.of(0) }).stableRank).toBe(0);
		const zero = spectrumOf({ ...size, kind: 'exact', energy: 0, values: new Float32Array(4) });
		expect(zero).toMatchObject({ effectiveRank: 0, stableRank: 0, condition: Infinity });
		const none = spectrumOf({ rows: 0, columns: 4, kind: 'exact', energy: 0, values: new Float32Array() });
		expect(none).toMatchObject({ values: new Float64Array(), effectiveRank: 0, condition: Infinity, floor: 0 });
		expect(effectiveRank(Float64Array.of(1, 1, 1, 1, 0))).toBeCloseTo(4, 12);
	});
});

describe('quantiles of many numbers', () => {
	const far = (values: Float32Array): TensorStats => ({
		size: values.length,
		values: null,
		moments: (shift, scale) => Promise.resolve(momentSums(values, shift, scale)),
		histogram: (low, high, bins) => Promise.resolve(histogramOf(values, low, high, bins)),
		dispose: () => {}
	});
	it.each([
		someValues(5000, 3),
		Float32Array.from({ length: 1000 }, (_, i) => -i),
		Float32Array.of(1, 2),
		Float32Array.of(5, 5, 7, NaN)
	])('are within the error that is stated (%#)', async (values) => {
		const found = await weightStatistics(far(values));
		const sorted = [...values].filter(Number.isFinite).sort((a, b) => a - b);
		const reach = sorted.at(-1)! - sorted[0]!;
		QUANTILES.forEach((q, k) => {
			const at = q * (sorted.length - 1);
			const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
			const right = low + (at - Math.floor(at)) * (high - low);
			expect(Math.abs(found.quantiles[k]! - right)).toBeLessThanOrEqual(found.quantileError);
		});
		// Bins of 1/2048, looked at again in as many.
		expect(found.quantileError).toBeCloseTo(
			(reach * 1.002) / 2048 ** 2 + 2 ** -23 * Math.max(sorted.at(-1)!, -sorted[0]!),
			12
		);
		expect(found.histogram.counts.reduce((a, b) => a + b)).toBe(sorted.length);
		expect([found.histogram.low, found.histogram.high, found.histogram.outside]).toEqual([sorted[0], sorted.at(-1), 0]);
	});
	it('of equal numbers are that number, exactly', async () => {
		const found = await weightStatistics(far(Float32Array.of(3, 3, 3)));
		expect([...found.quantiles, found.quantileError]).toEqual([...QUANTILES.map(() => 3), 0]);
		expect(found).toMatchObject({ min: 3, max: 3, mean: 3, std: 0, l1: 9, maxAbs: 3 });
		expect(found.l2).toBeCloseTo(Math.sqrt(27), 12);
	});
	it('of none there are none', async () => {
		const found = await weightStatistics(far(Float32Array.of(NaN, -Infinity)));
		expect(found).toMatchObject({ size: 2, nan: 1, infinite: 1, zeros: 0, l1: 0, l2: 0, maxAbs: 0, quantileError: 0 });
		expect(found.quantiles).toEqual(QUANTILES.map(() => NaN));
		expect(found.histogram.counts.every((n) => n === 0)).toBe(true);
		expect(found.histogram).toMatchObject({ low: 0, high: 0, outside: 0 });
	});
});
