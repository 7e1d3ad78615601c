import { fastStream } from '#maths/random.ts';
import type { Rows } from '#maths/projection/rows.ts';

/** Data sets whose maps are known, made from a seed. */

export interface Labelled extends Rows {
	labels: Int32Array;
}

/** Clusters in a subspace, with noise in all columns. */
export function gaussianMixture(count: number, { width = 64, clusters = 10, rank = 12, seed = 1 } = {}): Labelled {
	const { normal, below } = fastStream(seed, 'sample');
	const basis = Array.from({ length: rank * width }, () => normal() / Math.sqrt(width));
	const centres = Array.from({ length: clusters * rank }, () => 4 * normal());
	const values = new Float32Array(count * width);
	const labels = Int32Array.from({ length: count }, () => below(clusters));
	for (let i = 0; i < count; i++) {
		const latent = Array.from({ length: rank }, (_, r) => (centres[labels[i]! * rank + r] as number) + normal());
		for (let c = 0; c < width; c++)
			values[i * width + c] = latent.reduce((sum, z, r) => sum + z * (basis[r * width + c] as number), 0.02 * normal());
	}
	return { values, count, width, labels };
}

/** A rolled sheet in three columns; labels are quarters of its length. */
export function swissRoll(count: number, seed = 1): Labelled {
	const { uniform, normal } = fastStream(seed, 'sample');
	const values = new Float32Array(3 * count);
	const labels = new Int32Array(count);
	for (let i = 0; i < count; i++) {
		const [t, h] = [1.5 * Math.PI * (1 + 2 * uniform()), 21 * uniform()];
		values.set([t * Math.cos(t) + 0.05 * normal(), h, t * Math.sin(t) + 0.05 * normal()], 3 * i);
		labels[i] = Math.floor((4 * (t / (1.5 * Math.PI) - 1)) / 2);
	}
	return { values, count, width: 3, labels };
}
