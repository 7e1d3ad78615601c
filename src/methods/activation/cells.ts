import type { Cells } from '#contracts/anatomy.ts';
import { cellGridOf, cellStatsOf } from '#engine/kernels/cells.ts';
import { operatorOf } from '#engine/model/operators/index.ts';
import * as tf from '#engine/tf.ts';
import { cellLayout, type CellLayout } from '#maths/cells.ts';
import { product } from '#maths/product.ts';

/** A layer's activation laid out as pictures side by side, on the GPU: one tensor, one texture. */

/** Longest side of a field: what every WebGL can hold. */
const SIDE = 4096;

/** A softmax over matrices is attention. */
const sharesOut = (type: string) => operatorOf(type).head === 'softmax';

/** Rows of [h, w, cells] that are pictures of their own. */
export type Stack = {
	kind: Cells['kind'];
	/** [h, w, cells]; the caller disposes. */
	tensor: tf.Tensor3D;
};

/**
 * @param activation of a batch; its first row counts
 * @param type of the node
 */
export function stackOf(activation: tf.Tensor, type: string): Stack {
	return tf.tidy(() => {
		const first = activation.shape[0] === 1 ? activation : tf.slice(activation, 0, 1);
		const row = first.dtype === 'float32' ? first : tf.cast(first, 'float32');
		const shape = activation.shape.slice(1);
		const as = (kind: Cells['kind'], tensor: tf.Tensor, sides: [number, number, number]): Stack => ({
			kind,
			tensor: tf.reshape(tensor, sides)
		});
		if (shape.length < 2) return as('units', row, [1, 1, row.size]);
		const [n, m] = shape.slice(-2) as [number, number];
		// Time runs to the right, as in a score.
		if (shape.length === 2) return as('sequence', tf.transpose(row, [0, 2, 1]), [m, n, 1]);
		if (shape.length === 3 && sharesOut(type))
			return as('heads', tf.transpose(row, [0, 2, 3, 1]), [n, m, shape[0] as number]);
		// Whatever lies before the grid is stacked above it: frames of a film, parts of a set.
		return as('maps', row, [row.size / (n * m), n, m]);
	});
}

/** [5, cells]: mean, std, min, max, share of zeros. The caller disposes. */
export function cellStats({ tensor }: Stack): tf.Tensor2D {
	return cellStatsOf(tensor);
}

/**
 * The first `maxCells` cells in rows, each thinned by averaging to at most `side` numbers.
 * @returns the field [rows x height, columns x width], which the caller disposes, and how to read it
 */
export function grid(
	{ kind, tensor }: Stack,
	maxCells: number,
	side: number
): { field: tf.Tensor2D; cells: Cells; thinned: number } {
	const { layout, cells } = layoutOf(tensor.shape, kind, maxCells, side);
	return { field: cellGridOf(tensor, layout), cells, thinned: layout.thinned };
}

/** @param sides height, width and number of the cells */
export function layoutOf(
	sides: readonly [number, number, number],
	kind: Cells['kind'],
	maxCells: number,
	side: number
): { layout: CellLayout; cells: Cells } {
	const layout = cellLayout(...sides, maxCells, side, SIDE);
	const { width, height, columns, shown } = layout;
	return { layout, cells: { kind, count: sides[2], width, height, columns, shown } };
}

/** [h, w, cells] of a batch of one whose numbers lie as a stack of maps or units does; null for all others. */
export function inOrder([batch, ...shape]: readonly number[], type: string): [number, number, number] | null {
	if (batch !== 1 || shape.length === 2 || (shape.length === 3 && sharesOut(type))) return null;
	const size = product(shape);
	if (shape.length < 2) return [1, 1, size];
	const [w, count] = shape.slice(-2) as [number, number];
	return [size / (w * count), w, count];
}
