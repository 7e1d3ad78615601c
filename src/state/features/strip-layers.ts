import { parseReference, type Graph, type GraphNode } from '#contracts/graph.ts';

/** Which layers an activation strip shows, and what they are called. */

export interface StripLayer {
	/** Node id. */
	id: string;
	/** The nodes from the one with weights to this one: a convolution, its normalisation, its activation. */
	chain: readonly Pick<GraphNode, 'id' | 'type'>[];
}

const numeric = ({ dtype }: GraphNode) => dtype === 'float32' || dtype === 'int32' || dtype === 'bool';

/**
 * @param every all nodes; else a convolution with its normalisation and activation is one layer, shown as it leaves
 */
export function stripLayers({ nodes, inputs, operators }: Graph, every: boolean): StripLayer[] {
	const part = (node: GraphNode | undefined) => operators.get(node?.type ?? '')?.strip ?? 'layer';
	const consumers = new Map<string, GraphNode[]>();
	for (const node of nodes)
		for (const reference of node.inputs) {
			const [id] = parseReference(reference);
			consumers.set(id, [...(consumers.get(id) ?? []), node]);
		}
	const chains = new Map<string, StripLayer['chain']>();
	const layers: StripLayer[] = [];
	for (const node of nodes) {
		const [before] = node.inputs.map((reference) => parseReference(reference)[0]);
		const finishes = part(node) === 'finishes' && before !== undefined && !inputs.includes(before);
		const chain = [...((finishes && chains.get(before)) || []), { id: node.id, type: node.type }];
		chains.set(node.id, chain);
		const next = consumers.get(node.id) ?? [];
		const goesOn = next.length === 1 && part(next[0]) === 'finishes' && !inputs.includes(node.id);
		if (!numeric(node) || !node.shape.length) continue;
		if (every) layers.push({ id: node.id, chain: chain.slice(-1) });
		else if (!goesOn && part(node) !== 'hidden') layers.push({ id: node.id, chain });
	}
	return layers;
}
