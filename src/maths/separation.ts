/** What tells two groups of rows apart, column by column. */

export interface Separation {
	column: number;
	/** Means of the groups. */
	a: number;
	b: number;
	/** Cohen's d: the difference of the means over the pooled standard deviation; positive where `a` is larger. */
	effect: number;
}

/** Rows looked at per group. */
const MAX_GROUP_ROWS = 4000;

/**
 * @param values count x width, row by row
 * @param a,b row numbers of the groups; very large ones are sampled evenly
 * @returns the columns that differ most, at most `max` of them, by |effect|
 */
export function separation(
	values: Float32Array,
	width: number,
	a: Int32Array,
	b: Int32Array,
	max: number
): Separation[] {
	const [one, other] = [moments(values, width, a), moments(values, width, b)];
	const all = Array.from({ length: width }, (_, column): Separation => {
		const [meanA, meanB] = [one.mean[column]!, other.mean[column]!];
		const freedom = Math.max(1, one.n + other.n - 2);
		const pooled = Math.sqrt((one.squares[column]! + other.squares[column]!) / freedom);
		const difference = meanA - meanB;
		// Groups without any spread are either the same or wholly apart.
		const effect = difference === 0 ? 0 : pooled > 0 ? difference / pooled : Math.sign(difference) * Infinity;
		return { column, a: meanA, b: meanB, effect };
	});
	return all
		.filter(({ effect }) => effect !== 0)
		.sort((x, y) => Math.abs(y.effect) - Math.abs(x.effect) || x.column - y.column)
		.slice(0, max);
}

/** Means, and sums of squared distances from them, of the columns of some rows (Welford 1962). */
function moments(values: Float32Array, width: number, rows: Int32Array) {
	const mean = new Float64Array(width);
	const squares = new Float64Array(width);
	const step = Math.max(1, rows.length / MAX_GROUP_ROWS);
	let n = 0;
	for (let k = 0; k < rows.length; k += step) {
		const at = rows[Math.floor(k)]! * width;
		n++;
		for (let c = 0; c < width; c++) {
			const v = values[at + c]!;
			const d = v - mean[c]!;
			mean[c]! += d / n;
			squares[c]! += d * (v - mean[c]!);
		}
	}
	return { n, mean, squares };
}
