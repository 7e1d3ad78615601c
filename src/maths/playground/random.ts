import { hash } from '#maths/hash-normal.ts';

/** What a stream of random numbers is for: streams with the same seed and another use are independent. */
export const USES = { data: 1, split: 2, weights: 3, order: 4, dropout: 5 } as const;

export interface Stream {
	/** Uniform in (0, 1), 24 bits. */
	uniform(): number;
	between(low: number, high: number): number;
	/** Standard normal (Box & Muller 1958). */
	normal(): number;
}

/** A seeded stream of its own; `part` tells streams of one use apart (the epoch, say). */
export function stream(seed: number, use: keyof typeof USES, part = 0): Stream {
	let cell = 0;
	const uniform = () => ((hash(seed, USES[use], part, cell++) >>> 8) + 0.5) / 16777216;
	return {
		uniform,
		between: (low, high) => low + (high - low) * uniform(),
		normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
	};
}

/** Shuffles in place (Fisher & Yates). */
export function shuffle<T extends { length: number; [index: number]: number }>(values: T, { uniform }: Stream): T {
	for (let i = values.length - 1; i > 0; i--) {
		const j = Math.floor(uniform() * (i + 1));
		const kept = values[i] as number;
		values[i] = values[j] as number;
		values[j] = kept;
	}
	return values;
}
