/** A data set as the lab holds it: plain columns, and images where there are any. */

export type Column =
	| { kind: 'number'; name: string; values: Float32Array | Float64Array }
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
}
