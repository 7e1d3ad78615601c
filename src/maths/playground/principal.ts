import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { labelled, scaledPoints, type LabelKind, type Table, type TablePoints } from '#maths/playground/table.ts';

/** Tables of more than two columns of numbers, seen along the two directions in which they differ most (Pearson 1901). */

/** More would take the page too long. */
export const MAX_PRINCIPAL_COLUMNS = 50;

export interface Component {
	/** Share of the variance of all standardised columns. */
	share: number;
	/** Of each column, in the order given; of length 1, the largest positive. */
	loadings: readonly number[];
}

export interface PrincipalPoints extends TablePoints {
	components: readonly [Component, Component];
	/** Columns that are the same in all rows: they tell nothing. */
	constant: readonly number[];
}

/**
 * Each column brought to mean 0 and std 1, so that units do not matter; then its first two principal components.
 * @returns a sentence where it cannot be
 */
export function principalPoints(
	table: Table,
	columns: readonly number[],
	label: number,
	kind: LabelKind
): PrincipalPoints | string {
	const found = labelled(table, columns, label, kind);
	if (typeof found === 'string') return found;
	const n = found.rows.length;
	const standard = columns.map((c) => standardised(found.rows.map((row) => Number(row[c]))));
	if (standard.some((values) => values?.some((value) => !Number.isFinite(value))))
		return 'The numbers are too far apart.';
	const telling = standard.flatMap((values, i) => (values ? [{ values, column: i }] : []));
	if (telling.length < 2) return 'At least two columns must differ between the rows.';
	const covariance = telling.map((one) => telling.map((other) => product(one.values, other.values) / n));
	const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(covariance), {
		assumeSymmetric: true
	});
	const order = realEigenvalues.map((_, k) => k).sort((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0));
	const component = (k: number) => {
		const vector = eigenvectorMatrix.getColumn(order[k] as number);
		const top = vector.reduce((best, v) => (Math.abs(v) > Math.abs(best) ? v : best), 0);
		const loadings = columns.map(() => 0);
		for (const [i, { column }] of telling.entries()) loadings[column] = (vector[i] as number) * (top < 0 ? -1 : 1);
		// The trace is the number of columns: each has variance 1.
		return { share: Math.max(0, realEigenvalues[order[k] as number] as number) / telling.length, loadings };
	};
	const components = [component(0), component(1)] as const;
	const scores = ({ loadings }: Component) =>
		Array.from({ length: n }, (_, i) =>
			telling.reduce((sum, { values, column }) => sum + (loadings[column] as number) * (values[i] as number), 0)
		);
	const points = scaledPoints(found, scores(components[0]), scores(components[1]));
	if (typeof points === 'string') return points;
	return { ...points, components, constant: columns.filter((_, i) => !standard[i]) };
}

const product = (a: readonly number[], b: readonly number[]) =>
	a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

/** Null for a column that does not change. */
function standardised(values: readonly number[]): number[] | null {
	const mean = values.reduce((sum, value) => sum + value / values.length, 0);
	const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0));
	return std > 1e-12 * Math.abs(mean) ? values.map((value) => (value - mean) / std) : null;
}

/** The columns that a component is made of most, with their loadings. */
export const strongest = ({ loadings }: Component, names: readonly string[], max = 3): string[] =>
	loadings
		.map((loading, i) => ({ loading, name: names[i] ?? '' }))
		.sort((a, b) => Math.abs(b.loading) - Math.abs(a.loading))
		.slice(0, max)
		.filter(({ loading }) => loading !== 0)
		.map(({ loading, name }) => `${loading < 0 ? '−' : ''}${Math.abs(loading).toFixed(2)} ${name}`);
