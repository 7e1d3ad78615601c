import type { Graph, GraphNode } from '#contracts/graph.ts';
import type { OperatorTraits } from '#contracts/operator.ts';
import type { NodeCost } from '#contracts/structure.ts';

/** A model's structure as a JSON file for programs. What is added later leaves this readable; what changes it is another version. */
export interface GraphFile {
	format: 'vitrine-graph';
	version: 1;
	title: string;
	/** Numbers in all weights, each counted once. */
	parameters: number;
	/** Every node behind those it reads: ids, types, attributes, shapes (null: open, the batch mostly), weights by name. */
	nodes: readonly (GraphNode & { cost: GraphFileCost })[];
	/** Ids of the nodes to feed, and references (`id` or `id:k`) of what the model returns. */
	inputs: readonly string[];
	outputs: readonly string[];
	/** What is known of the types of its nodes. */
	operators: Readonly<Record<string, OperatorTraits>>;
}

interface GraphFileCost {
	/** Numbers in its weights; those that a node before it has are counted there. */
	parameters: number;
	/** Multiply-adds for one row; null where the operation is not counted. */
	macs: number | null;
	/** Of its output for one row, as float32. */
	activationBytes: number;
	/** Input pixels that one cell sees, [rows, columns]; null without an image. JSON has no infinity. */
	receptiveField: readonly (number | 'all')[] | null;
}

/** @param costs by node id */
export function graphJson(graph: Graph, costs: Readonly<Record<string, NodeCost>>, title: string): string {
	const nodes = graph.nodes.map((node) => {
		const { parameters, macs, activation, receptive } = costs[node.id] as NodeCost;
		const receptiveField = receptive?.map((n) => (Number.isFinite(n) ? n : 'all')) ?? null;
		return { ...node, cost: { parameters, macs, activationBytes: activation, receptiveField } };
	});
	const file: GraphFile = {
		...{ format: 'vitrine-graph', version: 1, title },
		parameters: nodes.reduce((sum, { cost }) => sum + cost.parameters, 0),
		...{ nodes, inputs: graph.inputs, outputs: graph.outputs },
		operators: Object.fromEntries(graph.operators)
	};
	return JSON.stringify(file, null, '\t');
}
