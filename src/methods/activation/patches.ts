import type { Feeds, Model } from '#contracts/model.ts';
import * as tf from '#engine/tf.ts';

/** Where a channel fires most in one image. */
export interface Peak {
	value: number;
	/** Row and column on the layer's grid; zeros where it has none. */
	position: readonly [row: number, column: number];
}

/**
 * The strongest activation of one channel (Zeiler & Fergus 2014: the patches that excite it).
 * @param layer of rank 4, or any other, whose last axis holds the units
 */
export async function peak(model: Model, feeds: Feeds, layer: string, channel: number): Promise<Peak> {
	const [best, at, width] = tf.tidy(() => {
		const [value] = model.run(feeds, [layer]) as [tf.Tensor];
		const count = value.shape.at(-1) as number;
		const rows = tf.reshape(tf.slice(value, 0, 1), [-1, count]) as tf.Tensor2D;
		const column = tf.reshape(tf.slice(rows, [0, channel], [rows.shape[0], 1]), [-1]);
		const best: tf.Tensor = tf.max(column);
		const at: tf.Tensor = tf.argMax(column);
		return [best, at, value.rank === 4 ? (value.shape[2] as number) : 0] as const;
	});
	try {
		const [[value], [index]] = (await Promise.all([best.data(), at.data()])) as unknown as [[number], [number]];
		return { value, position: width ? [Math.floor(index / width), index % width] : [0, 0] };
	} finally {
		tf.dispose([best, at]);
	}
}
