/** Which of n neurons are drawn, when there is room for `max`: the first and the last ones. */
export function elided(n: number, max: number): { shown: number[]; gap: number; left: number } {
	if (n <= max) return { shown: Array.from({ length: n }, (_, i) => i), gap: -1, left: 0 };
	const head = Math.ceil(max / 2);
	const tail = max - head;
	const shown = [...Array.from({ length: head }, (_, i) => i), ...Array.from({ length: tail }, (_, i) => n - tail + i)];
	return { shown, gap: head, left: n - max };
}
