import { hash } from '#maths/hash-normal.ts';

/** Seeded random numbers in sequence. */
export interface Random {
	/** 32 bits. */
	bits(): number;
	/** A whole number below `end`. */
	below(end: number): number;
	/** Uniform in (0, 1), 24 bits. */
	uniform(): number;
	/** Standard normal (Box & Muller 1958). */
	normal(): number;
}

/** Streams of the same seed and another use are independent. */
const USES = {
	trees: 11,
	descent: 12,
	start: 13,
	axes: 14,
	layout: 15,
	sample: 16,
	triplets: 17,
	spectrum: 18
} as const;
export type Use = keyof typeof USES;

/** xorshift32 (Marsaglia 2003), begun from a hash. */
export function random(seed: number, use: Use, part = 0): Random {
	let state = hash(seed, USES[use], part, 0) || 1;
	const bits = () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return state >>> 0;
	};
	const uniform = () => ((bits() >>> 8) + 0.5) / 16777216;
	return {
		bits,
		below: (end) => Math.floor(bits() * (end / 4294967296)),
		uniform,
		normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
	};
}

/** `size` different whole numbers below `count`, ascending; all of them where there are no more. */
export function sample(count: number, size: number, seed: number): Int32Array {
	const all = new Int32Array(count);
	for (let i = 0; i < count; i++) all[i] = i;
	if (size >= count) return all;
	const { below } = random(seed, 'sample');
	for (let i = 0; i < size; i++) {
		const j = i + below(count - i);
		[all[i], all[j]] = [all[j] as number, all[i] as number];
	}
	return all.slice(0, size).sort();
}
