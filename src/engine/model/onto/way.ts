import type { WeightInfo } from '#contracts/graph.ts';
import { outputsFirst, outputsLast, permuted } from '#engine/model/outputs-last.ts';
import * as tf from '#engine/tf.ts';

/** How a weight of a file becomes one of the model: its axes turned, as writers put them in different orders. */

export interface Slot {
	info: WeightInfo;
	/** Of a matrix behind a layer that lays a grid out in one row: that grid, [height, width, channels]. */
	grid: readonly [height: number, width: number, channels: number] | null;
}

export interface Way {
	/** Taken apart before its axes are turned. */
	apart?: readonly number[];
	axes?: readonly number[];
	shape: readonly number[];
}

const same = (a: readonly number[], b: readonly number[]) => a.join() === b.join();
/** Without axes of one: a kernel of 1 × 1 is a matrix, and one channel of many is many of one. */
export const squeezed = (shape: readonly number[]) => shape.filter((n) => n !== 1);

/** Null where it does not fit. */
export function wayTo({ info, grid }: Slot, stored: WeightInfo): Way | null {
	const { shape } = info;
	if (stored.order === info.order) return same(shape, stored.shape) ? { shape } : null;
	if (!stored.order) {
		const axes = outputsFirst(stored.shape);
		return same(permuted(stored.shape, axes), shape) ? { axes, shape } : null;
	}
	const [outputs = 0, inputs = 0] = stored.shape;
	if (grid && stored.shape.length === 2 && inputs === grid[0] * grid[1] * grid[2] && same(shape, [inputs, outputs])) {
		const [height, width, channels] = grid;
		// PyTorch lays channels out first.
		if (height * width > 1) return { apart: [outputs, channels, height, width], axes: [2, 3, 1, 0], shape };
	}
	const axes = outputsLast(stored) as number[];
	return same(squeezed(permuted(stored.shape, axes)), squeezed(shape)) ? { axes, shape } : null;
}

/** A tensor of its own. */
export function led(tensor: tf.Tensor, { apart, axes, shape }: Way, dtype: tf.DataType): tf.Tensor {
	return tf.tidy(() => {
		const whole = apart ? tf.reshape(tensor, [...apart]) : tensor;
		const turned = axes ? tf.transpose(whole, [...axes]) : whole;
		return tf.clone(tf.cast(tf.reshape(turned, [...shape]), dtype as 'float32'));
	});
}
