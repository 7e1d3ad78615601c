import type { Column, DataSet } from '#contracts/data-set.ts';
import { sample } from '#maths/random.ts';
import { filled } from '#maths/table-scaling.ts';

/** Rows and columns of the numbers that are kept to tell groups apart. */
const [ROWS, COLUMNS] = [4000, 256];

/** Some of the rows that are embedded. */
export interface SampledRows {
	items: Int32Array;
	values: Float32Array;
	width: number;
	names: readonly string[];
}

/** What this thread keeps of the data set that it has sent to the page: its columns, to be searched and counted. */
export interface Table {
	count: number;
	columns: readonly Column[];
	label: string | null;
	rows: SampledRows | null;
}

export const EMPTY: Table = { count: 0, columns: [], label: null, rows: null };

/** Texts are the same ones; numbers are copied, as they are handed over to the page. */
export function tableOf({ count, columns, label, rows }: DataSet): Table {
	const kept = columns.map((column): Column =>
		column.kind === 'number'
			? { ...column, values: column.values.slice() }
			: column.kind === 'category'
				? { ...column, codes: column.codes.slice() }
				: column
	);
	return { count, columns: kept, label, rows: rows?.names.length ? sampled(count, rows) : null };
}

function sampled(count: number, { values, width, names }: NonNullable<DataSet['rows']>): SampledRows {
	const items = sample(count, ROWS, 3);
	const wide = Math.min(COLUMNS, width);
	const own = new Float32Array(items.length * wide);
	items.forEach((item, n) => own.set(values.subarray(item * width, item * width + wide), n * wide));
	return { items, values: filled(own, wide).values, width: wide, names };
}
