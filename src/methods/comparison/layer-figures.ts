import type { Distance } from '#contracts/comparison.ts';
import type { AxisOrder } from '#contracts/parting.ts';
import * as tf from '#engine/tf.ts';
import { inOrderOf, type Ordering } from '#methods/comparison/axis-orders.ts';
import { distanceFigures, readDistances } from '#methods/comparison/distance.ts';

/** A few figures of layers' outputs, made where these lie: nothing else is read back. */

/** What a layer's numbers are like, in whatever order they lie. */
export interface Signature {
	size: number;
	low: number;
	high: number;
	mean: number;
	/** Root of the mean square. */
	rms: number;
}

/** [4]: min, max, mean, root of the mean square; the caller disposes. */
export function signatureFigures(values: tf.Tensor): tf.Tensor1D {
	return tf.tidy(() => {
		const flat = tf.reshape(tf.cast(values, 'float32'), [-1]);
		const maxAbs = tf.max(tf.abs(flat));
		const unit = tf.div(flat, tf.add(maxAbs, tf.cast(tf.equal(maxAbs, 0), 'float32')));
		const rms = tf.mul(maxAbs, tf.sqrt(tf.mean(tf.square(unit))));
		return tf.stack([tf.min(flat), tf.max(flat), tf.mean(flat), rms]) as tf.Tensor1D;
	});
}

/** Reads several of `signatureFigures` at once, and disposes them. @param sizes numbers of each layer */
export async function readSignatures(figures: readonly tf.Tensor1D[], sizes: readonly number[]): Promise<Signature[]> {
	if (!figures.length) return [];
	try {
		const all = tf.tidy(() => tf.stack([...figures]));
		const values = await all.data().finally(() => all.dispose());
		return sizes.map((size, i) => {
			const [low = NaN, high = NaN, mean = NaN, rms = NaN] = values.subarray(4 * i, 4 * i + 4);
			return { size, low, high, mean, rms };
		});
	} finally {
		tf.dispose([...figures]);
	}
}

/**
 * A lower measure of how far two layers lie apart, relative to the first; infinite where they cannot be one: sizes differ,
 * there is no number, or all are one and the same.
 */
export function apart(a: Signature, b: Signature): number {
	const plain = (one: Signature) => !(one.high > one.low);
	if (a.size !== b.size || plain(a) || plain(b) || !(a.rms > 0)) return Infinity;
	const ends = Math.max(Math.abs(a.low - b.low), Math.abs(a.high - b.high)) / Math.max(a.high, -a.low);
	const far = Math.max(ends, Math.abs(a.mean - b.mean) / a.rms, Math.abs(a.rms - b.rms) / a.rms);
	return Number.isFinite(far) ? far : Infinity;
}

export interface PairFigures extends Distance {
	order: AxisOrder;
	unlike: number;
}

/** Distances in every order in which b may lie, on their way. */
export interface PairTensors {
	orders: readonly Ordering[];
	distances: readonly tf.Tensor2D[];
	unlike: tf.Tensor;
}

/** @param b as many numbers as a. The caller hands the tensors to `readPairs`. */
export function pairFigures(a: tf.Tensor, b: tf.Tensor, orders: readonly Ordering[]): PairTensors {
	const distances = orders.map((ordering) => tf.tidy(() => distanceFigures(a, inOrderOf(b, ordering))));
	const unlike = tf.tidy(() => {
		const bad = (x: tf.Tensor) => {
			const flat = tf.reshape(tf.cast(x, 'float32'), [-1]);
			return tf.logicalOr(tf.isNaN(flat), tf.isInf(flat));
		};
		return tf.sum(tf.cast(tf.logicalXor(bad(a), bad(b)), 'float32'));
	});
	return { orders, distances, unlike };
}

/** The nearest order of each pair; disposes the tensors. */
export async function readPairs(pairs: readonly PairTensors[]): Promise<PairFigures[]> {
	if (!pairs.length) return [];
	try {
		const unlike = tf.tidy(() => tf.stack(pairs.map((pair) => pair.unlike)));
		const counts = await unlike.data().finally(() => unlike.dispose());
		const all = await readDistances(pairs.flatMap(({ distances }) => distances));
		let at = 0;
		return pairs.map(({ orders }, i) => {
			const own = all.slice(at, (at += orders.length));
			const best = own.reduce((nearest, { relative }, k) => (relative < own[nearest]!.relative ? k : nearest), 0);
			return { ...own[best]!, order: orders[best]!.order, unlike: counts[i] as number };
		});
	} finally {
		pairs.forEach((pair) => pair.unlike.dispose());
	}
}
