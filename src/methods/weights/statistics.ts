import { BINS, QUANTILES, type WeightStatistics } from '#contracts/weights.ts';
import type { TensorStats } from '#engine/tensor-stats.ts';
import { coarser } from '#maths/histogram.ts';
import { centralMoments, shapeOf, type MomentSums } from '#maths/moments.ts';
import { quantile } from '#maths/statistics.ts';

/** Bins in which quantiles are looked for, first over all, then again within one of them. A multiple of `BINS`. */
const FINE = 2048;
/** So many widths of a bin are looked at on either side of it, as float32 rounds at its edges. */
const MARGIN = 1e-3;

/** NaN, and an empty histogram, where no number is finite. */
export async function weightStatistics(stats: TensorStats): Promise<WeightStatistics> {
	const { size } = stats;
	const first = await stats.moments(0, 1);
	const { finite, nan, infinite, zeros, min, max } = first;
	const maxAbs = Math.max(Math.abs(min), Math.abs(max));
	const counts = { size, nan, infinite, zeros };
	if (!finite) return { ...counts, ...NOTHING };
	// Three waits in all: what one engine can do at once is asked at once.
	const [spread, fine] = await Promise.all([moments(stats, first, maxAbs), stats.histogram(min, max, FINE)]);
	const std = Math.sqrt(spread.m2);
	const l2 = Math.sqrt(finite) * Math.hypot(spread.mean, std);
	const { quantiles, quantileError } = await findQuantiles(stats, first, fine);
	const histogram = { low: min, high: max, counts: coarser(Array.from(fine).slice(1, -1), BINS), outside: 0 };
	return {
		...counts,
		min,
		max,
		mean: spread.mean,
		std,
		...shapeOf(spread),
		l1: first.absolute,
		l2,
		maxAbs,
		quantiles,
		quantileError,
		histogram
	};
}

const NOTHING = {
	min: NaN,
	max: NaN,
	mean: NaN,
	std: NaN,
	skewness: NaN,
	kurtosis: NaN,
	l1: 0,
	l2: 0,
	maxAbs: 0,
	quantiles: QUANTILES.map(() => NaN),
	quantileError: 0,
	histogram: { low: 0, high: 0, counts: Array.from({ length: BINS }, () => 0), outside: 0 }
};

/** A second pass about the mean, in units of the reach, so that no power overflows and nothing cancels. */
async function moments(stats: TensorStats, first: MomentSums, maxAbs: number) {
	const { finite, min, max } = first;
	if (min === max) return { count: finite, mean: min, m2: 0, m3: 0, m4: 0 };
	let mean = first.sums[0] / finite;
	if (!Number.isFinite(mean)) {
		const { sums } = await stats.moments(0, 1 / maxAbs);
		mean = (sums[0] / finite) * maxAbs;
	}
	// As the GPU will see it.
	const shift = Math.fround(mean);
	const scale = Math.fround(1 / Math.max(max - shift, shift - min));
	return centralMoments(await stats.moments(shift, scale), shift, scale);
}

/** Few numbers are sorted; of many each quantile's bin is counted once more, in bins of its own. */
async function findQuantiles(stats: TensorStats, { finite, min, max }: MomentSums, fine: ArrayLike<number>) {
	const { values } = stats;
	if (values) {
		const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
		return { quantiles: QUANTILES.map((q) => quantile(sorted, q)), quantileError: 0 };
	}
	const width = (max - min) / FINE;
	if (!(width > 0)) return { quantiles: QUANTILES.map(() => min), quantileError: 0 };
	const ranks = QUANTILES.flatMap((q) => {
		const below = Math.floor(q * (finite - 1));
		return [below, Math.min(below + 1, finite - 1)];
	});
	const bins = [...new Set(ranks.map((rank) => binOf(fine, rank) - 1))];
	const ends = bins.map((bin) => [bin - MARGIN, bin + 1 + MARGIN].map((at) => Math.fround(min + at * width)));
	const refined = await Promise.all(ends.map(([low, high]) => stats.histogram(low as number, high as number, FINE)));
	const valueAt = (rank: number) => {
		const k = bins.indexOf(binOf(fine, rank) - 1);
		const [low, high] = ends[k] as [number, number];
		const within = binOf(refined[k] as ArrayLike<number>, rank);
		return Math.min(max, Math.max(min, low + ((within - 0.5) * (high - low)) / FINE));
	};
	const quantiles = QUANTILES.map((q) => {
		const at = q * (finite - 1);
		const below = Math.floor(at);
		const [low, high] = [valueAt(below), valueAt(Math.min(below + 1, finite - 1))];
		return low + (at - below) * (high - low);
	});
	return { quantiles, quantileError: (width * (1 + 2 * MARGIN)) / FINE + 2 ** -23 * Math.max(max, -min) };
}

/** The cell of counts that holds the number of that rank, from 0. */
function binOf(counts: ArrayLike<number>, rank: number): number {
	let seen = 0;
	for (let i = 0; i < counts.length; i++) {
		seen += counts[i] as number;
		if (seen > rank) return i;
	}
	return counts.length - 1;
}
