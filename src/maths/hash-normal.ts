/** Noise that depends on its index alone: a counter-based generator, the same here and in the shader. */

/** PCG-RXS-M-XS 32 (O'Neill 2014, as Jarzynski & Olano 2020 recommend it for GPUs). */
export function pcg(value: number): number {
	const state = (Math.imul(value, 747796405) + 2891336453) >>> 0;
	const word = Math.imul(((state >>> ((state >>> 28) + 4)) ^ state) >>> 0, 277803737) >>> 0;
	return ((word >>> 22) ^ word) >>> 0;
}

/** The hash of (seed, sample, cell, draw): 32 bits. */
export function hash(seed: number, sample: number, cell: number, draw: number): number {
	return pcg((pcg((pcg((pcg(seed >>> 0) + sample) >>> 0) + cell) >>> 0) + draw) >>> 0);
}

/** Half a step inside (0, 1). The upper 24 bits, which float32 holds exactly. */
const uniform = (bits: number) => ((bits >>> 8) + 0.5) / 16777216;

/** One standard normal number per cell (Box & Muller 1958). */
export function hashNormal(seed: number, sample: number, cell: number): number {
	const radius = Math.sqrt(-2 * Math.log(uniform(hash(seed, sample, cell, 0))));
	return radius * Math.cos(2 * Math.PI * uniform(hash(seed, sample, cell, 1)));
}
