/** How many are NaN or infinite. By index: an iterator over a hundred million numbers takes seconds. */
export function notFinite(values: ArrayLike<number>): number {
	let count = 0;
	for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) count++;
	return count;
}
