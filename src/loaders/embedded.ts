import type { DataSet } from '#contracts/data-set.ts';
import { finiteRange } from '#maths/finite-range.ts';

/** Columns of numbers side by side, as rows to embed. */

interface NumberColumn {
	name: string;
	values: ArrayLike<number>;
}

/** Beyond, 32 bits hold a column's differences too coarsely: times in seconds since 1970 would all be the same. */
const COARSE = 1e-4;

/** What is to be taken off a column so that 32 bits hold its differences; mostly 0. */
function offsetOf(values: ArrayLike<number>): number {
	const [low, high] = finiteRange(values);
	const step = 2 ** -24 * Math.max(Math.abs(low), Math.abs(high));
	return high > low && step > COARSE * (high - low) ? low : 0;
}

/** @param notes gets a sentence for each column that is brought near 0 */
export function embedded(columns: readonly NumberColumn[], count: number, notes: string[]): DataSet['rows'] {
	const width = columns.length;
	if (!width) return null;
	const values = new Float32Array(count * width);
	columns.forEach((column, k) => {
		const offset = offsetOf(column.values);
		if (offset)
			notes.push(
				`“${column.name}” is embedded as its distance from ${offset}: so far from 0 its numbers would all be the same.`
			);
		for (let i = 0; i < count; i++) values[i * width + k] = column.values[i]! - offset;
	});
	return { values, width, names: columns.map(({ name }) => name) };
}
