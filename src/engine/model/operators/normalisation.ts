import * as tf from '#engine/tf.ts';
import { number, type Operators } from '#engine/model/operators/operator.ts';

const operators: Operators = {
	/** gamma (x - mean) / sqrt(variance + epsilon) + beta over the last axis, as at inference (Ioffe 2015). */
	BatchNormalization([x], { node, weight, optional }) {
		const mean = weight('mean') as tf.Tensor1D;
		const offset = (optional('beta') ?? tf.zerosLike(mean)) as tf.Tensor1D;
		const scale = (optional('gamma') ?? tf.onesLike(mean)) as tf.Tensor1D;
		return tf.batchNorm(
			x as tf.Tensor,
			mean,
			weight('variance') as tf.Tensor1D,
			offset,
			scale,
			number(node, 'epsilon', 1e-3)
		);
	}
};

export default operators;
