import type { Table } from '#maths/playground/table.ts';

/** Rows of a table for a model that takes so many numbers. */
export interface TableRows {
	/** Row by row. */
	values: Float64Array;
	count: number;
	/** Names of the columns that are used. */
	names: readonly string[];
	/** What another column says of each row; null where there is none. */
	words: readonly string[] | null;
	/** What was left out, in sentences. */
	notes: readonly string[];
}

/** Columns that are counted or predicted, not measured. */
const NO_FEATURE = /^(|#|id|idx|index|row|nr|unnamed.*|label|labels|class|target|y|outcome|species|kind)$/i;

/**
 * The columns of numbers, as many as are wanted: those that are called like labels or row numbers go first, then the last.
 * @returns half a sentence where there are too few, or no row has them all
 */
export function tableRows({ columns, rows, numeric }: Table, size: number): TableRows | string {
	if (numeric.length < size)
		return `it has ${numeric.length} ${numeric.length === 1 ? 'column' : 'columns'} of numbers`;
	const features = numeric.filter((c) => !NO_FEATURE.test(columns[c]?.trim() ?? ''));
	const used = (features.length >= size ? features : numeric).slice(0, size);
	const whole = rows.filter((row) => used.every((c) => (row[c] ?? '') !== '' && Number.isFinite(Number(row[c]))));
	if (!whole.length) return 'no row has all its numbers';
	const values = Float64Array.from(whole.flatMap((row) => used.map((c) => Number(row[c]))));
	const rest = columns.map((_, c) => c).filter((c) => !used.includes(c));
	const label = rest.findLast((c) => NO_FEATURE.test(columns[c] ?? '') || !numeric.includes(c));
	const name = (c: number) => `“${columns[c] ?? c + 1}”`;
	const missing = rows.length - whole.length;
	return {
		values,
		count: whole.length,
		names: used.map((c) => columns[c] ?? ''),
		words: label === undefined ? null : whole.map((row) => `${columns[label] ?? ''}: ${row[label] ?? ''}`),
		notes: [
			...(rest.length
				? [`Not used: ${rest.slice(0, 5).map(name).join(', ')}${rest.length > 5 ? ' and more' : ''}.`]
				: []),
			...(missing ? [`${missing} of ${rows.length} rows lack a number and are left out.`] : [])
		]
	};
}
