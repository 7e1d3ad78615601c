import type { Metrics } from '#contracts/playground.ts';

/** Curves as SVG paths. */

/** Whole powers of ten around values above zero. */
export function decades(values: readonly number[]): [low: number, high: number] {
	let [low, high] = [Infinity, -Infinity];
	for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
	if (!(low <= high)) return [-2, 0];
	const floor = Math.max(-9, Math.floor(Math.log10(low)));
	return [floor, Math.max(floor + 1, Math.ceil(Math.log10(high)))];
}

/** At most a low and a high for each unit of width, so that a spike stays however long the curve gets. */
export function curve(
	all: readonly Metrics[],
	x: (epoch: number) => number,
	y: (metrics: Metrics) => number,
	width: number
): string {
	const points: [number, number][] = [];
	const put = (at: number, value: number) => points.push([at, value]);
	let bucket = -1;
	let [low, high] = [Infinity, -Infinity];
	const flush = () => {
		if (low <= high) {
			put(bucket, low);
			if (high > low) put(bucket, high);
		}
		[low, high] = [Infinity, -Infinity];
	};
	const dense = all.length > 2 * width;
	for (const metrics of all) {
		const [at, value] = [x(metrics.epoch), y(metrics)];
		if (!Number.isFinite(value)) continue;
		if (!dense) put(at, value);
		else {
			if (Math.floor(at) !== bucket) flush();
			bucket = Math.floor(at);
			[low, high] = [Math.min(low, value), Math.max(high, value)];
		}
	}
	flush();
	return points.map(([at, value], i) => `${i ? 'L' : 'M'}${at.toFixed(1)} ${value.toFixed(1)}`).join('');
}

/** What is known nearest to an epoch. @param all by epoch */
export function nearest(all: readonly Metrics[], epoch: number): Metrics | undefined {
	const after = all.findIndex((metrics) => metrics.epoch >= epoch);
	if (after <= 0) return after ? all.at(-1) : all[0];
	const [a, b] = [all[after - 1] as Metrics, all[after] as Metrics];
	return epoch - a.epoch < b.epoch - epoch ? a : b;
}
