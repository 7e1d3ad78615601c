import type { Graph } from '#contracts/graph.ts';
import { parseReference } from '#contracts/graph.ts';
import { QUANTILES, type WeightEntry, type WeightReport, type WeightStatistics } from '#contracts/weights.ts';
import { csv } from '#maths/csv.ts';
import { mergedMoments, shapeOf, type Moments } from '#maths/moments.ts';
import type { WeightFlag } from '#contracts/weights.ts';
import { weakFilters } from '#state/parameters/weight-flags.ts';
import { product } from '#maths/product.ts';

/** The weights of a model as a list, and what its statistics add up to. */

/** Each weight whose numbers are there once, in the order of the graph. */
export function weightEntries(graph: Graph): WeightEntry[] {
	const seen = new Set<string>();
	return graph.nodes
		.flatMap(({ id, type, weights }) =>
			weights
				.filter(({ name, missing }) => !missing && !seen.has(name) && seen.add(name))
				.map(({ name, shape, dtype, role = '', stored = '', order }) => ({
					index: 0,
					name,
					node: id,
					type,
					role,
					shape,
					size: product(shape),
					dtype,
					stored,
					...(order ? { order } : {})
				}))
		)
		.map((entry, index) => ({ ...entry, index }));
}

/** How many weights are known by name and shape only. */
export function missingWeights(graph: Graph): number {
	const missing = graph.nodes.flatMap(({ weights }) => weights.filter((weight) => weight.missing));
	return new Set(missing.map(({ name }) => name)).size;
}

/** The first weight of a node, or of what feeds it where it only activates. */
export function firstWeight(graph: Graph, node: string): string | null {
	const nodes = new Map(graph.nodes.map((one) => [one.id, one]));
	let at = nodes.get(parseReference(node)[0]);
	for (let step = 0; at && step < 4; step++) {
		const weight = at.weights.find(({ missing }) => !missing);
		if (weight) return weight.name;
		at = at.inputs.length === 1 ? nodes.get(parseReference(at.inputs[0] as string)[0]) : undefined;
	}
	return null;
}

/** Without quantiles and histogram, which do not add up. */
export type TotalStatistics = Omit<WeightStatistics, 'quantiles' | 'quantileError' | 'histogram'>;

export function totalStatistics(reports: Iterable<WeightReport>): TotalStatistics {
	let moments: Moments = { count: 0, mean: 0, m2: 0, m3: 0, m4: 0 };
	const total = { size: 0, nan: 0, infinite: 0, zeros: 0, min: Infinity, max: -Infinity, l1: 0, maxAbs: 0 };
	let square = 0;
	for (const { statistics: s } of reports) {
		for (const key of ['size', 'nan', 'infinite', 'zeros', 'l1'] as const) total[key] += s[key];
		const count = s.size - s.nan - s.infinite;
		if (!count) continue;
		total.min = Math.min(total.min, s.min);
		total.max = Math.max(total.max, s.max);
		total.maxAbs = Math.max(total.maxAbs, s.maxAbs);
		square += s.l2 ** 2;
		const m2 = s.std ** 2;
		const own = m2 ? { m2, m3: s.skewness * s.std ** 3, m4: (s.kurtosis + 3) * m2 ** 2 } : { m2: 0, m3: 0, m4: 0 };
		moments = mergedMoments(moments, { count, mean: s.mean, ...own });
	}
	return {
		...total,
		mean: moments.count ? moments.mean : NaN,
		std: Math.sqrt(moments.m2),
		...shapeOf(moments),
		l2: Math.sqrt(square)
	};
}

/** One row per weight, everything that is known of it. */
export function statisticsCsv(
	entries: readonly WeightEntry[],
	reports: ReadonlyMap<string, WeightReport>,
	flags: (entry: WeightEntry) => readonly WeightFlag[]
): string {
	const shares = QUANTILES.map((q) => `quantile ${q}`);
	const head = [
		...['weight', 'layer', 'operator', 'role', 'shape', 'dtype', 'stored as', 'count', 'nan', 'infinite', 'zeros'],
		...['min', 'max', 'mean', 'standard deviation', 'skewness', 'excess kurtosis', 'L1', 'L2', 'max magnitude'],
		...shares,
		...['quantile error', 'filters', 'dead filters', 'weak filters', 'constant filters', 'filters with a twin'],
		...['initial law', 'initial standard deviation', 'stands out']
	];
	const rows = entries.map((entry) => {
		const report = reports.get(entry.name);
		const start = [entry.name, entry.node, entry.type, entry.role, entry.shape.join(' x '), entry.dtype, entry.stored];
		if (!report) return [...start, entry.size];
		const { statistics: s, filters, distributions } = report;
		const distribution = distributions[0];
		return [
			...start,
			...[s.size, s.nan, s.infinite, s.zeros, s.min, s.max, s.mean, s.std, s.skewness, s.kurtosis],
			...[s.l1, s.l2, s.maxAbs, ...s.quantiles, s.quantileError],
			filters?.count ?? null,
			filters?.dead.length ?? null,
			filters ? weakFilters(filters).length : null,
			filters?.constant.length ?? null,
			filters?.duplicated ?? null,
			distribution?.title ?? null,
			distribution?.std ?? null,
			flags(entry)
				.map(({ text }) => text)
				.join('; ')
		];
	});
	return csv([head, ...rows]);
}
