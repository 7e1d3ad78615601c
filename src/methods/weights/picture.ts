import type { GraphNode, WeightInfo } from '#contracts/graph.ts';
import type { PictureRequest, WeightPicture } from '#contracts/weights.ts';
import * as tf from '#engine/tf.ts';
import { grid } from '#methods/activation/cells.ts';
import { gateOf } from '#methods/weights/matrix.ts';
import { turned, weightShape } from '#methods/weights/shape.ts';

/** Longest side of a matrix's picture: what every WebGL can hold. */
const PICTURE_SIDE = 4096;

/** The shown block of a matrix: where it begins, [row, column], and its size. */
function blockOf(view: readonly number[], block: readonly [number, number]) {
	const start = block.map((n, axis) =>
		Math.max(0, Math.min(n, Math.ceil((view[axis] as number) / PICTURE_SIDE) - 1) * PICTURE_SIDE)
	) as [number, number];
	const size = start.map((from, axis) => Math.min(PICTURE_SIDE, (view[axis] as number) - from)) as [number, number];
	return { start, size };
}

/**
 * A weight laid out to be seen: all kernels side by side, or a block of a matrix.
 * @returns the field, which the caller disposes, and how to read it
 */
export async function weightPicture(
	tensor: tf.Tensor,
	node: GraphNode,
	weight: WeightInfo,
	{ name, gate, filter, block, key }: PictureRequest
): Promise<{ field: tf.Tensor2D; picture: WeightPicture }> {
	const { gates } = weightShape(node, weight);
	const { kind, view, filterAxis, axes } = weightShape(node, weight, gate);
	const filters = kind === 'matrix' ? 1 : (view[filterAxis as number] as number);
	const { start, size } = blockOf(view, block);
	const one = filter !== null && filter < filters;
	const stack = tf.tidy(() => {
		const part = tf.reshape(tf.cast(gateOf(turned(tensor, weight), gate, gates.length), 'float32'), [...view]);
		if (kind === 'matrix') return tf.expandDims(tf.slice(part, start, size), 2) as tf.Tensor3D;
		const ordered = filterAxis === 2 ? tf.transpose(part, [0, 1, 3, 2]) : part;
		const some = one ? tf.slice(ordered, [0, 0, 0, filter], [-1, -1, -1, 1]) : ordered;
		const [height, width] = view as [number, number];
		return tf.reshape(some, [height, width, some.size / (height * width)]) as tf.Tensor3D;
	});
	const [height, width, count] = stack.shape;
	const figures = tf.tidy(() => tf.stack([tf.min(stack, [0, 1]), tf.max(stack, [0, 1])]));
	const laid =
		kind === 'matrix'
			? {
					field: tf.tidy(() => tf.reshape(stack, size) as tf.Tensor2D),
					cells: { width, height, columns: 1, shown: 1, count }
				}
			: grid({ kind: 'maps', tensor: stack }, 0, Infinity);
	stack.dispose();
	const ends = (await figures.data().finally(() => figures.dispose())) as Float32Array;
	const picture: WeightPicture = {
		name,
		kind,
		key,
		cells: laid.cells,
		min: ends.slice(0, count),
		max: ends.slice(count),
		filters: one ? 1 : filters,
		start: kind === 'matrix' ? start : [0, 0],
		whole: kind === 'matrix' ? [view[0] as number, view[1] as number] : [height, width],
		axes
	};
	return { field: laid.field, picture };
}
