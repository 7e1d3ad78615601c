import type { FieldStats } from '#maths/field-stats.ts';

/**
 * The statistics of a field, NaN and infinities counted and left out. Quantiles of |value| interpolate linearly
 * (Hyndman & Fan 1996, type 7).
 */
export function fieldStats(values: Float32Array): FieldStats {
	let [min, max, sum, magnitude, invalid] = [Infinity, -Infinity, 0, 0, 0];
	const magnitudes = new Float32Array(values.length);
	let count = 0;
	for (const value of values) {
		if (!Number.isFinite(value)) {
			invalid++;
			continue;
		}
		if (value < min) min = value;
		if (value > max) max = value;
		sum += value;
		magnitude += Math.abs(value);
		magnitudes[count++] = Math.abs(value);
	}
	if (!count) return { min: 0, max: 0, sum: 0, magnitude: 0, tail: Array.from({ length: 11 }, () => 0), invalid };
	const sorted = magnitudes.subarray(0, count).sort();
	const tail = Array.from({ length: 11 }, (_, i) => quantile(sorted, 0.9 + i / 100));
	return { min, max, sum, magnitude, tail, invalid };
}

/** @param sorted ascending, at least one */
export function quantile(sorted: ArrayLike<number>, q: number): number {
	const at = Math.min(1, Math.max(0, q)) * (sorted.length - 1);
	const below = Math.floor(at);
	const low = sorted[below] as number;
	const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
	return low + (at - below) * (high - low);
}
