import { normalOnGpu } from '#engine/kernels/normal.ts';
import { hashNormal } from '#maths/hash-normal.ts';
import * as tf from '#engine/tf.ts';
import { product } from '#maths/product.ts';

/**
 * Standard normal noise for rows of samples. Row i depends on the seed and on `firstSample + i` alone, so chunks of any
 * size give the same numbers.
 * @param shape [n, ...]
 * @returns float32; WGSL's cosine makes the GPU's numbers differ by up to about 1e-3 from the processor's
 */
export function seededNormal(shape: readonly number[], seed: number, firstSample: number): tf.Tensor {
	if (tf.getBackend() === 'webgpu') return normalOnGpu(shape, seed, firstSample);
	const [rows = 1, ...rest] = shape;
	const cells = product(rest);
	const values = new Float32Array(rows * cells);
	for (let row = 0; row < rows; row++)
		for (let cell = 0; cell < cells; cell++) values[row * cells + cell] = hashNormal(seed, firstSample + row, cell);
	return tf.tensor(values, [...shape]);
}
