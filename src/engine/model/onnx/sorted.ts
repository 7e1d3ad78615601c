import { LabError } from '#contracts/errors.ts';
import type { OnnxAttribute, OnnxGraph, OnnxNode } from '#engine/model/onnx/definition.ts';

/** The nodes that outputs need, each behind what it reads; files may have them in any order. */

const isGraph = (attribute: OnnxAttribute): attribute is OnnxGraph =>
	typeof attribute === 'object' && 'nodes' in attribute;

/** What a node reads, its branches included: they see what is around them. */
export function reads(node: OnnxNode, depth = 0): string[] {
	if (depth > 30) throw new LabError('The graph nests its parts too deeply.', 'Export the model again.');
	const inner = [...node.attributes.values()]
		.filter(isGraph)
		.flatMap(({ nodes, outputs }) => [...outputs, ...nodes.flatMap((one) => reads(one, depth + 1))]);
	return [...node.inputs, ...inner].filter(Boolean);
}

/** @throws LabError for a ring, or a value that two nodes make */
export function needed(nodes: readonly OnnxNode[], outputs: readonly string[]): OnnxNode[] {
	const makers = new Map<string, OnnxNode>();
	for (const node of nodes)
		for (const output of node.outputs) {
			if (!output) continue;
			if (makers.has(output)) throw new LabError(`Two nodes make the value "${output}".`, 'Export the model again.');
			makers.set(output, node);
		}
	const order: OnnxNode[] = [];
	const state = new Map<OnnxNode, 'open' | 'done'>();
	const find = (names: readonly string[]) => names.map((name) => makers.get(name)).filter((node) => node !== undefined);
	const stack = find(outputs).reverse();
	while (stack.length) {
		const node = stack.at(-1) as OnnxNode;
		if (state.get(node)) {
			stack.pop();
			if (state.get(node) === 'open') order.push(node);
			state.set(node, 'done');
			continue;
		}
		state.set(node, 'open');
		for (const before of find(reads(node)).reverse()) {
			if (state.get(before) === 'open')
				throw new LabError(
					`The node "${before.name || before.outputs[0]}" (${before.op}) needs what it helps to make.`,
					'Export the model again.'
				);
			if (!state.has(before)) stack.push(before);
		}
	}
	return order;
}
