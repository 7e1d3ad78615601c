import type { Graph } from '#contracts/graph.ts';
import type { NodeCost } from '#contracts/structure.ts';
import { multiplyAdds } from '#engine/model/inspect.ts';
import { sizeOf } from '#engine/model/rules/macs.ts';
import { receptiveFields } from '#methods/structure/receptive-field.ts';
import { product } from '#maths/product.ts';

/** What every node costs, as its operator's entry says, by node id. */
export function nodeCosts(graph: Graph): Map<string, NodeCost> {
	const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
	const fields = receptiveFields(graph);
	const counted = new Set<string>();
	return new Map(
		graph.nodes.map((node) => {
			const parameters = node.weights.reduce((sum, { name, shape }) => {
				if (counted.has(name)) return sum;
				counted.add(name);
				return sum + product(shape);
			}, 0);
			const receptive = fields.get(node.id)?.size ?? null;
			const macs = multiplyAdds(node, nodes);
			return [node.id, { parameters, macs, activation: node.unknown ? 0 : 4 * sizeOf(node.shape), receptive }];
		})
	);
}
