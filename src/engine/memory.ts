import * as tf from '#engine/tf.ts';

/** What is alive now. `bytes` counts the GPU's buffers where there is a GPU, else all tensors. */
export function memory(): { tensors: number; bytes: number } {
	const { numTensors, numBytes, numBytesInGPU } = tf.memory() as tf.MemoryInfo & { numBytesInGPU?: number };
	return { tensors: numTensors, bytes: numBytesInGPU ?? numBytes };
}

/**
 * Runs a job and frees every tensor that it made and did not free itself, also when it throws: an exception inside
 * `tf.grad` leaks in tfjs 4.22. For jobs that keep nothing.
 */
export async function leakFree<T>(job: () => Promise<T>): Promise<T> {
	tf.engine().startScope();
	try {
		return await job();
	} finally {
		tf.engine().endScope();
	}
}
