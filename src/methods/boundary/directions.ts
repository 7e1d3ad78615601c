import { EigenvalueDecomposition } from 'ml-matrix';
import * as tf from '#engine/tf.ts';
import { hashNormal } from '#maths/hash-normal.ts';
import type { Classifier } from '#methods/boundary/classifier.ts';
import { gram } from '#methods/weights/spectrum.ts';

/** Directions in input space. */

/** Normal noise, the same for the same seed and number on every engine. */
export const noise = (size: number, seed: number, which: number): Float64Array =>
	Float64Array.from({ length: size }, (_, i) => hashNormal(seed, which, i));

/**
 * Gradients of scores at one input, in one run: a row of the batch for each.
 * @param weights per gradient, what each class's score counts: [0, 1, -1] is the second's lead over the third
 * @returns a gradient per row of `weights`
 */
export async function scoreGradients(
	{ scores }: Classifier,
	input: tf.Tensor,
	weights: readonly (readonly number[])[]
): Promise<Float64Array[]> {
	const gradients = tf.tidy(() => {
		const rows = tf.tile(input, [weights.length, ...input.shape.slice(1).map(() => 1)]);
		const counts = tf.tensor2d(weights.map((row) => [...row]));
		return tf.grad((batch: tf.Tensor) => tf.sum(tf.mul(scores(batch), counts)))(rows);
	});
	try {
		const values = await gradients.data();
		const size = values.length / weights.length;
		return weights.map((_, k) => Float64Array.from(values.subarray(k * size, (k + 1) * size)));
	} finally {
		gradients.dispose();
	}
}

/** A row for `scoreGradients`: one class's score, or its lead over another's. */
export const scoreOfClass = (classes: number, unit: number, over: number | null = null): number[] =>
	Array.from({ length: classes }, (_, k) => Number(k === unit) - Number(k === over));

export interface Principal {
	/** The two main directions, of length one; null where the points span no plane. */
	directions: readonly [Float64Array, Float64Array] | null;
	/** Shares of the variance. */
	explained: readonly [number, number];
}

/**
 * The two main directions of some points about their mean, from the n × n table of their products (n points in many
 * dimensions: the points span at most n - 1). Each is turned so that its largest number is positive.
 */
export function principalDirections(points: readonly Float64Array[]): Principal {
	const size = points[0]?.length ?? 0;
	const mean = new Float64Array(size);
	for (const point of points) point.forEach((value, i) => (mean[i] = (mean[i] as number) + value / points.length));
	const centred = new Float64Array(points.length * size);
	points.forEach((point, n) => point.forEach((value, i) => (centred[n * size + i] = value - (mean[i] as number))));
	const table = gram(centred, points.length, size);
	const wide = points.length <= size;
	const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(table, { assumeSymmetric: true });
	const total = realEigenvalues.reduce((sum, value) => sum + Math.max(0, value), 0);
	const order = realEigenvalues
		.map((value, k) => ({ value, k }))
		.sort((a, b) => b.value - a.value)
		.slice(0, 2);
	const share = (k: number) => (total > 0 ? Math.max(0, order[k]?.value ?? 0) / total : 0);
	const explained = [share(0), share(1)] as const;
	if (order.length < 2 || !(explained[1] > 1e-10)) return { directions: null, explained };
	const directions = order.map(({ k }) => {
		const vector = eigenvectorMatrix.getColumn(k);
		const direction = new Float64Array(size);
		if (wide)
			vector.forEach((share, n) => {
				for (let i = 0; i < size; i++)
					direction[i] = (direction[i] as number) + share * (centred[n * size + i] as number);
			});
		else direction.set(vector);
		const length = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
		const peak = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
		return direction.map((value) => value / (Math.sign(peak) * length));
	}) as [Float64Array, Float64Array];
	return { directions, explained };
}
