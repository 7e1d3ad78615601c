import { symmetric, type Graph } from '#maths/projection/fuzzy-graph.ts';
import type { Job, Neighbours } from '#maths/projection/rows.ts';

/** Neighbours that t-SNE looks at, for a perplexity (van der Maaten 2014). */
export const neighboursFor = (perplexity: number, count: number): number =>
	Math.max(1, Math.min(count - 1, Math.ceil(3 * perplexity)));

/** How likely two rows are neighbours: symmetric, all together 1. Each row's bell has as many in it as `perplexity` says. */
export function* affinities(neighbours: Neighbours, count: number, perplexity: number): Job<Graph> {
	const { k, indices, distances } = neighbours;
	const entropy = Math.log(Math.min(perplexity, Math.max(1, k * 0.999)));
	const strengths = new Float64Array(count * k);
	const squares = new Float64Array(k);
	for (let i = 0; i < count; i++) {
		for (let n = 0; n < k; n++) squares[n] = (distances[i * k + n] as number) ** 2;
		bell(squares, entropy, strengths.subarray(i * k, (i + 1) * k));
		if (i % 256 === 255) yield { done: i / count };
	}
	return yield* symmetric(indices, strengths, count, (there, back) => (there + back) / (2 * count));
}

/** Bisection for the width at which the entropy is `target` nats. @param weights are written, with a sum of 1 */
function bell(squares: Float64Array, target: number, weights: Float64Array): void {
	const k = squares.length;
	const nearest = squares[0] ?? 0;
	let [low, high, beta] = [0, Infinity, 1 / (squares[k >> 1] || 1)];
	for (let round = 0; round < 100; round++) {
		let [sum, mean] = [0, 0];
		for (let n = 0; n < k; n++) {
			const beyond = (squares[n] as number) - nearest;
			const weight = Math.exp(-beta * beyond);
			weights[n] = weight;
			sum += weight;
			mean += beyond * weight;
		}
		const entropy = Math.log(sum) + (beta * mean) / sum;
		for (let n = 0; n < k; n++) weights[n] = (weights[n] as number) / sum;
		if (Math.abs(entropy - target) < 1e-6) break;
		if (entropy > target) low = beta;
		else high = beta;
		beta = high === Infinity ? 2 * beta : (low + high) / 2;
	}
}
