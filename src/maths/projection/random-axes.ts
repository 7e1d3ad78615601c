import { fastStream } from '#maths/random.ts';
import type { Job, Rows } from '#maths/projection/rows.ts';

/** Axes of a random projection (Johnson & Lindenstrauss 1984): width x axes, normal, so that lengths are kept on average. */
export function randomAxes(width: number, axes: number, seed: number): Float32Array {
	const { normal } = fastStream(seed, 'axes');
	const scale = 1 / Math.sqrt(axes);
	return Float32Array.from({ length: width * axes }, () => scale * normal());
}

/** Rows that are projected between two looks at the clock. */
const SLICE = 1 << 18;

/** (values - mean) x axes: count x axes. @param axes width x `components`, row by row */
export function* projected(
	{ values, count, width }: Rows,
	axes: Float32Array | Float64Array,
	components: number,
	mean?: Float64Array
): Job<Float32Array> {
	const out = new Float32Array(count * components);
	const sum = new Float64Array(components);
	const pause = Math.max(1, Math.floor(SLICE / (width * components)));
	for (let i = 0; i < count; i++) {
		sum.fill(0);
		for (let c = 0; c < width; c++) {
			const value = (values[i * width + c] as number) - (mean ? (mean[c] as number) : 0);
			if (value === 0) continue;
			for (let a = 0, at = c * components; a < components; a++, at++)
				sum[a] = (sum[a] as number) + value * (axes[at] as number);
		}
		out.set(sum, i * components);
		if (i % pause === 0) yield { done: i / count };
	}
	return out;
}
