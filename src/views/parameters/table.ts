import type { WeightEntry, WeightReport } from '#contracts/weights.ts';

/** The columns of the table of weights, and the order in which its rows stand. */

interface Row {
	entry: WeightEntry;
	report: WeightReport | undefined;
	flags: number;
}

export interface Column {
	id: string;
	title: string;
	help: string;
	value: (row: Row) => number | string;
	/** Shown as a number in a column of its own. */
	shown: boolean;
}

const figure =
	(pick: (report: WeightReport) => number) =>
	({ report }: Row) =>
		report ? pick(report) : NaN;

/** Measured std divided by that of the distribution a kernel was, or may have been, drawn from; NaN without one. */
function againstDistribution({ distributions, statistics }: WeightReport): number {
	const distribution = distributions[0];
	return distribution ? statistics.std / distribution.std : NaN;
}

export const COLUMNS: readonly Column[] = [
	{ id: 'index', title: 'Weight', help: 'Order in the model', value: ({ entry }) => entry.index, shown: false },
	{ id: 'size', title: 'Parameters', help: 'Number of parameters', value: ({ entry }) => entry.size, shown: false },
	{ id: 'flags', title: 'Anomalies', help: 'Number of anomalies', value: ({ flags }) => flags, shown: false },
	{ id: 'mean', title: 'Mean', help: 'Mean', value: figure((r) => r.statistics.mean), shown: true },
	{
		// As links have it.
		id: 'deviation',
		title: 'Std',
		help: 'Standard deviation',
		value: figure((r) => r.statistics.std),
		shown: true
	},
	{ id: 'min', title: 'Min', help: 'Minimum', value: figure((r) => r.statistics.min), shown: true },
	{ id: 'max', title: 'Max', help: 'Maximum', value: figure((r) => r.statistics.max), shown: true },
	{
		id: 'zeros',
		title: 'Zeros',
		help: 'Share of exact zeros',
		value: figure((r) => r.statistics.zeros / Math.max(1, r.statistics.size)),
		shown: true
	},
	{ id: 'l2', title: 'L2', help: 'Euclidean norm', value: figure((r) => r.statistics.l2), shown: true },
	{
		id: 'kurtosis',
		title: 'Kurt.',
		help: 'Excess kurtosis: 0 for a normal distribution, large for heavy tails',
		value: figure((r) => r.statistics.kurtosis),
		shown: true
	},
	{
		id: 'law',
		title: '÷ init',
		help: 'Std relative to the initialiser: that of the file, else Glorot',
		value: figure(againstDistribution),
		shown: true
	}
];

/** @param sort `COLUMN` or `COLUMN-down` */
export function sortedRows<R extends Row>(rows: readonly R[], sort: string): R[] {
	const down = sort.endsWith('-down');
	const column = COLUMNS.find(({ id }) => id === sort.replace(/-down$/, '')) ?? (COLUMNS[0] as Column);
	const keyed = rows.map((row) => ({ row, key: column.value(row) as number }));
	// What is not known stands last, either way.
	const order = (a: number, b: number) =>
		Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : down ? b - a : a - b;
	return keyed.sort((a, b) => order(a.key, b.key) || a.row.entry.index - b.row.entry.index).map(({ row }) => row);
}
