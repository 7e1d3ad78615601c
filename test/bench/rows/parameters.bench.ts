import { expect, it } from 'vitest';
import type { BackendId } from '#contracts/compute.ts';
import { startEngine } from '#engine/device.ts';
import { tensorStats } from '#engine/tensor-stats.ts';
import * as tf from '#engine/tf.ts';
import { weightStatistics } from '#methods/weights/statistics.ts';
import { QUANTILES } from '#contracts/weights.ts';
import { histogramOf } from '#maths/histogram.ts';
import { centralMoments, momentSums } from '#maths/moments.ts';
import { quantile } from '#maths/statistics.ts';
import { median, ms, row } from '../measure.ts';
import { someValues } from '../../tools/weights-reference.ts';

/** Ten million numbers in weights like those of a convolutional network. */
const SIZES = [864, 18_432, 147_456, 589_824, 589_824, 1_179_648, 2_359_296, 2_359_296, 2_755_360];
const weights = SIZES.map((size, i) => someValues(size, i + 1));
const total = SIZES.reduce((a, b) => a + b);

/** What a page would do without an engine: typed loops in float64, and a sorted copy for the quantiles. */
function plainStatistics(values: Float32Array): number[] {
	const first = momentSums(values, 0, 1);
	const mean = first.sums[0] / first.finite;
	const { m2, m3, m4 } = centralMoments(momentSums(values, mean, 1), mean, 1);
	const counts = histogramOf(values, first.min, first.max, 128);
	const sorted = values.slice().sort();
	return [mean, m2, m3, m4, counts[1] as number, ...QUANTILES.map((q) => quantile(sorted, q))];
}

it('statistics of ten million weights, against plain JavaScript', async () => {
	expect(total).toBe(10_000_000);
	const plain = await median(3, () => Promise.resolve(weights.map(plainStatistics)));
	for (const backend of ['wasm', 'webgpu'] as const satisfies readonly BackendId[]) {
		const { device } = await startEngine(backend);
		const tensors = weights.map((values) => tf.tensor1d(values));
		const time = await median(3, async () => {
			for (const tensor of tensors) {
				const stats = await tensorStats(tensor);
				await weightStatistics(stats).finally(() => stats.dispose());
			}
		});
		row(`statistics of 10 M weights, ${backend} (${device})`, ms(time), `plain JavaScript ${ms(plain)}`, time / plain);
		tf.dispose(tensors);
	}
});
