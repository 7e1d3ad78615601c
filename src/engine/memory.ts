import * as tf from '#engine/tf.ts';

/** What is alive now. `bytes` counts the GPU's buffers where there is a GPU, else all tensors. */
export function memory(): { tensors: number; bytes: number } {
	const { numTensors, numBytes, numBytesInGPU } = tf.memory() as tf.MemoryInfo & { numBytesInGPU?: number };
	return { tensors: numTensors, bytes: numBytesInGPU ?? numBytes };
}
