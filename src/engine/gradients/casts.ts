import * as tf from '#engine/tf.ts';

/**
 * tfjs 4.22 hands the gradient through a cast to whole numbers as if it were not there; the function is flat almost
 * everywhere, so its gradient is zero. To be deleted when tfjs says so too ("cast, then moved" in the conformance suite).
 */
export function mendCasts(): void {
	tf.unregisterGradient('Cast');
	tf.registerGradient({
		kernelName: 'Cast',
		gradFunc: (dy, _, attributes) => ({
			x: () => (attributes['dtype'] === 'float32' ? tf.clone(dy as tf.Tensor) : tf.zerosLike(dy as tf.Tensor))
		})
	});
}
