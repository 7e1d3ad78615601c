import type { ChartSpec } from '#contracts/chart.ts';
import type { FilterReport, Histogram, InitialDistribution, Spectrum, WeightStatistics } from '#contracts/weights.ts';
import type { SharedHistograms } from '#state/parameters/parameters.svelte.ts';
import { coarser } from '#maths/histogram.ts';
import { density } from '#maths/distribution.ts';

/** The charts of this view, as plain data. */

const indices = (n: number) => Array.from({ length: n }, (_, i) => i);

/** Ends of the bins. */
function edges({ low, high, counts }: Histogram): { from: number[]; to: number[] } {
	const width = (high - low) / counts.length || Math.max(1e-12, Math.abs(low) * 1e-3);
	const from = indices(counts.length).map((i) => low + i * width);
	return { from, to: from.map((x) => x + width) };
}

/** Points of the distribution's curve: the count that it gives a bin of this width. */
function distributionCurve(distribution: InitialDistribution, { low, high, counts }: Histogram, finite: number) {
	const width = (high - low) / counts.length;
	const reach = 4 * distribution.std;
	const [from, to] = [Math.min(low, -reach), Math.max(high, reach)];
	// Ends of a uniform distribution are points of their own, so that it falls straight.
	const ends = distribution.kind === 'uniform' ? [-1, 1].map((side) => side * Math.sqrt(3) * distribution.std) : [];
	const x = [
		...indices(241).map((i) => from + (i * (to - from)) / 240),
		...ends.flatMap((end) => [end * (1 - 1e-9), end * (1 + 1e-9)])
	].sort((a, b) => a - b);
	return { x, y: x.map((at) => finite * width * density(distribution, at)) };
}

/** Few numbers are counted in few bins. */
function shownBins(histogram: Histogram, size: number): Histogram {
	const bins = size < 100 ? 16 : size < 1000 ? 32 : size < 10_000 ? 64 : histogram.counts.length;
	return { ...histogram, counts: coarser(histogram.counts, bins) };
}

export function histogramChart(
	name: string,
	s: WeightStatistics,
	distribution: InitialDistribution | null,
	log: boolean
): ChartSpec {
	const histogram = shownBins(s.histogram, s.size);
	const { from, to } = edges(histogram);
	const curve =
		distribution && histogram.high > histogram.low
			? distributionCurve(distribution, histogram, s.size - s.nan - s.infinite)
			: null;
	return {
		title: `Histogram of ${name}`,
		x: { label: 'weight' },
		y: countAxis(log, histogram.counts),
		series: [
			{ kind: 'bars', name: 'weights', colour: 'accent', from, to, y: histogram.counts },
			...(curve && distribution
				? [{ kind: 'line' as const, name: distribution.title, colour: 'warning' as const, ...curve }]
				: []),
			{ kind: 'rule', name: 'mean', colour: 'text', x: s.mean }
		]
	};
}

export function spectrumChart(name: string, { values, floor, effectiveRank }: Spectrum): ChartSpec {
	const min = values.reduce((low, value) => (value > floor && value < low ? value : low), Infinity);
	const spans = values.length > 1 && (values[0] as number) / min > 50;
	return {
		title: `Singular values of ${name}`,
		x: { label: 'number' },
		y: { label: spans ? 'singular value, logarithmic' : 'singular value', kind: spans ? 'log' : 'linear' },
		series: [
			{ kind: 'dots', name: 'σ', colour: 'accent', x: indices(values.length).map((i) => i + 1), y: values },
			...(effectiveRank
				? [{ kind: 'rule' as const, name: 'effective rank', colour: 'warning' as const, x: effectiveRank }]
				: []),
			...(values.some((value) => value < floor)
				? [{ kind: 'rule' as const, name: 'not distinguishable from zero', colour: 'error' as const, y: floor }]
				: [])
		]
	};
}

/** Bars that can be told apart; more are drawn as a line through some of them, the first and last included. */
const BARS = 256;

export function normsChart(name: string, { norms }: FilterReport): ChartSpec {
	const sorted = Float32Array.from(norms).sort().reverse();
	const step = Math.max(1, (sorted.length - 1) / BARS);
	const some = indices(Math.min(sorted.length, BARS + 1)).map((i) => Math.round(i * step));
	const shared = { name: 'norm', colour: 'accent' } as const;
	return {
		title: `Norms of the filters of ${name}, largest first`,
		x: { label: 'filters in order of their norm' },
		y: { label: 'L2 norm' },
		series:
			sorted.length > BARS
				? [{ ...shared, kind: 'line', x: some.map((i) => i + 1), y: some.map((i) => sorted[i] as number) }]
				: [{ ...shared, kind: 'bars', from: some.map((i) => i + 0.5), to: some.map((i) => i + 1.5), y: sorted }]
	};
}

/** The end of a long name says more than its beginning. */
const shortened = (name: string) => (name.length > 28 ? `…${name.slice(-27)}` : name);

/** All counts of one axis added up. */
export function togetherChart({ names, all, low, high }: SharedHistograms, title: string, log: boolean): ChartSpec {
	const counts = Array.from(all[0]?.counts ?? [], (_, bin) =>
		all.reduce((sum, one) => sum + (one.counts[bin] as number), 0)
	);
	return {
		title,
		x: { label: `weight, of ${names.length} together`, domain: [low, high] },
		y: countAxis(log, counts),
		series: [
			{ kind: 'bars', name: 'weights', colour: 'accent', ...edges({ low, high, counts, outside: 0 }), y: counts }
		]
	};
}

/** Half a count is where logarithmic bars stand. */
const countAxis = (log: boolean, counts: readonly number[]): ChartSpec['y'] =>
	log
		? { label: 'count, logarithmic', kind: 'log', domain: [0.5, Math.max(2, ...counts)] }
		: { label: 'count', kind: 'linear' };

/** One ridge per weight, from top to bottom in their order, each as high as its fullest bin allows. */
export function ridgeChart({ names, all, low, high }: SharedHistograms, title: string): ChartSpec {
	const OVERLAP = 1.7;
	const count = names.length;
	const bins = all[0]?.counts.length ?? 1;
	const x = indices(bins).map((i) => low + ((i + 0.5) * (high - low)) / bins);
	return {
		title,
		x: { label: 'weight', domain: [low, high] },
		y: {
			label: '',
			domain: [-0.2, count - 1 + OVERLAP],
			ticks: names.map((name, i) => ({ at: count - 1 - i, label: shortened(name) }))
		},
		series: all.map(({ counts }, i) => {
			const base = count - 1 - i;
			const max = Math.max(1, ...counts);
			return {
				kind: 'area' as const,
				name: names[i] as string,
				colour: 'accent' as const,
				x,
				low: counts.map(() => base),
				high: counts.map((value) => base + (OVERLAP * value) / max)
			};
		})
	};
}
