/** Columns of unlike units brought to one: each less its mean, over its standard deviation; a constant column becomes zeros. */

/** @returns a copy; what is not a number becomes the mean, that is 0 */
export function standardised(values: Float32Array, width: number): Float32Array<ArrayBuffer> {
	const out = new Float32Array(values.length);
	for (let c = 0; c < width; c++) {
		let [n, mean, squares] = [0, 0, 0];
		for (let i = c; i < values.length; i += width) {
			const v = values[i]!;
			if (!Number.isFinite(v)) continue;
			n++;
			const d = v - mean;
			mean += d / n;
			squares += d * (v - mean);
		}
		const std = Math.sqrt(squares / Math.max(1, n));
		const scale = std > 1e-12 * Math.abs(mean) ? 1 / std : 0;
		for (let i = c; i < values.length; i += width) {
			const v = values[i]!;
			out[i] = Number.isFinite(v) ? (v - mean) * scale : 0;
		}
	}
	return out;
}

/** What is not a number becomes its column's mean: a map needs a position for every row. @returns how many were filled, and the rows */
export function filled(values: Float32Array, width: number): { values: Float32Array<ArrayBuffer>; missing: number } {
	const out = values.slice();
	let missing = 0;
	for (let c = 0; c < width; c++) {
		let [n, sum] = [0, 0];
		for (let i = c; i < out.length; i += width)
			if (Number.isFinite(out[i]!)) {
				n++;
				sum += out[i]!;
			}
		if (n === out.length / width) continue;
		for (let i = c; i < out.length; i += width)
			if (!Number.isFinite(out[i]!)) {
				out[i] = n ? sum / n : 0;
				missing++;
			}
	}
	return { values: out, missing };
}
