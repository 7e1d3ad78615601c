import { hash, pcg } from '#maths/hash-normal.ts';
import { USES } from '#maths/random.ts';

/** Which neurons are silent in a step: a function of its index alone, the same here and in the shader. */

/** The seed of the masks, from that of the playground. */
export const dropoutSeed = (seed: number) => pcg((pcg(seed >>> 0) + USES.dropout) >>> 0);

/** Share of silent neurons in 2^-24. */
export const dropoutThreshold = (share: number) => Math.floor(share * 16777216);

/**
 * @param seed from `dropoutSeed`
 * @param sample within the batch
 * @param unit counted over all layers
 */
export const silent = (seed: number, step: number, sample: number, unit: number, threshold: number) =>
	hash(seed, step, sample, unit) >>> 8 < threshold;
