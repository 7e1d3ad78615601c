import type { GraphNode, WeightInfo } from '#contracts/graph.ts';
import { operatorOf, operators } from '#engine/model/operators/index.ts';
import { lastShape, outputsLast } from '#engine/model/outputs-last.ts';
import * as tf from '#engine/tf.ts';
import { product } from '#maths/product.ts';

/** What the axes of a weight mean. */

export interface WeightShape {
	/** `kernels`: pictures of height x width, one per input and filter. `matrix`: everything else. */
	kind: 'kernels' | 'matrix';
	/** The weight reshaped: [height, width, inputs, filters], or [rows, columns]. */
	view: readonly number[];
	/** Axis of `view` along which filters are counted; null for what has none. */
	filterAxis: number | null;
	/** What a row and a column of a matrix are. */
	axes: readonly [string, string];
	/** Names of the gates that share the last axis; empty for none. */
	gates: readonly string[];
}

const KERNELS = /kernel|depthwise|pointwise|recurrent|embeddings|weights?$/i;

/** Whether a weight multiplies its input, rather than being added, scaling or remembered. */
export function isKernel({ shape, dtype, role = '' }: WeightInfo): boolean {
	if (dtype !== 'float32' || shape.length < 2) return false;
	if (/bias|gamma|beta|mean|variance|alpha|scale|offset/.test(role)) return false;
	return KERNELS.test(role) || shape.filter((n) => n > 1).length >= 2;
}

function gatesOf({ type }: GraphNode, { name, shape, role }: WeightInfo): readonly string[] {
	const { gates } = operatorOf(type);
	const own = gates === 'inner' ? innerGates(name) : gates;
	const splits = /kernel|bias/.test(role ?? name) && (shape.at(-1) ?? 0) % Math.max(1, own.length) === 0;
	return splits ? own : [];
}

/** A wrapper's weights are called after the layer within: `forward_lstm/lstm_cell/kernel`. */
function innerGates(name: string): readonly string[] {
	const lower = name.toLowerCase();
	const found = [...operators].find(([type, { gates }]) => gates.length && lower.includes(type.toLowerCase()));
	return found && found[1].gates !== 'inner' ? found[1].gates : [];
}

/** The weight with outputs last; inside a tidy. */
export function turned(tensor: tf.Tensor, weight: Pick<WeightInfo, 'order' | 'shape'>): tf.Tensor {
	const axes = outputsLast(weight);
	return axes ? tf.transpose(tensor, axes) : tensor;
}

/**
 * @param gate only this one of the gates: the last axis is so much shorter
 */
export function weightShape(node: GraphNode, weight: WeightInfo, gate: number | null = null): WeightShape {
	const gates = gatesOf(node, weight);
	const shape = lastShape(weight).map((n, axis) =>
		gate !== null && gates.length && axis === weight.shape.length - 1 ? n / gates.length : n
	);
	const kernel = isKernel(weight);
	const [a = 1, b = 1, c = 1, d = 1] = shape;
	const { kernel: order } = operatorOf(node.type);
	if (kernel && shape.length === 4 && a * b > 1) {
		// A transposed convolution has its outputs before its inputs.
		if (order === 'outputs-inputs')
			return { kind: 'kernels', view: [a, b, c, d], filterAxis: 2, axes: ['output', 'input'], gates };
		if (order === 'depthwise' || /depthwise/.test(weight.role ?? weight.name))
			return { kind: 'kernels', view: [a, b, 1, c * d], filterAxis: 3, axes: ['input', 'filter'], gates };
		return { kind: 'kernels', view: [a, b, c, d], filterAxis: 3, axes: ['input', 'filter'], gates };
	}
	if (kernel && shape.length === 5 && a * b * c > 1)
		return {
			kind: 'kernels',
			view: [a * b, c, d, shape[4] as number],
			filterAxis: 3,
			axes: ['input', 'filter'],
			gates
		};
	if (kernel && shape.length === 3 && order === 'time' && a > 1)
		// Time runs to the right, one row per input channel.
		return { kind: 'kernels', view: [1, a, b, c], filterAxis: 3, axes: ['input', 'filter'], gates };
	const columns = shape.length ? (shape.at(-1) as number) : 1;
	const rows = product(shape.slice(0, -1));
	if (!kernel) return { kind: 'matrix', view: [rows, columns], filterAxis: null, axes: ['row', 'column'], gates };
	if (weight.role === 'embeddings')
		return { kind: 'matrix', view: [rows, columns], filterAxis: 0, axes: ['entry', 'dimension'], gates };
	return { kind: 'matrix', view: [rows, columns], filterAxis: 1, axes: ['input', 'unit'], gates };
}
