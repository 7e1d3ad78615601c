import type { ComparisonRow, Distance, RowDistances, WeightPair, Weighed } from '#contracts/comparison.ts';
import { holding, type Model } from '#contracts/model.ts';
import { breath } from '#engine/breath.ts';
import * as tf from '#engine/tf.ts';
import { turned } from '#methods/weights/shape.ts';
import { distanceFigures, readDistances, relativeOfAll } from '#methods/comparison/distance.ts';
import { product } from '#maths/product.ts';

/** Numbers that are compared between two reads. */
const BATCH = 1 << 22;

/**
 * Distances of the weights of all matched pairs, in the order of the rows; a tensor that several nodes share is compared
 * once. Yields what is known of the last rows.
 */
export async function* weightDistances(
	first: Model,
	second: Model,
	rows: readonly ComparisonRow[],
	signal: AbortSignal
): AsyncGenerator<Weighed> {
	const known = new Map<string, Distance>();
	const requested = [...rows.entries()].flatMap(([row, { weights }]) => {
		const pairs = weights.filter(({ comparable, shape }) => comparable && !shape.includes(0));
		return pairs.length ? [{ row, pairs }] : [];
	});
	const size = (pairs: readonly { shape: readonly number[] }[]) =>
		pairs.reduce((sum, { shape }) => sum + product(shape), 0);
	const all = requested.reduce((sum, { pairs }) => sum + size(pairs), 0);
	let [done, pending, from] = [0, 0, 0];
	const keys: string[] = [];
	const figures: tf.Tensor2D[] = [];
	try {
		for (const [k, { pairs }] of requested.entries()) {
			for (const pair of pairs) {
				const key = `${pair.first}\n${pair.second}`;
				if (known.has(key) || keys.includes(key)) continue;
				const compare = (a: tf.Tensor, b: tf.Tensor) =>
					Promise.resolve(tf.tidy(() => distanceFigures(...inOneOrder(pair, a, b))));
				figures.push(await holding(first, pair.first, (a) => holding(second, pair.second, (b) => compare(a, b))));
				keys.push(key);
			}
			pending += size(pairs);
			if (pending < BATCH && figures.length < 64 && k < requested.length - 1) continue;
			const found = await readDistances(figures.splice(0));
			keys.splice(0).forEach((key, i) => known.set(key, found[i] as Distance));
			await breath(signal);
			done += pending;
			yield {
				rows: requested.slice(from, k + 1).map((one) => distancesOf(one.row, one.pairs, known)),
				done: done / all
			};
			[pending, from] = [0, k + 1];
		}
	} finally {
		figures.forEach((tensor) => tensor.dispose());
	}
}

/** Outputs last where only one of them has them first. */
function inOneOrder(pair: WeightPair, first: tf.Tensor, second: tf.Tensor): [tf.Tensor, tf.Tensor] {
	const last = (tensor: tf.Tensor) => turned(tensor, { order: 'outputs-first', shape: tensor.shape });
	return [pair.turned === 'first' ? last(first) : first, pair.turned === 'second' ? last(second) : second];
}

function distancesOf(
	row: number,
	pairs: readonly { first: string; second: string }[],
	known: ReadonlyMap<string, Distance>
): RowDistances {
	const tensors = pairs.map(({ first, second }) => known.get(`${first}\n${second}`) as Distance);
	return { row, tensors, relative: relativeOfAll(tensors) };
}
