import type { FieldStats } from '#contracts/field.ts';

/**
 * Values at the ends of the colour scale: symmetric about zero where the sign means something, from the clip percentile
 * of |value|.
 */
export function scaleRange(stats: FieldStats, signed: boolean, clip: number): readonly [low: number, high: number] {
	const index = Math.round(clip - 90);
	const end = stats.tail[Math.min(10, Math.max(0, index))] ?? Math.max(Math.abs(stats.min), Math.abs(stats.max));
	// A sparse map has its percentile at zero: then its largest value is the end.
	const high = end > 0 ? end : Math.max(Math.abs(stats.min), Math.abs(stats.max));
	return signed || stats.min < 0 ? [-high, high] : [0, high];
}
