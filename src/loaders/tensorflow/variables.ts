import type { GraphDef, NodeDef } from '#loaders/tensorflow/graph-def.ts';
import { decodedStrings } from '#loaders/tensorflow/strings.ts';

/** Which tensor of the checkpoint a variable is restored from: the graph itself says it, by how it restores. */

/** By the name of the variable's node in the graph. */
export function checkpointKeys(graph: GraphDef): ReadonlyMap<string, string> {
	const keys = new Map<string, string>();
	assigned(graph.nodes, (name) => name, keys);
	for (const call of graph.nodes) {
		const body = graph.functions.get(call.attributes.get('f')?.func ?? '');
		if (!body?.nodes.some(({ op }) => op === 'RestoreV2')) continue;
		const indices = new Map(body.inputs.map((input, i) => [input, i]));
		assigned(body.nodes, (name) => call.inputs[indices.get(name) ?? -1], keys);
	}
	return keys;
}

const nameOf = (reference: string | undefined) => (reference ?? '').split(':')[0] as string;

function assigned(
	nodes: readonly NodeDef[],
	variable: (name: string) => string | undefined,
	keys: Map<string, string>
) {
	const byName = new Map(nodes.map((node) => [node.name, node]));
	for (const node of nodes) {
		if (node.op !== 'AssignVariableOp' && node.op !== 'Assign') continue;
		const [target, value] = node.inputs;
		let reference = value;
		let from = byName.get(nameOf(reference));
		for (let k = 0; from?.op === 'Identity' && k < nodes.length; k++) {
			reference = from.inputs[0];
			from = byName.get(nameOf(reference));
		}
		if (from?.op !== 'RestoreV2') continue;
		const names = byName.get(nameOf(from.inputs[1]))?.attributes.get('value')?.tensor;
		const key = names && decodedStrings(names)[Number((reference as string).split(':').slice(1).at(-1) ?? 0)];
		const name = variable(nameOf(target));
		if (key !== undefined && name !== undefined) keys.set(nameOf(name), key);
	}
}
