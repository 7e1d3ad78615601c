import * as tf from '#engine/tf.ts';

/** How an operation is asked: a case, and what comes of it on the backend in use. */

/** Operations that a model may bring: what the engine must compute rightly, forward and backward, on every backend. */
export interface Case {
	name: string;
	inputs: readonly (readonly number[])[];
	op(...tensors: tf.Tensor[]): tf.Tensor;
	/** Known to differ between backends by more than rounding; why stands beside it. */
	loose?: number;
	/** Inputs whose gradient is asked for; all by default. */
	requested?: readonly number[];
	/** Kernels that refuse the case on a backend, by name. */
	refused?: string;
}

/** The same numbers on every backend: spread over -1.5..1.5, no two alike, none at a kink. */
export function testInput(shape: readonly number[], k: number): tf.Tensor {
	const size = shape.reduce((n, m) => n * m, 1);
	const step = 3 / size;
	const order = Array.from({ length: size }, (_, i) => (i * 7919 + 104729 * (k + 1)) % size);
	const unique = new Set(order).size === size ? order : order.map((_, i) => i);
	return tf.tensor(
		unique.map((rank) => -1.5 + (rank + 0.37) * step + 0.011 * k),
		[...shape]
	);
}

/** A fixed direction to project outputs and to walk along. */
export function direction(shape: readonly number[], k: number): tf.Tensor {
	const size = shape.reduce((n, m) => n * m, 1);
	return tf.tensor(
		Array.from({ length: size }, (_, i) => Math.sin(1.3 * i + k + 0.5)),
		[...shape]
	);
}

export interface Outcome {
	value: Float32Array;
	shape: number[];
	gradients: Float32Array[];
}

/** Value and all gradients of a random projection, on the backend in use. */
export async function outcome({ op, inputs }: Case): Promise<Outcome> {
	const xs = inputs.map(testInput);
	const value = tf.tidy(() => op(...xs));
	const along = direction(value.shape, 1);
	const gradients = tf.grads((...args: tf.Tensor[]) => tf.sum(tf.mul(op(...args), along)))(xs);
	const result = {
		shape: value.shape,
		value: Float32Array.from(await value.data()),
		gradients: await Promise.all(gradients.map(async (g) => Float32Array.from(await g.data())))
	};
	tf.dispose([...xs, value, along, ...gradients]);
	return result;
}

/** The directional derivative at input k by central difference, on the backend in use. */
export async function slope({ op, inputs }: Case, k: number, eps: number): Promise<number> {
	const at = (sign: number) =>
		tf.tidy(() => {
			const xs = inputs.map(testInput);
			xs[k] = tf.add(xs[k]!, tf.mul(direction(inputs[k] as number[], 2), sign * eps));
			const y = op(...xs);
			return tf.sum(tf.mul(y, direction(y.shape, 1)));
		});
	const [a, b] = [at(1), at(-1)];
	const [up, down] = await Promise.all([a.data(), b.data()]);
	tf.dispose([a, b]);
	return ((up[0] as number) - (down[0] as number)) / (2 * eps);
}
