import { LabError } from '#contracts/errors.ts';
import type { AttrValue, Attributes, FunctionDef, GraphDef, NodeDef } from '#loaders/tensorflow/graph-def.ts';

/** A graph without calls: bodies of functions stand in the place of what calls them, as far as outputs need them. */

const MAX_NODES = 200_000;
const DEEPEST = 64;
const CALLS = new Set(['PartitionedCall', 'StatefulPartitionedCall']);

/** Names of outputs of operations with several; those of all others follow each other by number. */
const OUTPUTS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
	...['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'].map(
		(op) =>
			[op, ['y', 'batch_mean', 'batch_variance', 'reserve_space_1', 'reserve_space_2', 'reserve_space_3']] as const
	),
	['TopKV2', ['values', 'indices']],
	['Unique', ['y', 'idx']],
	['MaxPoolWithArgmax', ['output', 'argmax']],
	['Switch', ['output_false', 'output_true']],
	['Merge', ['output', 'value_index']],
	['Moments', ['mean', 'variance']],
	['NonMaxSuppressionV4', ['selected_indices', 'valid_outputs']],
	['NonMaxSuppressionV5', ['selected_indices', 'selected_scores', 'valid_outputs']]
]);

/** The graph itself, or the body of a function where it is called. */
interface Scope {
	nodes: ReadonlyMap<string, NodeDef>;
	/** Put before the names of its nodes. */
	prefix: string;
	depth: number;
	attributes: Attributes;
	/** How an argument is read; null for what is none. */
	argument(name: string): string | null;
	/** Bodies of the functions that it calls. */
	bodies: Map<NodeDef, { scope: Scope; body: FunctionDef }>;
	/** Names that its nodes have in the whole. */
	names: Map<NodeDef, string>;
}

const byName = (nodes: readonly NodeDef[]) => new Map(nodes.map((node) => [node.name, node]));
const broken = (what: string) => new LabError(`The graph is broken: ${what}.`, 'Export the model again.');

export interface Inlined {
	/** In no special order; inputs are `name` or `name:k`. */
	nodes: NodeDef[];
	/** What the references that were asked for are called now. */
	references: string[];
}

/** @param requested references of the graph itself */
export function inlined(graph: GraphDef, requested: readonly string[]): Inlined {
	const found: NodeDef[] = [];
	const taken = new Set<string>();
	const waiting: { node: NodeDef; name: string; scope: Scope }[] = [];

	function unique(name: string): string {
		let free = name;
		for (let k = 1; taken.has(free); k++) free = `${name}_${k}`;
		taken.add(free);
		return free;
	}

	function resolved(scope: Scope, reference: string): string {
		const [name = '', ...rest] = reference.split(':');
		const argument = scope.argument(name);
		if (argument !== null) return argument;
		const node = scope.nodes.get(name);
		if (!node) throw broken(`“${name}” is read and is not in it`);
		const output = outputOf(node, rest);
		const call = calledBy(node, scope);
		if (call) {
			const result = call.body.returns.get(call.body.outputs[output] ?? '');
			if (result === undefined) throw broken(`the function “${call.body.name}” has no output ${output}`);
			return resolved(call.scope, result);
		}
		let own = scope.names.get(node);
		if (own === undefined) {
			own = unique(scope.prefix + name);
			scope.names.set(node, own);
			waiting.push({ node, name: own, scope });
			if (waiting.length + found.length > MAX_NODES) throw broken('it has more nodes than can be shown');
		}
		return output ? `${own}:${output}` : own;
	}

	function calledBy(node: NodeDef, scope: Scope) {
		const known = scope.bodies.get(node);
		if (known) return known;
		const name = CALLS.has(node.op) ? node.attributes.get('f')?.func : node.op;
		const body = graph.functions.get(name ?? '');
		if (!body) {
			if (CALLS.has(node.op)) throw broken(`it calls the function “${name}”, which is not in it`);
			return null;
		}
		if (scope.depth >= DEEPEST) throw broken(`the function “${body.name}” calls itself`);
		const indices = new Map(body.inputs.map((input, i) => [input, i]));
		const read = new Map<number, string>();
		// Of a call by that name alone nothing is to be learnt: its nodes stand where it stands.
		const own = node.name.replace(/\/?(Stateful)?PartitionedCall(_\d+)?$/, '');
		const inner: Scope = {
			nodes: byName(body.nodes),
			prefix: own ? `${scope.prefix}${own}/` : scope.prefix,
			depth: scope.depth + 1,
			attributes: node.attributes,
			argument(name) {
				const index = indices.get(name);
				if (index === undefined) return null;
				const input = node.inputs[index];
				if (input === undefined) throw broken(`the function “${body.name}” is called without “${name}”`);
				const reference = read.get(index) ?? resolved(scope, input);
				read.set(index, reference);
				return reference;
			},
			bodies: new Map(),
			names: new Map()
		};
		const made = { scope: inner, body };
		scope.bodies.set(node, made);
		return made;
	}

	const root: Scope = {
		nodes: byName(graph.nodes),
		...{ prefix: '', depth: 0, attributes: new Map() },
		argument: () => null,
		...{ bodies: new Map(), names: new Map() }
	};
	const references = requested.map((reference) => resolved(root, reference));
	for (let next = waiting.pop(); next; next = waiting.pop()) {
		const { node, name, scope } = next;
		const inputs = node.inputs.map((input) => resolved(scope, input));
		found.push({ name, op: node.op, inputs, attributes: filled(node.attributes, scope.attributes) });
	}
	return { nodes: found, references };
}

/** `node:1` in a graph, `node:output:1` in a function. */
function outputOf(node: NodeDef, rest: readonly string[]): number {
	const index = Number(rest.at(-1) ?? 0);
	const before = rest.length > 1 ? Math.max(0, OUTPUTS.get(node.op)?.indexOf(rest[0] as string) ?? 0) : 0;
	const output = before + index;
	if (!Number.isSafeInteger(output) || output < 0) throw broken(`“${node.name}” has no output “${rest.join(':')}”`);
	return output;
}

/** What a function leaves open is said by its call. */
function filled(own: Attributes, call: Attributes): Attributes {
	const entries = [...own].flatMap(([name, value]): [string, AttrValue][] => {
		if (value.placeholder === undefined) return [[name, value]];
		const given = call.get(value.placeholder);
		return given ? [[name, given]] : [];
	});
	return new Map(entries);
}
