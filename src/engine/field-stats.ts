import type { FieldStats } from '#contracts/field.ts';
import { quantile } from '#maths/statistics.ts';
import * as tf from '#engine/tf.ts';

/** Cells whose largest tenth is cheap to sort. */
const MAX_SORTED = 1 << 16;

/**
 * The statistics of a field that stays on the GPU: a few sums, and the largest tenth of |value|, are read back. Above
 * 65536 cells the tail comes from every n-th cell: exact to the sampling.
 */
export async function gpuStats(tensor: tf.Tensor2D): Promise<FieldStats> {
	const stride = Math.ceil(tensor.size / MAX_SORTED);
	const [figures, tops, size] = tf.tidy(() => {
		const flat = tf.reshape(tensor, [-1]);
		const bad = tf.logicalOr(tf.isNaN(flat), tf.isInf(flat));
		const clean = tf.where(bad, tf.zerosLike(flat), flat);
		const far = tf.where(bad, tf.fill(flat.shape, Infinity), flat);
		const low = tf.where(bad, tf.fill(flat.shape, -Infinity), flat);
		const magnitude = tf.abs(clean);
		const sums = [
			tf.min(far),
			tf.max(low),
			tf.sum(clean),
			tf.sum(magnitude),
			tf.sum(tf.cast(bad, 'float32')),
			tf.max(magnitude)
		];
		const sample = stride === 1 ? magnitude : tf.gather(magnitude, tf.range(0, tensor.size, stride, 'int32'));
		const k = Math.max(1, Math.ceil(sample.size * 0.1) + 1);
		return [tf.stack(sums), tf.topk(sample, Math.min(k, sample.size)).values, sample.size] as const;
	});
	try {
		const [[min, max, sum, magnitude, invalid, maxMagnitude], top] = (await Promise.all([
			figures.data(),
			tops.data()
		])) as unknown as [[number, number, number, number, number, number], Float32Array];
		if (invalid === tensor.size)
			return { min: 0, max: 0, sum: 0, magnitude: 0, tail: Array.from({ length: 11 }, () => 0), invalid };
		// Cells that are no numbers stand in the sorted sample as zeros: quantiles are of the others.
		const valid = Math.max(1, Math.round(size * (1 - invalid / tensor.size)));
		const ascending = Float32Array.from(top).sort();
		const tail = Array.from({ length: 11 }, (_, i) => {
			const at = (0.9 + i / 100) * (valid - 1) - (valid - ascending.length);
			return i === 10
				? maxMagnitude
				: at < 0
					? (ascending[0] as number)
					: quantile(ascending, at / Math.max(1, ascending.length - 1));
		});
		return { min, max, sum, magnitude, tail, invalid };
	} finally {
		tf.dispose([figures, tops]);
	}
}
