import { symmetric, type Graph } from '#maths/projection/fuzzy-graph.ts';
import type { Job, Neighbours } from '#maths/projection/rows.ts';

/** Neighbours that t-SNE looks at, for a perplexity (van der Maaten 2014). */
export const neighboursFor = (perplexity: number, count: number): number =>
	Math.max(1, Math.min(count - 1, Math.ceil(3 * perplexity)));

/** How likely two rows are neighbours: symmetric, all together 1. Each row's bell has as many in it as `perplexity` says. */
export function* affinities(neighbours: Neighbours, count: number, perplexity: number): Job<Graph> {
	const { k, indices, distances } = neighbours;
	const wanted = Math.log(Math.min(perplexity, Math.max(1, k * 0.999)));
	const strengths = new Float64Array(count * k);
	for (let i = 0; i < count; i++) {
		const squares = Float64Array.from(distances.subarray(i * k, (i + 1) * k), (distance) => distance * distance);
		strengths.set(bell(squares, wanted), i * k);
		if (i % 256 === 255) yield { done: i / count };
	}
	return yield* symmetric(indices, strengths, count, (there, back) => (there + back) / (2 * count));
}

/** Bisection for the width at which the entropy is `wanted` nats. */
function bell(squares: Float64Array, wanted: number): Float64Array {
	let [low, high, beta] = [0, Infinity, 1 / (squares[squares.length >> 1] || 1)];
	let weights = squares;
	const nearest = squares[0] ?? 0;
	for (let round = 0; round < 100; round++) {
		const narrow = beta;
		weights = squares.map((square) => Math.exp(-narrow * (square - nearest)));
		const sum = weights.reduce((sum, weight) => sum + weight, 0);
		const mean = squares.reduce((all, square, n) => all + (square - nearest) * (weights[n] as number), 0) / sum;
		weights = weights.map((weight) => weight / sum);
		const entropy = Math.log(sum) + narrow * mean;
		if (Math.abs(entropy - wanted) < 1e-6) break;
		if (entropy > wanted) low = beta;
		else high = beta;
		beta = high === Infinity ? 2 * beta : (low + high) / 2;
	}
	return weights;
}
