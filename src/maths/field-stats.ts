/** What is known of a field without its values. */
export interface FieldStats {
	min: number;
	max: number;
	/** Sum and sum of magnitudes over all cells. */
	sum: number;
	magnitude: number;
	/** Quantiles of |value| at 0.90, 0.91 ... 1.00, for clipping: 11 numbers. */
	tail: readonly number[];
	/** Cells that are NaN or infinite; they count in nothing above. */
	invalid: number;
}
