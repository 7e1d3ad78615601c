/** The alignment of two sequences that gains most, in order. */

/** Cells of a table beyond which none is filled: such sequences are not aligned. */
const MAX_PAIRS = 1 << 22;

/**
 * Pairs that rise in both sequences and whose gains sum to the most: dynamic programming (Needleman & Wunsch 1970) without
 * a cost for gaps. Time and memory grow with n times m.
 * @param gain of a pair; nought or less for what must not be one
 * @returns ascending
 */
export function nearestChain(
	n: number,
	m: number,
	gain: (i: number, j: number) => number
): [first: number, second: number][] {
	if (!n || !m || n * m > MAX_PAIRS) return [];
	const wide = m + 1;
	const best = new Float64Array((n + 1) * wide);
	const step = new Uint8Array((n + 1) * wide);
	for (let i = 1; i <= n; i++)
		for (let j = 1; j <= m; j++) {
			const at = i * wide + j;
			const [up, left] = [best[at - wide] as number, best[at - 1] as number];
			const own = gain(i - 1, j - 1);
			const joined = own > 0 ? (best[at - wide - 1] as number) + own : -1;
			if (joined > up && joined > left) [best[at], step[at]] = [joined, 1];
			else if (up >= left) [best[at], step[at]] = [up, 2];
			else [best[at], step[at]] = [left, 3];
		}
	const pairs: [number, number][] = [];
	for (let i = n, j = m; i > 0 && j > 0;) {
		const way = step[i * wide + j];
		if (way === 1) pairs.push([--i, --j]);
		else if (way === 2) i--;
		else j--;
	}
	return pairs.reverse();
}
