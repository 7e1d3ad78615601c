import type { Distance } from '#contracts/comparison.ts';
import * as tf from '#engine/tf.ts';

/**
 * How far two tensors of one shape lie apart: relative Euclidean distance, largest difference, cosine. A few sums per
 * tensor are made where it lies; only they are read back and put together in float64. Each part is divided by its largest
 * magnitude first, so that squares neither overflow nor vanish.
 */

/** Largest |a|, |b|, |a - b|; sums of a², b², (a - b)² and ab, divided by those; entries that hold no number. */
const FIGURES = 8;
/** Numbers that are looked at in one go: bounds what is made on the way. */
const PART = 1 << 22;
const LEAF = 256;

/** Sums in a tree: float32 loses little even over millions. */
function total(values: tf.Tensor): tf.Tensor {
	let flat = tf.reshape(values, [-1]);
	while (flat.size > 4 * LEAF) {
		const missing = (LEAF - (flat.size % LEAF)) % LEAF;
		flat = tf.sum(tf.reshape(missing ? tf.pad(flat, [[0, missing]]) : flat, [-1, LEAF]), 1);
	}
	return tf.sum(flat);
}

/** Divided by its largest magnitude, which comes with it. */
function unit(values: tf.Tensor): [unit: tf.Tensor, maxAbs: tf.Tensor] {
	const maxAbs = tf.max(tf.abs(values));
	const zero = tf.cast(tf.equal(maxAbs, 0), 'float32');
	return [tf.div(values, tf.add(maxAbs, zero)), maxAbs];
}

function partFigures(a: tf.Tensor, b: tf.Tensor): tf.Tensor1D {
	return tf.tidy(() => {
		const wrong = (x: tf.Tensor) => tf.logicalOr(tf.isNaN(x), tf.isInf(x));
		const bad = tf.logicalOr(wrong(a), wrong(b));
		const clean = (x: tf.Tensor) => tf.where(bad, tf.zerosLike(x), x);
		const [p, q] = [clean(a), clean(b)];
		const [ua, maxA] = unit(p);
		const [ub, maxB] = unit(q);
		const [ud, maxD] = unit(tf.sub(p, q));
		const sums = [tf.square(ua), tf.square(ub), tf.square(ud), tf.mul(ua, ub), tf.cast(bad, 'float32')].map(total);
		return tf.stack([maxA, maxB, maxD, ...sums]) as tf.Tensor1D;
	});
}

/**
 * @param a any shape, of at least one number; `b` as many numbers
 * @returns [parts, 8], for `distanceOf`; the caller disposes
 */
export function distanceFigures(a: tf.Tensor, b: tf.Tensor): tf.Tensor2D {
	return tf.tidy(() => {
		const [x, y] = [a, b].map((tensor) => tf.reshape(tf.cast(tensor, 'float32'), [-1])) as [tf.Tensor1D, tf.Tensor1D];
		const parts: tf.Tensor1D[] = [];
		for (let from = 0; from < x.size; from += PART) {
			const size = Math.min(PART, x.size - from);
			const whole = size === x.size;
			parts.push(
				tf.tidy(() => (whole ? partFigures(x, y) : partFigures(tf.slice(x, from, size), tf.slice(y, from, size))))
			);
		}
		return tf.stack(parts) as tf.Tensor2D;
	});
}

/** @param figures what was read of `distanceFigures` */
export function distanceOf(figures: ArrayLike<number>): Distance {
	let [maxAbs, a2, b2, d2, ab, invalid] = [0, 0, 0, 0, 0, 0];
	for (let at = 0; at + FIGURES <= figures.length; at += FIGURES) {
		const figure = (k: number) => figures[at + k] as number;
		const [ma, mb, md] = [figure(0), figure(1), figure(2)];
		maxAbs = Math.max(maxAbs, md);
		a2 += ma * ma * figure(3);
		b2 += mb * mb * figure(4);
		d2 += md * md * figure(5);
		ab += ma * mb * figure(6);
		invalid += figure(7);
	}
	const cosine = a2 && b2 ? Math.max(-1, Math.min(1, ab / Math.sqrt(a2) / Math.sqrt(b2))) : NaN;
	return { relative: relativeOf(d2, a2), maxAbs, cosine, squares: [d2, a2], invalid };
}

function relativeOf(difference: number, first: number): number {
	return difference === 0 ? 0 : Math.sqrt(difference / first);
}

/** |a - b| / |a| over all of them together. */
export function relativeOfAll(distances: readonly Distance[]): number {
	const sum = (k: 0 | 1) => distances.reduce((all, { squares }) => all + squares[k], 0);
	return relativeOf(sum(0), sum(1));
}

/** Reads several of `distanceFigures` at once, and disposes them. */
export async function readDistances(figures: readonly tf.Tensor2D[]): Promise<Distance[]> {
	if (!figures.length) return [];
	try {
		const all = tf.tidy(() => tf.concat([...figures], 0));
		const values = await all.data().finally(() => all.dispose());
		let at = 0;
		return figures.map(({ size }) => distanceOf(values.subarray(at, (at += size))));
	} finally {
		tf.dispose([...figures]);
	}
}
