import { OperationMapper } from '@tensorflow/tfjs-converter/dist/operations/operation_mapper';
import type { Node } from '@tensorflow/tfjs-converter/dist/operations/types';
import * as v from 'valibot';
import { LabError } from '#contracts/errors.ts';
import { isObject, type JsonObject } from '#maths/json.ts';

/** A GraphDef as JSON -> the converter's nodes. The converter sees names of ours only: it looks them up in plain objects. */

export interface Definition {
	nodes: ReadonlyMap<string, Node>;
	/** `name`, or `name:k` for its k-th output. */
	outputs: readonly string[];
}

const MAX_NODES = 200_000;
const entry = v.custom<JsonObject>(isObject);
const number = v.union([v.number(), v.string()]);
const bytes = v.union([v.string(), v.array(v.number())]);
const Shape = v.looseObject({ dim: v.optional(v.array(entry)) });
const values = {
	s: v.optional(bytes),
	i: v.optional(number),
	f: v.optional(v.nullable(number)),
	b: v.optional(v.boolean()),
	type: v.optional(number),
	shape: v.optional(Shape),
	tensor: v.optional(entry),
	list: v.optional(v.record(v.string(), v.array(v.unknown())))
};
const Attributes = v.record(v.string(), v.looseObject(values));
const NodeDef = v.looseObject({
	name: v.pipe(v.string(), v.minLength(1), v.maxLength(2000)),
	op: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
	input: v.optional(v.nullable(v.array(v.string()))),
	attr: v.optional(v.nullable(entry))
});
type NodeDef = v.InferOutput<typeof NodeDef>;

const damaged = (what: string) => new LabError(what, 'Convert the model again.');

/** `name:out:1` -> name. */
export const nodeOf = (reference: string) => reference.split(':')[0] as string;

/** `name:0` and `name:out:0` are the first output; `name:1` the second. */
export function reference(input: string): string {
	const parts = input.split(':');
	const output = Number(parts.length > 1 ? parts.at(-1) : 0);
	return output ? `${parts[0]}:${output}` : (parts[0] as string);
}

/** @throws LabError naming the node that is doubled, reads what is not there, lies in a ring, or cannot be read */
export function graphDefinition(topology: unknown, signature: unknown): Definition {
	const list = isObject(topology) ? topology['node'] : null;
	if (!Array.isArray(list) || !list.length)
		throw damaged('The file has no graph in it: modelTopology.node is missing.');
	if (list.length > MAX_NODES) throw damaged(`The graph has ${list.length} nodes, more than can be shown.`);
	const defs = list.map((node, i) => checked(node, i));
	const indices = new Map<string, number>();
	for (const [i, { name }] of defs.entries()) {
		if (indices.has(name)) throw damaged(`Two nodes are called "${name}": they cannot be told apart.`);
		indices.set(name, i);
	}
	const inputs = defs.map(({ name, input }) => {
		const data = (input ?? []).filter((reference) => !reference.startsWith('^'));
		const missing = data.find((reference) => !indices.has(nodeOf(reference)));
		if (missing !== undefined) throw damaged(`The node "${name}" reads "${missing}", which is not in the file.`);
		return data;
	});
	const sources = inputs.map((data) => data.map((reference) => indices.get(nodeOf(reference)) as number));
	refuseRings(defs, sources);
	const inner = (reference: string) => {
		const [name, ...rest] = reference.split(':');
		return [`n${indices.get(name as string)}`, ...rest].join(':');
	};
	const nodes = transformed(
		defs.map((def, i) => ({ ...def, name: `n${i}`, input: inputs[i]?.map(inner) ?? [] })),
		defs
	);
	for (const node of nodes) {
		const back = (reference: string) => reference.replace(/^n(\d+)/, (_, i: string) => defs[Number(i)]?.name ?? '');
		node.inputNames = node.inputNames.map(back);
	}
	for (const [i, node] of nodes.entries()) node.name = (defs[i] as NodeDef).name;
	return {
		nodes: new Map(nodes.map((node) => [node.name, node])),
		outputs: outputsOf(signature, nodes, indices)
	};
}

