import * as tf from '#engine/tf.ts';

/**
 * tfjs 4.22 casts int32 and bool to float32 on WebGPU by a new label on the old bits. Programs that move data then mix the
 * two types and do not compile, and everything in the same submit reads as zeros, without an exception. A product with one
 * writes real floats. To be deleted when test/gpu/conformance ("cast, then moved") passes without it.
 */
export function mendCast(): void {
	const original = tf.getKernel('Cast', 'webgpu');
	const multiply = tf.getKernel('Multiply', 'webgpu');
	if (!original || !multiply || mended.has(original.kernelFunc)) return;
	const kernelFunc: typeof original.kernelFunc = ({ inputs, backend, attrs }) => {
		const { x } = inputs as { x: tf.Tensor };
		const whole = x.dtype === 'int32' || x.dtype === 'bool';
		if (!whole || attrs?.['dtype'] !== 'float32')
			return original.kernelFunc({ inputs, backend, ...(attrs ? { attrs } : {}) });
		const one = tf.scalar(1);
		try {
			return multiply.kernelFunc({ inputs: { a: x, b: one }, backend });
		} finally {
			one.dispose();
		}
	};
	mended.add(kernelFunc);
	tf.unregisterKernel('Cast', 'webgpu');
	tf.registerKernel({ ...original, kernelFunc });
}

const mended = new WeakSet<object>();
