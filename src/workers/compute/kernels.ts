import type { KernelSlice } from '#contracts/compute.ts';
import { LabError, throwIfAborted } from '#contracts/errors.ts';
import { holding, type Model } from '#contracts/model.ts';
import * as tf from '#engine/tf.ts';

/** Parts of weight matrices, as figures show them: only these cross to the page. */

/** Numbers per slice: no figure shows more lines. */
const MAX_SLICE_VALUES = 1 << 16;

/**
 * @returns one array per slice, row by row
 * @throws LabError for a weight that is no matrix, or indices outside it
 */
export async function kernelSlices(
	model: Pick<Model, 'weight' | 'hold'>,
	slices: readonly KernelSlice[],
	signal: AbortSignal
): Promise<Float32Array[]> {
	const found: Float32Array[] = [];
	for (const { kernel, rows, columns } of slices) {
		throwIfAborted(signal);
		found.push(await holding(model, kernel, (weight) => sliceOf(weight, { kernel, rows, columns })));
	}
	return found;
}

async function sliceOf(weight: tf.Tensor, { kernel, rows, columns }: KernelSlice): Promise<Float32Array> {
	const [height = 0, width = 0] = weight.shape;
	const inside = (indices: readonly number[], n: number) =>
		indices.length > 0 && indices.every((index) => Number.isInteger(index) && index >= 0 && index < n);
	if (
		weight.rank !== 2 ||
		!inside(rows, height) ||
		!inside(columns, width) ||
		rows.length * columns.length > MAX_SLICE_VALUES
	)
		throw new LabError(`The weight “${kernel}” has no such part.`, 'Its shape is not what the figure expects.');
	const part = tf.tidy(() => {
		const take = (axis: number, indices: readonly number[], from: tf.Tensor) =>
			tf.gather(from, tf.tensor1d([...indices], 'int32'), axis);
		return tf.cast(take(1, columns, take(0, rows, weight)), 'float32');
	});
	try {
		return Float32Array.from(await part.data());
	} finally {
		part.dispose();
	}
}
