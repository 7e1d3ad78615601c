/** Whether rows are classes written out: one 1 in each, else zeros. */

/**
 * @param values count x width, row by row
 * @returns the class of each row; null where a row is anything else, or where all are of one class
 */
export function classesOfOneHot(values: ArrayLike<number>, width: number): Int32Array<ArrayBuffer> | null {
	if (width < 2) return null;
	const codes = new Int32Array(values.length / width).fill(-1);
	for (let i = 0; i < values.length; i++) {
		const value = values[i]!;
		if (value === 0) continue;
		const row = Math.floor(i / width);
		if (value !== 1 || codes[row] !== -1) return null;
		codes[row] = i % width;
	}
	return codes.every((code) => code >= 0) && codes.some((code) => code !== codes[0]) ? codes : null;
}
