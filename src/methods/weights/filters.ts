import type { Duplicate, FilterReport } from '#contracts/weights.ts';
import * as tf from '#engine/tf.ts';

/** A kernel's filters, each as a row of numbers: norms, the dead, the constant, and those that say the same. */

/** Cosine from which two filters count as one. */
const TWIN = 0.99;
/** Share of the median norm below which a filter is dead. */
const DEAD = 1e-4;
/** Pairs that are named, and filters that are named dead. */
const NAMED = 64;
/** Rows that are compared with all at once. */
const BLOCK = 512;

/**
 * @param rows [filters, numbers of one], float32; stays the caller's
 * @param max multiplications that may be spent on comparing all pairs
 */
export async function filterReport(rows: tf.Tensor2D, max: number): Promise<FilterReport> {
	const [count, size] = rows.shape;
	const figures = tf.tidy(() => tf.stack([tf.sqrt(tf.sum(tf.square(rows), 1)), tf.max(rows, 1), tf.min(rows, 1)]));
	const all = (await figures.data().finally(() => figures.dispose())) as Float32Array;
	const row = (k: number) => all.slice(k * count, (k + 1) * count);
	const [norms, high, low] = [row(0), row(1), row(2)];
	const sorted = norms.filter(Number.isFinite).sort();
	const median = sorted[sorted.length >> 1] ?? 0;
	const dead = indices(count, (i) => (norms[i] as number) <= DEAD * median || norms[i] === 0);
	const constant = size > 1 ? indices(count, (i) => high[i] === low[i] && high[i] !== 0) : [];
	const compared = size > 1 && count > 1 && count * count * size <= max;
	const twins = compared ? await duplicates(rows, norms, new Set(dead)) : null;
	return {
		count,
		size,
		norms,
		dead,
		constant,
		duplicated: twins?.duplicated ?? null,
		duplicates: twins?.pairs ?? []
	};
}

const indices = (count: number, holds: (i: number) => boolean) =>
	Array.from({ length: count }, (_, i) => i).filter(holds);

/** For each filter its closest other; only these come back, not the whole table of cosines. */
async function duplicates(rows: tf.Tensor2D, norms: Float32Array, dead: ReadonlySet<number>) {
	const [count, size] = rows.shape;
	const unit = tf.tidy(() => {
		const inverse = norms.map((norm, i) => (dead.has(i) || !Number.isFinite(norm) ? 0 : 1 / norm));
		const usable = tf.tensor2d(
			inverse.map((x) => (x ? 1 : 0)),
			[count, 1]
		);
		// A row with a NaN would spoil nothing but itself: it is left out.
		const clean = tf.where(tf.equal(tf.broadcastTo(usable, [count, size]), 1), rows, tf.zerosLike(rows));
		return tf.mul(clean, tf.tensor2d(inverse, [count, 1])) as tf.Tensor2D;
	});
	const found = new Map<string, Duplicate>();
	const doubled = new Set<number>();
	try {
		for (let first = 0; first < count; first += BLOCK) {
			const n = Math.min(BLOCK, count - first);
			const [best, twin] = tf.tidy(() => {
				const cosines = tf.matMul(tf.slice(unit, [first, 0], [n, size]), unit, false, true);
				// A filter is no twin of its own.
				const own = tf.cast(tf.oneHot(tf.range(first, first + n, 1, 'int32'), count), 'float32');
				const others = tf.sub(cosines, tf.mul(own, 4));
				return [tf.max(others, 1), tf.argMax(others, 1)] as [tf.Tensor, tf.Tensor];
			});
			const [cosines, others] = await Promise.all([best.data(), twin.data()]).finally(() => tf.dispose([best, twin]));
			for (let i = 0; i < n; i++) {
				const [cosine, other] = [Math.min(1, cosines[i] as number), others[i] as number];
				if (!(cosine >= TWIN)) continue;
				doubled.add(first + i);
				const [a, b] = [Math.min(first + i, other), Math.max(first + i, other)];
				found.set(`${a},${b}`, { first: a, second: b, cosine });
			}
		}
	} finally {
		unit.dispose();
	}
	const pairs = [...found.values()].sort((a, b) => b.cosine - a.cosine || a.first - b.first).slice(0, NAMED);
	return { duplicated: doubled.size, pairs };
}
