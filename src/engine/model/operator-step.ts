import type { GraphNode } from '#contracts/graph.ts';
import * as kit from '#engine/model/kit.ts';
import { operators } from '#engine/model/operators/index.ts';
import type { Roles } from '#engine/model/operators/operator.ts';
import type { Step } from '#engine/model/step.ts';

/** A step that the operator table computes. @throws if no entry computes the node's type */
export function operatorStep(node: GraphNode, roles: Roles = {}): Step {
	const compute = operators.get(node.type)?.compute;
	if (!compute) throw new Error(`There is no operator ${node.type}.`);
	const byName = new Map(Object.entries(roles).map(([role, name]) => [name, role]));
	const weights = node.weights.map((weight) => ({ ...weight, role: byName.get(weight.name) ?? '' }));
	return {
		node: { ...node, weights },
		compute(inputs, lookup) {
			const optional = (role: string) => (roles[role] === undefined ? undefined : lookup(roles[role]));
			const outputs = compute(inputs, {
				tf: kit,
				node,
				optional,
				weight(role) {
					const weight = optional(role);
					if (!weight) throw new Error(`it lacks its ${role}`);
					return weight;
				}
			});
			return Array.isArray(outputs) ? outputs : [outputs];
		}
	};
}
