import { finiteRange } from '#maths/finite-range.ts';

const BINS = 4096;

/**
 * The indices of the `count` largest values, ascending; of equals, those that come first. Only values near the limit are sorted,
 * so that a million take no longer than a look at each. What is not a finite number is never among them.
 */
export function topK(values: ArrayLike<number>, count: number): Int32Array<ArrayBuffer> {
	const [low, high] = finiteRange(values);
	const factor = high > low ? (BINS - 1) / (high - low) : 0;
	const counts = new Uint32Array(BINS);
	const bin = (v: number) => (Number.isFinite(v) ? Math.floor((v - low) * factor) : -1);
	for (let i = 0; i < values.length; i++) {
		const b = bin(values[i]!);
		if (b >= 0) counts[b]!++;
	}
	let [limit, above] = [BINS - 1, 0];
	while (limit > 0 && above + counts[limit]! < count) above += counts[limit--]!;
	const edge: number[] = [];
	for (let i = 0; i < values.length; i++) if (bin(values[i]!) === limit) edge.push(i);
	edge.sort((a, b) => values[b]! - values[a]! || a - b);
	const taken = new Set(edge.slice(0, Math.max(0, count - above)));
	const out = new Int32Array(above + taken.size);
	for (let i = 0, next = 0; next < out.length; i++) {
		const b = bin(values[i]!);
		if (b > limit || (b === limit && taken.has(i))) out[next++] = i;
	}
	return out;
}
