import type { FilterReport, WeightEntry, WeightFlag, WeightReport } from '#contracts/weights.ts';
import { counted, formatted, percent } from '#maths/format.ts';

/** What stands out in a weight, by itself and beside the others. */

/** Shares of zeros, fourth moments and sizes from which a kernel stands out. */
const ZEROS = 0.5;
const TAILS = 30;
const HUGE = 10;
/** Share of the median norm below which a filter is weak: those that began alike never spread so far by chance. */
const WEAK = 0.2;

/** Filters that hardly say anything beside the others of their layer, the dead left out: most never pass a rectifier. */
export function weakFilters({ norms, dead }: FilterReport): number[] {
	const sorted = norms.filter(Number.isFinite).sort();
	const limit = WEAK * (sorted[sorted.length >> 1] ?? 0);
	const gone = new Set(dead);
	return [...norms.keys()].filter((i) => norms[i]! < limit && !gone.has(i));
}

/** Root mean square of the numbers. */
const rms = ({ statistics: { l2, size, nan, infinite } }: WeightReport) =>
	l2 / Math.sqrt(Math.max(1, size - nan - infinite));

/** The middle of the kernels' sizes: what a huge one is huge beside; 0 where there are too few to say. */
export function usualSize(reports: Iterable<WeightReport>): number {
	const sizes = [...reports].filter(({ kernel }) => kernel).map(rms);
	return sizes.length < 4 ? 0 : (sizes.sort((a, b) => a - b)[sizes.length >> 1] as number);
}

/** @param usual see `usualSize` */
export function weightFlags({ role }: WeightEntry, report: WeightReport, usual: number): WeightFlag[] {
	const flags: WeightFlag[] = [];
	const put = (id: WeightFlag['id'], tone: WeightFlag['tone'], text: string, help: string) =>
		flags.push({ id, tone, text, help });
	const { kernel, statistics: s, filters } = report;
	if (s.nan || s.infinite)
		put(
			'invalid',
			'error',
			`${counted(s.nan + s.infinite)} NaN or Inf`,
			`${s.nan} NaN and ${s.infinite} infinite values: everything after them is invalid.`
		);
	if (role === 'variance' && s.min < 0)
		put('variance', 'error', 'negative variance', 'A negative variance has no square root: the layer gives NaN.');
	if (!kernel) return flags;
	if (s.size > 1 && s.min === s.max)
		put('same', 'error', s.min === 0 ? 'all zero' : 'all equal', 'All values are equal: nothing was learned here.');
	else if (s.zeros / s.size > ZEROS)
		put(
			'zeros',
			'warning',
			`${percent(s.zeros / s.size)} zeros`,
			'Pruned, or never trained: more than half are exact zeros.'
		);
	if (usual && rms(report) > HUGE * usual)
		put(
			'huge',
			'warning',
			`${formatted(rms(report) / usual)} × median RMS`,
			'RMS more than ten times that of the median kernel of this model.'
		);
	if (s.kurtosis > TAILS)
		put(
			'tails',
			'warning',
			'heavy tails',
			`Excess kurtosis ${formatted(s.kurtosis)}: a few extreme outliers, which cost precision when quantised.`
		);
	if (!filters) return flags;
	const all = filters.count;
	if (filters.dead.length && filters.dead.length < all)
		put(
			'dead',
			'warning',
			`${filters.dead.length} dead of ${all}`,
			'Filters whose norm is zero, or below a ten-thousandth of the median: their output is their bias, whatever the input.'
		);
	const weak = weakFilters(filters);
	if (weak.length)
		put(
			'weak',
			'warning',
			`${weak.length} weak of ${all}`,
			'Filters whose norm is below a fifth of the median: the input hardly changes their output, and a ReLU may cut it off.'
		);
	if (filters.constant.length)
		put(
			'constant',
			'warning',
			`${filters.constant.length} constant`,
			'Filters whose values are all equal: they only average.'
		);
	// Three numbers point the same way by chance.
	if (filters.duplicated && filters.size > 3)
		put(
			'twins',
			'warning',
			`${filters.duplicated} near-duplicates`,
			'Filters with another at a cosine of at least 0.99: one of them is redundant.'
		);
	return flags;
}
