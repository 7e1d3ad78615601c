import type { AttributionContext } from '#contracts/method.ts';
import * as tf from '#engine/tf.ts';

/**
 * The gradient of each row's score with respect to that row: rows do not mix at inference, so the gradient of their sum
 * is the stack of theirs.
 * @param batch [n, ...input]
 * @returns the shape of `batch`; the caller disposes
 */
export function inputGradient(
	{ score, feeds }: Pick<AttributionContext, 'score' | 'feeds'>,
	batch: tf.Tensor
): tf.Tensor {
	return tf.grad((rows: tf.Tensor) => tf.sum(score(feeds(rows))))(batch);
}

/** The score of one row as a number. */
export async function scoreOf(
	{ score, feeds }: Pick<AttributionContext, 'score' | 'feeds'>,
	row: tf.Tensor
): Promise<number> {
	const scores = tf.tidy(() => score(feeds(row)));
	try {
		return (await scores.data())[0] as number;
	} finally {
		scores.dispose();
	}
}
