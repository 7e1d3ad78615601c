import * as tf from '#engine/tf.ts';
import type { Frame, PlaneBox, Point } from '#maths/slices/frame.ts';

/** A plane as tensors: points of it are made on the device, never on the page. */
export class PlanePoints {
	readonly #origin: tf.Tensor2D;
	readonly #directions: tf.Tensor2D;

	/** @param shape of the input, with a batch of one */
	constructor(
		readonly frame: Frame,
		private readonly shape: readonly number[]
	) {
		const { origin, u, v } = frame;
		const size = origin.length;
		this.#origin = tf.tensor2d(Float32Array.from(origin), [1, size]);
		const both = new Float32Array(2 * size);
		both.set(u);
		both.set(v, size);
		this.#directions = tf.tensor2d(both, [2, size]);
	}

	/** @returns origin + a u + b v for each point, a batch in the input's shape; the caller disposes */
	at(points: readonly Point[]): tf.Tensor {
		return tf.tidy(() => {
			const pairs = tf.tensor2d(Float32Array.from(points.flat()), [points.length, 2]);
			const [a, b] = tf.split(pairs, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
			const [u, v] = tf.split(this.#directions, 2, 0) as [tf.Tensor2D, tf.Tensor2D];
			// Not a product of matrices: engines may round that to fewer digits.
			const flat = tf.add(tf.add(tf.mul(a, u), tf.mul(b, v)), this.#origin);
			return tf.reshape(flat, [points.length, ...this.shape.slice(1)]);
		});
	}

	dispose(): void {
		tf.dispose([this.#origin, this.#directions]);
	}
}

/** The centre of a pixel of a picture of a box, rows from the top. */
export function pixelPoint({ x1, x2 }: PlaneBox, width: number, height: number, pixel: number): Point {
	const [x, y] = [pixel % width, Math.floor(pixel / width)];
	return [x1[0] + ((x + 0.5) / width) * (x1[1] - x1[0]), x2[1] - ((y + 0.5) / height) * (x2[1] - x2[0])];
}
