/**
 * @param values [planes, pixels], row-major
 * @returns the plane with the largest value at each pixel; the first of equals
 */
export function labelsOf(values: ArrayLike<number>, planes: number, pixels: number): Uint8Array {
	const labels = new Uint8Array(pixels);
	for (let i = 0; i < pixels; i++) {
		let best = values[i] as number;
		for (let p = 1; p < planes; p++) {
			const value = values[p * pixels + i] as number;
			if (value > best) {
				best = value;
				labels[i] = p;
			}
		}
	}
	return labels;
}
