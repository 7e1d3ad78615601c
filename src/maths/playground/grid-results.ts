import type { Metrics } from '#maths/playground/spec.ts';

/** What a grid of networks came to: its cells over their seeds. */

/** One figure over the seeds of a cell; those that are no number are left out and counted. */
export interface Spread {
	mean: number;
	/** Of a sample (n - 1); 0 for a single one. */
	std: number;
	low: number;
	high: number;
	/** Seeds whose figure is no number: training diverged. */
	lost: number;
}

export function spreadOf(values: readonly number[]): Spread {
	const good = values.filter(Number.isFinite);
	const lost = values.length - good.length;
	if (!good.length) return { mean: NaN, std: NaN, low: NaN, high: NaN, lost };
	const mean = good.reduce((sum, value) => sum + value, 0) / good.length;
	const squares = good.reduce((sum, value) => sum + (value - mean) ** 2, 0);
	return {
		mean,
		std: good.length > 1 ? Math.sqrt(squares / (good.length - 1)) : 0,
		low: Math.min(...good),
		high: Math.max(...good),
		lost
	};
}

export const FIGURES = ['test-loss', 'test-accuracy', 'train-loss', 'train-accuracy'] as const;
export type Figure = (typeof FIGURES)[number];

const figureOf = ({ train, test }: Metrics, figure: Figure): number => {
	const set = figure.startsWith('test') ? test : train;
	return figure.endsWith('loss') ? set.loss : set.accuracy;
};

/** @param metrics of the networks, the seeds of a cell together */
export const cellSpreads = (metrics: readonly Metrics[], seeds: number, figure: Figure): Spread[] =>
	Array.from({ length: Math.floor(metrics.length / seeds) }, (_, cell) =>
		spreadOf(metrics.slice(cell * seeds, (cell + 1) * seeds).map((one) => figureOf(one, figure)))
	);

/** Indices of the cells, best first; those with a lost seed after all others, those without any last. */
export function ranking(spreads: readonly Spread[], descending: boolean): number[] {
	const class_ = ({ mean, lost }: Spread) => (Number.isNaN(mean) ? 2 : lost ? 1 : 0);
	const order = ({ mean }: Spread) => (Number.isNaN(mean) ? 0 : descending ? -mean : mean);
	return spreads
		.map((_, i) => i)
		.sort((a, b) => {
			const [one, other] = [spreads[a] as Spread, spreads[b] as Spread];
			// Equal ones stay as they were: sorting is stable.
			return class_(one) - class_(other) || order(one) - order(other);
		});
}

/** The best cell, and those whose mean is within the best one's standard deviation of it: chance may have put them behind. */
export function best(spreads: readonly Spread[], descending: boolean): { first: number | null; close: Set<number> } {
	const [first] = ranking(spreads, descending);
	const top = first === undefined ? undefined : spreads[first];
	if (first === undefined || !top || Number.isNaN(top.mean)) return { first: null, close: new Set() };
	const near = spreads.flatMap((one, i) =>
		i !== first && !one.lost && Math.abs(one.mean - top.mean) <= top.std ? [i] : []
	);
	return { first, close: new Set(near) };
}
