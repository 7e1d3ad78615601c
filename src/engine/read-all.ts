import * as tf from '#engine/tf.ts';

/** Numbers on their way: on a processor they may be there already. */
export type Values = tf.Tensor | Float32Array<ArrayBuffer>;

const onProcessor = () => tf.getBackend() === 'cpu' || tf.getBackend() === 'wasm';

/** A float32 tensor's numbers where they need no waiting for, else null. Not the caller's to change. */
export function valuesNow(tensor: tf.Tensor): Float32Array | null {
	if (!onProcessor() || tensor.dtype !== 'float32') return null;
	return tf.backend().readSync(tensor.dataId) as Float32Array;
}

export function letGo(values: Values | null): void {
	if (values instanceof tf.Tensor) values.dispose();
}

/**
 * Many float32 tensors at once: one round trip on a GPU, where each reading costs one.
 * @returns in the same order, each an array of its own; the tensors stay the caller's
 */
export async function readAll(all: readonly Values[]): Promise<Float32Array<ArrayBuffer>[]> {
	const tensors = all.filter((one) => one instanceof tf.Tensor);
	if (!tensors.length) return all as Float32Array<ArrayBuffer>[];
	const joined = tf.tidy(() => tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1]))));
	const values = await joined.data<'float32'>().finally(() => joined.dispose());
	let at = 0;
	return all.map((one) =>
		one instanceof tf.Tensor ? (values.slice(at, (at += one.size)) as Float32Array<ArrayBuffer>) : one
	);
}
