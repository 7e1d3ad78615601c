import * as tf from '#engine/tf.ts';

/**
 * tfjs 4.22 forgets to add up what the larger or smaller of two tensors stretched over, and throws when a comparison lies on the way from x to y, as in where(x > 0, ...). Comparisons are flat almost
 * everywhere: their gradient is zero. To be deleted when tfjs mends them.
 */
const ONE = ['LogicalNot'];
const TWO = ['Greater', 'Less', 'LessEqual', 'Equal', 'NotEqual', 'LogicalAnd', 'LogicalOr'];

/** Of a tensor of that shape which was stretched. */
function addedUp(dy: tf.Tensor, shape: number[]): tf.Tensor {
	const before = dy.rank - shape.length;
	const axes = dy.shape.flatMap((n, axis) => (axis < before || (shape[axis - before] === 1 && n > 1) ? [axis] : []));
	return tf.reshape(axes.length ? tf.sum(dy, axes) : dy, shape);
}

export function mendComparisons(): void {
	for (const [kernelName, wins] of [
		['Maximum', tf.greaterEqual],
		['Minimum', tf.lessEqual]
	] as const)
		tf.registerGradient({
			kernelName,
			inputsToSave: ['a', 'b'],
			gradFunc: (dy, saved) => {
				const [a, b] = saved as [tf.Tensor, tf.Tensor];
				const first = () => tf.cast(wins(a, b), 'float32');
				return {
					a: () => tf.tidy(() => addedUp(tf.mul(dy as tf.Tensor, first()), a.shape)),
					b: () => tf.tidy(() => addedUp(tf.mul(dy as tf.Tensor, tf.sub(1, first())), b.shape))
				};
			}
		});
	for (const kernelName of TWO)
		tf.registerGradient({
			kernelName,
			inputsToSave: ['a', 'b'],
			gradFunc: (_, saved) => {
				const [a, b] = saved as [tf.Tensor, tf.Tensor];
				return { a: () => tf.zeros(a.shape), b: () => tf.zeros(b.shape) };
			}
		});
	for (const kernelName of ONE)
		tf.registerGradient({
			kernelName,
			inputsToSave: ['x'],
			gradFunc: (_, [x]) => ({ x: () => tf.zeros((x as tf.Tensor).shape) })
		});
}
