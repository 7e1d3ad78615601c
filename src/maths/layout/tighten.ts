import type { Layers } from '#maths/layout/layers.ts';

/**
 * Moves what has room on its rank towards the median of its neighbours, which makes lines shorter (the sum of |dx| is least
 * at the median); bends that stand one above the other move as one, so that straight lines stay straight. The order in the
 * ranks and the gaps stay. Linear in each sweep.
 * @param x centres, changed in place
 */
export function tighten(
	{ count, nodes, rank, rows, up, down }: Layers,
	x: Float64Array,
	width: Float64Array,
	gap: (left: number, right: number) => number,
	sweeps: number
): void {
	const index = new Int32Array(count);
	for (const row of rows) for (let i = 0; i < row.length; i++) index[row[i]!] = i;
	/** The last bend of the straight run that begins here; the bends of an edge follow each other. */
	const end = Int32Array.from({ length: count }, (_, v) => v);
	const begins = new Uint8Array(count).fill(1);
	for (let v = count - 1; v > nodes; v--) {
		if (up.list[up.start[v]!] !== v - 1 || Math.abs(x[v]! - x[v - 1]!) > 1e-6) continue;
		end[v - 1] = end[v]!;
		begins[v] = 0;
	}
	const near: number[] = [];
	const move = (v: number) => {
		let [low, high] = [-Infinity, Infinity];
		near.length = 0;
		for (let m = v; m <= end[v]!; m++) {
			const row = rows[rank[m]!]!;
			const i = index[m]!;
			const [left, right] = [row[i - 1], row[i + 1]];
			if (left !== undefined) low = Math.max(low, x[left]! + (width[left]! + width[m]!) / 2 + gap(left, m));
			if (right !== undefined) high = Math.min(high, x[right]! - (width[right]! + width[m]!) / 2 - gap(m, right));
			for (const { start, list } of [up, down])
				for (let k = start[m]!; k < start[m + 1]!; k++) {
					const other = list[k]!;
					if (other < v || other > end[v]!) near.push(x[other]!);
				}
		}
		// Rounding may leave no room at all.
		if (!near.length || low >= high) return;
		near.sort((a, b) => a - b);
		const [lower, upper] = [near[(near.length - 1) >> 1]!, near[near.length >> 1]!];
		const best = Math.min(upper, Math.max(lower, x[v]!));
		const to = Math.min(high, Math.max(low, best));
		for (let m = v; m <= end[v]!; m++) x[m] = to;
	};
	for (let sweep = 0; sweep < sweeps; sweep++) {
		const back = sweep % 2 === 1;
		for (let r = 0; r < rows.length; r++) {
			const row = rows[back ? rows.length - 1 - r : r]!;
			for (let i = 0; i < row.length; i++) {
				const v = row[back ? row.length - 1 - i : i]!;
				if (begins[v]) move(v);
			}
		}
	}
}
