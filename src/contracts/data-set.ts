import type { Understood } from '#contracts/reading.ts';

/** A data set as the lab holds it: plain columns, and images where there are any. */

export type Column =
	/** Of dates: milliseconds since 1970 in universal time, NaN for missing ones. */
	| { kind: 'number'; name: string; values: Float32Array | Float64Array; date?: boolean }
	/** A code outside the categories, -1, is a missing one. */
	| { kind: 'category'; name: string; codes: Int32Array; categories: readonly string[] }
	| { kind: 'text'; name: string; values: readonly string[] };

export interface DataSet {
	name: string;
	count: number;
	/** What is embedded: count x width numbers, row by row; null where there are only images. */
	rows: { values: Float32Array; width: number; names: readonly string[] } | null;
	/** Encoded images, one per item; null where there are none. */
	images: readonly Blob[] | null;
	columns: readonly Column[];
	/** The column that is the label, by name; null where there is none. */
	label: string | null;
	/** What was left out, filled or understood so that one should know: a sentence each. */
	notes?: readonly string[];
	/** How a table was read, where that can be changed. */
	understood?: Understood;
}
