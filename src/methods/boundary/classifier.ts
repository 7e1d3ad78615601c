import * as tf from '#engine/tf.ts';

/** What is asked of a model here: which class, how surely, and which way is uphill. */
export interface Classifier {
	/** Two for a yes or no. */
	readonly classes: number;
	/** @returns [rows, classes]: before the activation, differentiable; the caller disposes */
	scores(batch: tf.Tensor): tf.Tensor2D;
	/** @returns [rows, classes], adding up to one per row; the caller disposes */
	probabilities(batch: tf.Tensor): tf.Tensor2D;
}

/** A model whose one unit says yes or no, as a classifier of two: no, yes. */
export function yesOrNo(
	score: (batch: tf.Tensor) => tf.Tensor2D,
	probability: (batch: tf.Tensor) => tf.Tensor2D
): Classifier {
	return {
		classes: 2,
		scores: (batch) =>
			tf.tidy(() => {
				const yes = score(batch);
				return tf.concat([tf.zerosLike(yes), yes], 1);
			}),
		probabilities: (batch) =>
			tf.tidy(() => {
				const yes = probability(batch);
				return tf.concat([tf.sub(1, yes), yes], 1);
			})
	};
}

/** Planes of one picture. */
const MAX_PICTURE_PLANES = 8;

/**
 * Which classes get a plane of their own: all if they fit, else those that win most often among some points, then those
 * with the largest probability; the last plane (-1) is the largest of all others.
 * @param values [points, classes]
 */
export function shownClasses(values: ArrayLike<number>, classes: number): number[] {
	const all = Array.from({ length: classes }, (_, k) => k);
	if (classes <= MAX_PICTURE_PLANES) return all;
	const points = values.length / classes;
	const wins = new Float64Array(classes);
	for (let i = 0; i < points; i++) {
		let best = 0;
		for (let k = 0; k < classes; k++) {
			const value = values[i * classes + k] as number;
			if (value > (values[i * classes + best] as number)) best = k;
			wins[k] = (wins[k] as number) + value / (points + 1);
		}
		wins[best] = (wins[best] as number) + 1;
	}
	const named = all.sort((a, b) => (wins[b] as number) - (wins[a] as number) || a - b).slice(0, MAX_PICTURE_PLANES - 1);
	return [...named.sort((a, b) => a - b), -1];
}

/** @returns [rows, 1] of [rows, classes], on the device: the number of the largest class */
export const winnersOf = (table: tf.Tensor2D): tf.Tensor2D =>
	tf.tidy(() => tf.expandDims(tf.cast(tf.argMax(table, 1), 'float32'), 1) as tf.Tensor2D);

/**
 * @returns [rows, planes + 1] of [rows, classes], on the device: the shown classes, the largest of the others, and last the
 * number of the largest of all
 */
export function planesOfClasses(table: tf.Tensor2D, shown: readonly number[]): tf.Tensor2D {
	const classes = table.shape[1];
	return tf.tidy(() => {
		const winner = winnersOf(table);
		if (!shown.includes(-1)) return tf.concat([table, winner], 1) as tf.Tensor2D;
		const named = shown.filter((k) => k >= 0);
		const own = tf.gather(table, tf.tensor1d(named, 'int32'), 1);
		const rest = Array.from({ length: classes }, (_, k) => k).filter((k) => !named.includes(k));
		const others = tf.max(tf.gather(table, tf.tensor1d(rest, 'int32'), 1), 1, true);
		return tf.concat([own, others, winner], 1) as tf.Tensor2D;
	});
}
