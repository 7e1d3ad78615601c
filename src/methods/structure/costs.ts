import { parseReference, type Graph } from '#contracts/graph.ts';
import type { NodeCost } from '#contracts/structure.ts';
import { operatorOf } from '#engine/model/operators/index.ts';
import { product, sizeOf } from '#engine/model/rules/macs.ts';
import { receptiveFields } from '#methods/structure/receptive-field.ts';

/** What every node costs, as its operator's entry says, by node id. */
export function nodeCosts(graph: Graph): Map<string, NodeCost> {
	const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
	const fields = receptiveFields(graph);
	const counted = new Set<string>();
	return new Map(
		graph.nodes.map((node) => {
			const inputs = node.inputs.flatMap((reference) => nodes.get(parseReference(reference)[0]) ?? []);
			const parameters = node.weights.reduce((sum, { name, shape }) => {
				if (counted.has(name)) return sum;
				counted.add(name);
				return sum + product(shape);
			}, 0);
			const receptive = fields.get(node.id)?.size ?? null;
			const unknown = node.unknown || inputs.some((input) => input.unknown);
			const macs = unknown ? null : operatorOf(node.type).macs(node, inputs);
			return [node.id, { parameters, macs, activation: node.unknown ? 0 : 4 * sizeOf(node.shape), receptive }];
		})
	);
}
