import type { GraphNode } from '#contracts/graph.ts';
import * as kit from '#engine/model/kit.ts';
import { operators } from '#engine/model/operators/index.ts';
import type { Roles } from '#engine/model/operators/operator.ts';
import type { Step, Weights } from '#engine/model/step.ts';
import * as tf from '#engine/tf.ts';

/** Where an operand of a step comes from. */
export type OperandSource =
	| { input: number }
	| { weight: string }
	| { literal: { shape: readonly number[]; dtype: 'float32' | 'int32' | 'bool'; values: ArrayLike<number> } };

/**
 * A step that the operator table computes, of which any operand may be a value, a weight or a number in the node: files keep
 * kernels as constants, but may as well compute them.
 * @param operands null: its inputs as they come
 * @throws if no entry computes the node's type
 */
export function tableStep(
	node: GraphNode,
	operands: readonly OperandSource[] | null,
	roles: Readonly<Record<string, OperandSource>>
): Step {
	const compute = operators.get(node.type)?.compute;
	if (!compute) throw new Error(`There is no operator ${node.type}.`);
	return {
		node,
		compute(inputs, lookup) {
			const at = (source: OperandSource) => found(source, inputs, lookup);
			const optional = (role: string) => (Object.hasOwn(roles, role) ? at(roles[role] as OperandSource) : undefined);
			const outputs = compute(operands?.map(at) ?? inputs, {
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

function found(source: OperandSource, inputs: readonly tf.Tensor[], lookup: Weights): tf.Tensor {
	if ('input' in source) return inputs[source.input] as tf.Tensor;
	if ('weight' in source) return lookup(source.weight);
	const { shape, dtype, values } = source.literal;
	return tf.tensor(Array.from(values), [...shape], dtype);
}

/** One whose operands are its inputs, and whose weights are those of the graph. @throws as above */
export function operatorStep(node: GraphNode, roles: Roles = {}): Step {
	const byName = new Map(Object.entries(roles).map(([role, name]) => [name, role]));
	const weights = node.weights.map((weight) => ({ ...weight, role: byName.get(weight.name) ?? '' }));
	const sources = Object.entries(roles).map(([role, weight]) => [role, { weight }] as const);
	return tableStep({ ...node, weights }, null, Object.fromEntries(sources));
}
