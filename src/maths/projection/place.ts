import { placeInTable } from '#maths/projection/curve.ts';
import { memberships, smoothed } from '#maths/projection/fuzzy-graph.ts';
import { fastStream } from '#maths/random.ts';
import type { Job, Neighbours } from '#maths/projection/rows.ts';
import type { LayoutOptions } from '#maths/projection/umap-layout.ts';

/** New rows in a finished map, as umap-learn's transform: pulled by their neighbours, pushed by others; the map stays. */

const CLIP = 4;

/** Among its neighbours, each as near as it belongs to them: where a new row begins. */
export function weightedMeans(
	{ k, indices }: Neighbours,
	weights: ArrayLike<number>,
	map: Float32Array,
	dimensions: number
) {
	const count = k ? indices.length / k : 0;
	const out = new Float32Array(count * dimensions);
	for (let i = 0; i < count; i++) {
		let sum = 0;
		for (let at = i * k; at < (i + 1) * k; at++) sum += weights[at] as number;
		for (let at = i * k; at < (i + 1) * k; at++)
			for (let d = 0; d < dimensions; d++)
				out[i * dimensions + d]! +=
					(sum ? (weights[at] as number) / sum : 1 / k) * (map[(indices[at] as number) * dimensions + d] as number);
	}
	return out;
}

/** @param neighbours of the new rows among those of the map @returns new rows x dimensions */
export function* placed(neighbours: Neighbours, map: Float32Array, options: LayoutOptions): Job<Float32Array> {
	const { dimensions, epochs } = options;
	const { k } = neighbours;
	const weights = yield* memberships(neighbours, yield* smoothed(neighbours, 0));
	const positions = weightedMeans(neighbours, weights, map, dimensions);
	const count = positions.length / dimensions;
	const most = weights.reduce((most, weight) => Math.max(most, weight), 0);
	for (let i = 0; i < count; i++) {
		const own = positions.subarray(i * dimensions, (i + 1) * dimensions);
		const near = neighbours.indices.subarray(i * k, (i + 1) * k);
		const rates = weights.subarray(i * k, (i + 1) * k).map((weight) => (weight < most / epochs ? 0 : weight / most));
		settle(own, near, rates, map, options, i);
		yield { done: (i + 1) / count };
	}
	return positions;
}

function settle(
	own: Float32Array,
	near: Int32Array,
	rates: Float64Array,
	map: Float32Array,
	{ dimensions, epochs, negatives, rate, seed, table }: LayoutOptions,
	part: number
): void {
	const { below } = fastStream(seed, 'layout', part + 1);
	const count = map.length / dimensions;
	const step = (other: number, alpha: number, push: 0 | 1) => {
		let square = 0;
		for (let d = 0; d < dimensions; d++) square += ((own[d] as number) - (map[other * dimensions + d] as number)) ** 2;
		if (!(square > 0)) return;
		const factor = table.factors[2 * placeInTable(table, square) + push] as number;
		for (let d = 0; d < dimensions; d++) {
			const by = factor * ((own[d] as number) - (map[other * dimensions + d] as number));
			own[d]! += alpha * Math.min(CLIP, Math.max(-CLIP, by));
		}
	};
	for (let epoch = 0; epoch < epochs; epoch++) {
		const alpha = rate * (1 - epoch / epochs);
		for (const [n, share] of rates.entries()) {
			if (Math.floor((epoch + 1) * share) === Math.floor(epoch * share)) continue;
			step(near[n] as number, alpha, 0);
			for (let push = 0; push < negatives; push++) step(below(count), alpha, 1);
		}
	}
}
