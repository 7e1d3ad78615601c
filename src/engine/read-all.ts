import * as tf from '#engine/tf.ts';

/**
 * The numbers of many float32 tensors: one round trip on a GPU, where each reading costs one; on a processor they are
 * there already.
 * @returns in the same order, each an array of its own; the tensors stay the caller's
 */
export async function readAll(tensors: readonly tf.Tensor[]): Promise<Float32Array<ArrayBuffer>[]> {
	if (!tensors.length) return [];
	if (tf.getBackend() === 'cpu' || tf.getBackend() === 'wasm')
		// A copy: tfjs may keep the array that data() gives.
		return Promise.all(
			tensors.map(async (tensor) => (await tensor.data<'float32'>()).slice() as Float32Array<ArrayBuffer>)
		);
	const all = tf.tidy(() => tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1]))));
	const values = await all.data<'float32'>().finally(() => all.dispose());
	let at = 0;
	return tensors.map(({ size }) => values.slice(at, (at += size)) as Float32Array<ArrayBuffer>);
}
