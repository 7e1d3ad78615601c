import { LabError } from '#contracts/errors.ts';
import type { OutputFacts, OutputKind, OutputMatch } from '#contracts/output.ts';
import * as tf from '#engine/tf.ts';
import { gridOf, SMALLEST_GRID, timesAsLarge } from '#methods/outputs/facts.ts';
import { isReconstruction, looksLikePrototypes } from '#methods/outputs/pictures.ts';

/** Fewer positions than these are no mask. */
const FEWEST_POSITIONS = 64;

function match(facts: OutputFacts): OutputMatch | null {
	const { head, picture } = facts;
	const grid = gridOf(facts);
	if (!grid || !picture) return null;
	const { height, width, channels } = grid;
	const factor = timesAsLarge([height, width], picture);
	if (factor === null || factor < SMALLEST_GRID || height * width < FEWEST_POSITIONS)
		return { sure: 0.02, reason: 'yours' };
	if (channels === 1 && head.activation === 'none') return { sure: 0.2, reason: 'one number per pixel' };
	if (channels === 1 && isReconstruction(facts)) return { sure: 0.4, reason: 'a sigmoid per pixel' };
	if (looksLikePrototypes(facts)) return { sure: 0.25, reason: 'scores per pixel, beside boxes' };
	const size = factor === 1 ? 'pixel' : 'position of a grid that covers the image';
	if (head.activation === 'softmax') return { sure: 0.9, reason: `a softmax over ${channels} classes per ${size}` };
	if (head.activation === 'sigmoid')
		return { sure: 0.8, reason: channels === 1 ? `a sigmoid per ${size}` : `${channels} sigmoids per ${size}` };
	return { sure: channels === 3 && Number.isInteger(factor) ? 0.3 : 0.8, reason: `${channels} scores per ${size}` };
}

/** Numbers per position as shares: those of classes by a softmax, a single one by a sigmoid, where they are none yet. */
async function shares(last: tf.Tensor, channels: number, activation: string): Promise<tf.Tensor> {
	if (activation !== 'none') return tf.clone(last);
	const ends = tf.tidy(() => tf.stack([tf.min(last), tf.max(last)]));
	const [low, high] = (await ends.data()) as unknown as [number, number];
	ends.dispose();
	const already = low >= 0 && high <= 1;
	if (already) return tf.clone(last);
	return channels > 1 ? tf.softmax(last) : tf.sigmoid(last);
}

/** A class for every position. */
const kind: OutputKind = {
	id: 'mask',
	title: 'Segmentation mask',
	order: 6,
	match,
	read: {
		references: ({ head }) => [head.output],
		/** The best class and its share are found where the numbers lie: two numbers a position come back. */
		async draw([values], { facts }) {
			const grid = gridOf(facts);
			if (!values || !grid) throw new LabError('The output is no mask.');
			const { height, width, channels } = grid;
			const last = facts.head.channelsFirst ? tf.transpose(values, [0, 2, 3, 1]) : tf.clone(values);
			const all = await shares(last, channels, facts.head.activation).finally(() => last.dispose());
			const [best, which] = tf.tidy(() => [tf.max(all, 3), tf.argMax(all, 3)]) as [tf.Tensor, tf.Tensor];
			all.dispose();
			try {
				const [scores, classes] = await Promise.all([best.data(), which.data()]);
				return {
					kind: 'mask',
					...{ width, height, units: channels },
					classes: Int32Array.from(classes),
					scores: Float32Array.from(scores),
					exclusive: channels > 1 && facts.head.activation !== 'sigmoid'
				};
			} finally {
				tf.dispose([best, which]);
			}
		}
	}
};

export default kind;