function checked(node: unknown, index: number): NodeDef {
	const named = isObject(node) && typeof node['name'] === 'string' ? `"${node['name'].slice(0, 100)}"` : index + 1;
	const result = v.safeParse(NodeDef, node);
	if (!result.success) throw damaged(`The node ${named} of the graph has no proper name, op and input.`);
	const def = result.output;
	if (/^\^|:/.test(def.name)) throw damaged(`The node ${named} has a name that no node can have.`);
	// The values of constants lie in the weight files; what stands beside them is left out.
	const attributes = v.safeParse(Attributes, def.attr ?? {});
	if (!attributes.success) throw damaged(`The attributes of the node ${named} (${def.op}) cannot be read.`);
	return { ...def, attr: def.attr ?? {} };
}

/** Loops are said by NextIteration; any other ring can never be computed. By counting what each node still waits for. */
function refuseRings(defs: readonly NodeDef[], sources: readonly (readonly number[])[]): void {
	const readers = new Map<number, number[]>();
	const waits = sources.map((list, i) => {
		const counted = list.filter((source) => defs[source]?.op !== 'NextIteration');
		for (const source of counted) {
			const found = readers.get(source);
			if (found) found.push(i);
			else readers.set(source, [i]);
		}
		return counted.length;
	});
	const ready = waits.flatMap((count, i) => (count ? [] : [i]));
	while (ready.length)
		for (const reader of readers.get(ready.pop() as number) ?? [])
			if (--(waits[reader] as number) === 0) ready.push(reader);
	const stuck = waits.findIndex((count) => count > 0);
	if (stuck < 0) return;
	// Going back from one that waits leads into a ring.
	const seen = new Map<number, number>();
	let at = stuck;
	while (!seen.has(at)) {
		seen.set(at, seen.size);
		at = sources[at]?.find((source) => (waits[source] ?? 0) > 0 && defs[source]?.op !== 'NextIteration') ?? at;
	}
	const ring = [...seen].filter(([, order]) => order >= (seen.get(at) ?? 0)).map(([i]) => `"${defs[i]?.name}"`);
	const shown = ring.length > 5 ? [...ring.slice(0, 4), '…', ring.at(-1)] : ring;
	throw damaged(
		ring.length === 1
			? `The node ${ring[0]} reads its own output.`
			: `The nodes ${shown.join(', ')} form a ring: each reads what it helps to make.`
	);
}

type Mapper = (typeof OperationMapper)['Instance'];
type GraphDef = Parameters<Mapper['transformGraph']>[0];

/** @param defs with their own names, for sentences */
function transformed(renamed: readonly NodeDef[], defs: readonly NodeDef[]): Node[] {
	// Bodies of functions are left out: what calls them is not run.
	const transform = (node: readonly NodeDef[]) =>
		OperationMapper.Instance.transformGraph({ node } as unknown as GraphDef).nodes;
	try {
		const nodes = transform(renamed);
		return renamed.map(({ name }) => nodes[name] as Node);
	} catch (error) {
		const bad = renamed.findIndex((def) => {
			try {
				transform([{ ...def, input: [] }]);
				return false;
			} catch {
				return true;
			}
		});
		const def = defs[bad];
		const message = def
			? `The attributes of the node "${def.name}" (${def.op}) cannot be read.`
			: 'The graph cannot be read.';
		throw new LabError(message, 'Convert the model again.', { cause: error });
	}
}

/** What the signature calls outputs; else all that nothing reads. */
function outputsOf(signature: unknown, nodes: readonly Node[], indices: ReadonlyMap<string, number>): string[] {
	const declared = isObject(signature) && isObject(signature['outputs']) ? Object.values(signature['outputs']) : [];
	const names = declared.flatMap((output) =>
		isObject(output) && typeof output['name'] === 'string' ? [output['name']] : []
	);
	const found = names.filter((name) => indices.has(nodeOf(name)));
	if (names.length && !found.length)
		throw damaged(`The signature names the output "${names[0]}", which is not in the graph.`);
	const fixed = found.find((name) => nodes[indices.get(nodeOf(name)) as number]?.op === 'Const');
	if (fixed !== undefined) throw damaged(`The output "${fixed}" of the graph is a constant.`);
	if (found.length) return [...new Set(found.map(reference))];
	const ends = nodes.filter((node) => !node.children.length && node.op !== 'Const');
	if (!ends.length) throw damaged('The graph has no output.');
	return ends.map(({ name }) => name);
}
