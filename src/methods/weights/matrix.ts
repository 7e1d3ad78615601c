import type { GraphNode, WeightInfo } from '#contracts/graph.ts';
import type { SpectrumSource } from '#contracts/weights.ts';
import * as tf from '#engine/tf.ts';
import { turned, weightShape } from '#methods/weights/shape.ts';

/** A weight as a matrix, on the engine. */

/** Numbers up to which the matrix itself is handed over, and the longest side whose values are all computed. */
const READ = 1 << 22;
const SIDE = 1024;
/** Power iteration: more steps change the seventh digit only where σ₁ and σ₂ are nearly equal. */
const STEPS = 100;

/** One gate of a recurrent weight; the whole with null. A tensor of its own. */
export function gateOf(tensor: tf.Tensor, gate: number | null, gates: number): tf.Tensor {
	if (gate === null || !gates) return tf.clone(tensor);
	const width = (tensor.shape.at(-1) as number) / gates;
	const begin = tensor.shape.map((_, axis) => (axis === tensor.rank - 1 ? gate * width : 0));
	const size = tensor.shape.map((n, axis) => (axis === tensor.rank - 1 ? width : n));
	return tf.slice(tensor, begin, size);
}

/** [inputs, filters] in float32: what one output channel multiplies is a column. The caller disposes. */
export function matrixOf(
	tensor: tf.Tensor,
	node: GraphNode,
	weight: WeightInfo,
	gate: number | null = null
): tf.Tensor2D {
	return tf.tidy(() => {
		const whole = weightShape(node, weight);
		const { view, filterAxis } = weightShape(node, weight, gate);
		const part = tf.cast(gateOf(turned(tensor, weight), gate, whole.gates.length), 'float32');
		if (view.length === 2) return tf.reshape(part, view as [number, number]);
		const full = tf.reshape(part, [...view]);
		const last = filterAxis === 2 ? tf.transpose(full, [0, 1, 3, 2]) : full;
		const filters = last.shape[3] as number;
		return tf.reshape(last, [last.size / Math.max(1, filters), filters]) as tf.Tensor2D;
	});
}

/** [filters, numbers of one]; null for weights without filters. The caller disposes. */
export function filterRows(tensor: tf.Tensor, node: GraphNode, weight: WeightInfo): tf.Tensor2D | null {
	const { filterAxis } = weightShape(node, weight);
	if (filterAxis === null || !tensor.size) return null;
	return tf.tidy(() => {
		const matrix = matrixOf(tensor, node, weight);
		return filterAxis === 0 ? tf.clone(matrix) : (tf.transpose(matrix) as tf.Tensor2D);
	});
}

/**
 * What the spectrum is computed from. Up to 4 million numbers with a side of at most 1024 the matrix is handed over: that
 * takes less than the decomposition, which is then in double precision. Longer ones send the Gram matrix of their smaller
 * side; where both sides are longer, only the largest value is found, by power iteration on the engine.
 */
export async function spectrumSource(matrix: tf.Tensor2D): Promise<SpectrumSource> {
	const [rows, columns] = matrix.shape;
	const side = Math.min(rows, columns);
	const squares = tf.tidy(() => tf.sum(tf.square(matrix), 1));
	const partial = (await squares.data().finally(() => squares.dispose())) as Float32Array;
	const energy = partial.reduce((sum, value) => sum + value, 0);
	const size = { rows, columns, energy };
	const read = async (make: () => tf.Tensor) => {
		const tensor = tf.tidy(make);
		return Float32Array.from(await tensor.data().finally(() => tensor.dispose()));
	};
	if (side > SIDE) return { ...size, kind: 'leading', values: await read(() => leading(matrix)) };
	if (matrix.size <= READ) return { ...size, kind: 'exact', values: await read(() => tf.clone(matrix)) };
	const wide = rows <= columns;
	return { ...size, kind: 'gram', values: await read(() => tf.matMul(matrix, matrix, !wide, wide)) };
}

/** [1]: the largest singular value. */
function leading(matrix: tf.Tensor2D): tf.Tensor {
	let v = tf.randomNormal([matrix.shape[1], 1], 0, 1, 'float32', 1) as tf.Tensor2D;
	for (let step = 0; step < STEPS; step++)
		v = tf.tidy(() => {
			const next = tf.matMul(matrix, tf.matMul(matrix, v), true) as tf.Tensor2D;
			return tf.div(next, tf.norm(next)) as tf.Tensor2D;
		});
	return tf.reshape(tf.norm(tf.matMul(matrix, v)), [1]);
}
