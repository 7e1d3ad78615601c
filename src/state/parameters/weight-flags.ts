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
export const rms = ({ statistics: { l2, size, nan, infinite } }: WeightReport) =>
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
			`${counted(s.nan + s.infinite)} not finite`,
			`${s.nan} NaN and ${s.infinite} infinite numbers: whatever comes after them means nothing.`
		);
	if (role === 'variance' && s.min < 0)
		put('variance', 'error', 'negative variance', 'A variance below zero has no square root: the layer gives NaN.');
	if (!kernel) return flags;
	if (s.size > 1 && s.min === s.max)
		put('same', 'error', s.min === 0 ? 'all zero' : 'all the same', 'Every number is equal: nothing was learnt here.');
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
			`${formatted(rms(report) / usual)} × usual size`,
			'Its numbers are more than ten times as large as those of the middle kernel of this model.'
		);
	if (s.kurtosis > TAILS)
		put(
			'tails',
			'warning',
			'far outliers',
			`Excess kurtosis ${formatted(s.kurtosis)}: a few numbers lie very far out, which costs precision when quantised.`
		);
	if (!filters) return flags;
	const all = filters.count;
	if (filters.dead.length && filters.dead.length < all)
		put(
			'dead',
			'warning',
			`${filters.dead.length} dead of ${all}`,
			'Filters whose norm is zero, or below a ten-thousandth of the median: whatever the input, they answer their bias.'
		);
	const weak = weakFilters(filters);
	if (weak.length)
		put(
			'weak',
			'warning',
			`${weak.length} weak of ${all}`,
			'Filters whose norm is below a fifth of the median: the input hardly changes what they answer, and below zero a rectifier stops it.'
		);
	if (filters.constant.length)
		put(
			'constant',
			'warning',
			`${filters.constant.length} constant`,
			'Filters whose numbers are all equal: they only average.'
		);
	// Three numbers point the same way by chance.
	if (filters.duplicated && filters.size > 3)
		put(
			'twins',
			'warning',
			`${filters.duplicated} near-twins`,
			'Filters with another that points the same way (cosine at least 0.99): one of them is spare.'
		);
	return flags;
}
