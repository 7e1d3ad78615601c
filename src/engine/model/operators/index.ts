import type { GraphNode } from '#contracts/graph.ts';
import type { Operator, Operators, Roles } from '#engine/model/operators/operator.ts';
import type { Step } from '#engine/model/step.ts';

const modules = import.meta.glob<Operators>(['./*.ts', '!./index.ts', '!./operator.ts'], {
	eager: true,
	import: 'default'
});

/** The operator table: every format's nodes become these. A new file in this folder joins it. */
export const operators: ReadonlyMap<string, Operator> = new Map(
	Object.values(modules).flatMap((table) => Object.entries(table))
);

const entries = Object.values(modules).reduce((sum, table) => sum + Object.keys(table).length, 0);
if (entries !== operators.size) throw new Error('Two operators share a name.');

/** A step that the table computes. @throws if the table lacks the node's type */
export function operatorStep(node: GraphNode, roles: Roles = {}): Step {
	const operator = operators.get(node.type);
	if (!operator) throw new Error(`There is no operator ${node.type}.`);
	const byName = new Map(Object.entries(roles).map(([role, name]) => [name, role]));
	const weights = node.weights.map((weight) => ({ ...weight, role: byName.get(weight.name) ?? '' }));
	return {
		node: { ...node, weights },
		compute(inputs, lookup) {
			const optional = (role: string) => (roles[role] === undefined ? undefined : lookup(roles[role]));
			const outputs = operator(inputs, {
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
