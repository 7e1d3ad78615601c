/** How many are NaN or infinite. By index: an iterator over a hundred million numbers takes seconds. */
export function notFinite(values: ArrayLike<number>): number {
	// A sum of zeros stays 0 as long as all are finite.
	let sum = 0;
	for (let i = 0; i < values.length; i++) sum += (values[i] as number) * 0;
	if (sum === 0) return 0;
	let count = 0;
	for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) count++;
	return count;
}
