import { parseReference, type Graph, type GraphNode, type Shape } from '#contracts/graph.ts';
import type { Rectangle } from '#contracts/preprocessing.ts';
import { operatorOf } from '#engine/model/operators/index.ts';

/**
 * What part of the input a cell of a layer can see (Araujo, Norris & Sim 2019, "Computing Receptive Fields of Convolutional
 * Neural Networks"). In input cells, [rows, columns] each.
 */
export interface ReceptiveField {
	/** Infinite where all of the input counts. */
	size: readonly [number, number];
	/** Input cells from one output cell to the next. */
	jump: readonly [number, number];
	/** First input cell that output cell 0 sees; negative in the padding. */
	start: readonly [number, number];
}

const ALL: ReceptiveField = { size: [Infinity, Infinity], jump: [0, 0], start: [0, 0] };
const both = (f: (axis: 0 | 1) => number): [number, number] => [f(0), f(1)];

const grid = (shape: Shape): [number, number] | null =>
	shape.length === 4 && shape[1] && shape[2] ? [shape[1], shape[2]] : null;

/** The union over several inputs of one grid. */
function union(fields: readonly ReceptiveField[]): ReceptiveField {
	const start = both((axis) => Math.min(...fields.map((field) => field.start[axis])));
	const end = both((axis) => Math.max(...fields.map((field) => field.start[axis] + field.size[axis])));
	return {
		start,
		size: both((axis) => end[axis] - start[axis]),
		jump: both((axis) => Math.max(...fields.map((field) => field.jump[axis])))
	};
}

function through(node: GraphNode, input: ReceptiveField, shape: Shape): ReceptiveField {
	const from = grid(shape);
	const to = grid(node.shape);
	const window = from && to && operatorOf(node.type).positions(node, from, to);
	if (!window) return ALL;
	const { size, stride, first } = window;
	return {
		size: both((axis) => input.size[axis] + (size[axis] - 1) * input.jump[axis]),
		jump: both((axis) => input.jump[axis] * stride[axis]),
		start: both((axis) => input.start[axis] + first[axis] * input.jump[axis])
	};
}

/**
 * @param inputs ids of those that are looked at
 * @returns by node id; nodes that do not depend on such an image are missing
 */
export function receptiveFields(graph: Graph, inputs: readonly string[] = graph.inputs): Map<string, ReceptiveField> {
	const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
	const fields = new Map<string, ReceptiveField>();
	for (const node of graph.nodes) {
		if (graph.inputs.includes(node.id)) {
			if (inputs.includes(node.id) && grid(node.shape))
				fields.set(node.id, { size: [1, 1], jump: [1, 1], start: [0, 0] });
			continue;
		}
		const before = node.inputs.flatMap((reference) => {
			const id = parseReference(reference)[0];
			const field = fields.get(id);
			return field ? [through(node, field, (nodes.get(id) as GraphNode).shape)] : [];
		});
		if (before.length) fields.set(node.id, union(before));
	}
	return fields;
}

/** The part of the input that one cell sees, cut to the input. */
export function receptiveFieldOf(
	{ size, jump, start }: ReceptiveField,
	position: readonly [row: number, column: number],
	input: readonly [height: number, width: number]
): Rectangle {
	const from = both((axis) => Math.max(0, Number.isFinite(size[axis]) ? start[axis] + position[axis] * jump[axis] : 0));
	const to = both((axis) =>
		Math.min(
			input[axis],
			Number.isFinite(size[axis]) ? start[axis] + position[axis] * jump[axis] + size[axis] : Infinity
		)
	);
	return { x: from[1], y: from[0], width: Math.max(0, to[1] - from[1]), height: Math.max(0, to[0] - from[0]) };
}
