/** Least and largest of the finite numbers; [Infinity, -Infinity] where there is none. */
export function finiteRange(values: ArrayLike<number>): [low: number, high: number] {
	let [low, high] = [Infinity, -Infinity];
	for (let i = 0; i < values.length; i++) {
		const value = values[i]!;
		if (!Number.isFinite(value)) continue;
		if (value < low) low = value;
		if (value > high) high = value;
	}
	return [low, high];
}
