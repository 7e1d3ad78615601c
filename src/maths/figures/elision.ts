/** Which of n neurons are drawn, when there is room for `most`: the first and the last ones. */
export function elided(n: number, most: number): { shown: number[]; gap: number; left: number } {
	if (n <= most) return { shown: Array.from({ length: n }, (_, i) => i), gap: -1, left: 0 };
	const head = Math.ceil(most / 2);
	const tail = most - head;
	const shown = [...Array.from({ length: head }, (_, i) => i), ...Array.from({ length: tail }, (_, i) => n - tail + i)];
	return { shown, gap: head, left: n - most };
}
