import * as tf from '#engine/tf.ts';

/**
 * tfjs 4.22 throws when a comparison lies on the way from x to y, as in where(x > 0, ...). Comparisons are flat almost
 * everywhere: their gradient is zero. To be deleted when tfjs registers them.
 */
const ONE = ['LogicalNot'];
const TWO = ['Greater', 'Less', 'LessEqual', 'Equal', 'NotEqual', 'LogicalAnd', 'LogicalOr'];

export function mendComparisons(): void {
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
