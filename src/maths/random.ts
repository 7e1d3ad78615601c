import { hash } from '#maths/hash-normal.ts';

/** The one type of seeded random numbers in sequence, for data, weights and orders as for maps. */
export interface Random {
	/** 32 bits. */
	bits(): number;
	/** A whole number below `end`. */
	below(end: number): number;
	/** Uniform in (0, 1), 24 bits. */
	uniform(): number;
	between(low: number, high: number): number;
	/** Standard normal (Box & Muller 1958). */
	normal(): number;
}

/** What random numbers are for: streams with the same seed and another use are independent. */
export const USES = {
	data: 1,
	split: 2,
	weights: 3,
	order: 4,
	dropout: 5,
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

function drawn(bits: () => number): Random {
	const uniform = () => ((bits() >>> 8) + 0.5) / 16777216;
	return {
		bits,
		below: (end) => Math.floor(bits() * (end / 4294967296)),
		uniform,
		between: (low, high) => low + (high - low) * uniform(),
		normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
	};
}

/** A stream whose n-th number is the hash of its index; `part` tells streams of one use apart (the epoch, say). */
export function stream(seed: number, use: Use, part = 0): Random {
	let cell = 0;
	return drawn(() => hash(seed, USES[use], part, cell++));
}

/** A faster one, for millions of numbers: xorshift32 (Marsaglia 2003), begun from a hash. */
export function fastStream(seed: number, use: Use, part = 0): Random {
	let state = hash(seed, USES[use], part, 0) || 1;
	return drawn(() => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return state >>> 0;
	});
}

/** Shuffles in place (Fisher & Yates). */
export function shuffle<T extends { length: number; [index: number]: number }>(values: T, { uniform }: Random): T {
	for (let i = values.length - 1; i > 0; i--) {
		const j = Math.floor(uniform() * (i + 1));
		const kept = values[i] as number;
		values[i] = values[j] as number;
		values[j] = kept;
	}
	return values;
}

/** `size` different whole numbers below `count`, ascending; all of them where there are no more. */
export function sample(count: number, size: number, seed: number): Int32Array {
	const all = new Int32Array(count);
	for (let i = 0; i < count; i++) all[i] = i;
	if (size >= count) return all;
	const { below } = fastStream(seed, 'sample');
	for (let i = 0; i < size; i++) {
		const j = i + below(count - i);
		[all[i], all[j]] = [all[j] as number, all[i] as number];
	}
	return all.slice(0, size).sort();
}
