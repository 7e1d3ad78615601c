import { Matrix } from 'ml-matrix';
import { throwIfAborted } from '#contracts/errors.ts';
import { flush, gpuBackend } from '#engine/pipelines.ts';
import type { Control } from '#engine/projection/engine.ts';
import type { GpuRows } from '#engine/projection/gpu-rows.ts';
import * as tf from '#engine/tf.ts';
import {
	fromCovariance,
	MAX_COVARIANCE_COLUMNS,
	PrincipalSearch,
	type Principal
} from '#maths/projection/principal.ts';

/** What is linear in the rows, by tfjs where they lie. */

/** Bytes of rows that are looked at together. */
const PART = 2 ** 24;

/** Calls `use` with the rows, part by part, as tensors that end with it. */
async function eachPart(
	rows: GpuRows,
	control: Pick<Control, 'signal' | 'step'>,
	use: (part: tf.Tensor2D, first: number) => Promise<void>
): Promise<void> {
	const size = Math.max(1, Math.floor(PART / (4 * rows.width)));
	for (const { buffer, first, count } of rows.chunks) {
		const chunk = tf.tensor({ buffer, zeroCopy: true }, [count, rows.width]) as tf.Tensor2D;
		try {
			for (let at = 0; at < count; at += size) {
				throwIfAborted(control.signal);
				const part = tf.slice(chunk, [at, 0], [Math.min(size, count - at), rows.width]);
				await use(part, first + at).finally(() => part.dispose());
				control.step({ done: (first + at) / rows.count });
			}
		} finally {
			// The buffer stays: it is the rows' own, and our commands do not wait for tfjs's.
			flush(gpuBackend());
			chunk.dispose();
		}
	}
}

/** Adds up, in float64, what each part of the rows gives. */
async function summed(
	rows: GpuRows,
	size: number,
	control: Pick<Control, 'signal' | 'step'>,
	of: (part: tf.Tensor2D) => tf.Tensor
): Promise<Float64Array> {
	const sums = new Float64Array(size);
	await eachPart(rows, control, async (part) => {
		const output = tf.tidy(() => of(part));
		const values = await output.data().finally(() => output.dispose());
		for (let i = 0; i < size; i++) sums[i] = (sums[i] as number) + (values[i] as number);
	});
	return sums;
}

export async function gpuPrincipal(
	rows: GpuRows,
	components: number,
	seed: number,
	control: Control
): Promise<Principal> {
	const { count, width } = rows;
	const mean = (await summed(rows, width, control, (part) => tf.sum(part, 0))).map((sum) => sum / count);
	const middle = tf.tensor1d(Float32Array.from(mean));
	const over = Math.max(1, count - 1);
	try {
		const squares = await summed(rows, 1, control, (part) => tf.sum(tf.square(tf.sub(part, middle))));
		const total = (squares[0] as number) / over;
		/** Centred rows, transposed, times the centred rows times a basis. */
		const product = async (basis: Matrix | null): Promise<Matrix> => {
			const size = basis?.columns ?? width;
			const axes = basis ? tf.tensor2d(Float32Array.from(basis.to1DArray()), [width, size]) : null;
			try {
				const sums = await summed(rows, width * size, control, (part) => {
					const centred = tf.sub(part, middle) as tf.Tensor2D;
					return tf.matMul(centred, axes ? tf.matMul(centred, axes) : centred, true);
				});
				return Matrix.from1DArray(
					width,
					size,
					Array.from(sums, (sum) => sum / over)
				);
			} finally {
				axes?.dispose();
			}
		};
		if (width <= MAX_COVARIANCE_COLUMNS) return fromCovariance(await product(null), components, mean, total);
		const search = new PrincipalSearch(width, components, seed);
		while (!search.update(await product(search.basis)));
		return search.found(mean, total);
	} finally {
		middle.dispose();
	}
}

export async function gpuProjected(
	rows: GpuRows,
	axes: ArrayLike<number>,
	components: number,
	mean: Float64Array | undefined,
	control: Control
): Promise<Float32Array> {
	const out = new Float32Array(rows.count * components);
	const [by, middle] = [
		tf.tensor2d(Float32Array.from(axes), [rows.width, components]),
		mean ? tf.tensor1d(Float32Array.from(mean)) : null
	];
	try {
		await eachPart(rows, control, async (part, first) => {
			const output = tf.tidy(() => tf.matMul(middle ? (tf.sub(part, middle) as tf.Tensor2D) : part, by));
			out.set(await output.data().finally(() => output.dispose()), first * components);
		});
		return out;
	} finally {
		tf.dispose([by, ...(middle ? [middle] : [])]);
	}
}
