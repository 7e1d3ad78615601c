import type { StoredWeight } from '#engine/model/stored-weight.ts';
import type { JsonObject } from '#maths/json.ts';
import type { AttrValue, NodeDef } from '#loaders/tensorflow/graph-def.ts';
import { runningType, shapeOf, tensorOf } from '#loaders/tensorflow/tensors.ts';

/** Nodes as a GraphDef in JSON has them, with constants and variables as weights. */
export interface Written {
	node: JsonObject[];
	weights: ReadonlyMap<string, StoredWeight>;
}

const DTYPE = { float32: 1, int32: 3, bool: 10 } as const;
/** Nodes that hold what was learned. */
export const VARIABLES = new Set(['VarHandleOp', 'Variable', 'VariableV2']);

const dims = (bytes: Uint8Array): JsonObject => {
	const shape = shapeOf(bytes);
	return shape ? { dim: shape.map((size) => ({ size: String(size) })) } : { unknownRank: true };
};

function written({ s, i, f, b, type, shape, list }: AttrValue): JsonObject | null {
	if (s) return { s: [...s] };
	if (i !== undefined) return { i: String(i) };
	if (f !== undefined) return { f };
	if (b !== undefined) return { b };
	if (type !== undefined) return { type };
	if (shape) return { shape: dims(shape) };
	if (!list) return null;
	const { i: whole, f: float, b: truth, type: types, shape: shapes, s: words } = list;
	const values: JsonObject = {};
	if (whole.length) values['i'] = whole.map(String);
	if (float.length) values['f'] = float;
	if (truth.length) values['b'] = truth.map((value) => value !== 0);
	if (types.length) values['type'] = types;
	if (shapes.length) values['shape'] = shapes.map(dims);
	if (words.length) values['s'] = words.map((word) => [...word]);
	return { list: values };
}

/** What is read under another name: a variable or a constant as its value is taken. */
function aliases(nodes: readonly NodeDef[]): ReadonlyMap<string, string> {
	const byName = new Map(nodes.map((node) => [node.name, node]));
	const found = new Map<string, string>();
	for (const { name, op, inputs } of nodes) {
		if (op !== 'ReadVariableOp' && op !== 'Identity') continue;
		let source = byName.get(inputs[0] ?? '');
		for (let k = 0; source && /^(ReadVariableOp|Identity)$/.test(source.op) && k < nodes.length; k++)
			source = byName.get(source.inputs[0] ?? '');
		if (source && (source.op === 'Const' || VARIABLES.has(source.op))) found.set(name, source.name);
	}
	return found;
}

/** @param variable the numbers of a variable's node; null for one that is nowhere */
export function writtenGraph(nodes: readonly NodeDef[], variable: (name: string) => StoredWeight | null): Written {
	const node: JsonObject[] = [];
	const weights = new Map<string, StoredWeight>();
	const constant = (name: string, weight: StoredWeight | null) => {
		if (weight) weights.set(name, weight);
		node.push({ name, op: 'Const', input: [], attr: { dtype: { type: DTYPE[weight?.dtype ?? 'float32'] } } });
	};
	const names = aliases(nodes);
	for (const { name, op, inputs: given, attributes } of nodes) {
		if (names.has(name)) continue;
		const inputs = given.map((input) => names.get(input) ?? input);
		const tensor = attributes.get('value')?.tensor;
		if (op === 'Const') constant(name, tensor ? weightOf(tensor) : null);
		else if (VARIABLES.has(op)) constant(name, variable(name) ?? declared(attributes));
		else if (op === 'ResourceGather') {
			const axis = `${name}/axis`;
			constant(axis, { shape: [], dtype: 'int32', values: Int32Array.of(0) });
			node.push({ name, op: 'GatherV2', input: [...inputs, axis], attr: {} });
		} else {
			const attr = [...attributes].map(([key, value]) => [key, written(value)] as const);
			node.push({ name, op, input: [...inputs], attr: Object.fromEntries(attr.filter(([, value]) => value)) });
		}
	}
	return { node, weights };
}

/** A variable that is nowhere, as the graph speaks of it. */
function declared(attributes: NodeDef['attributes']): StoredWeight | null {
	const shape = shapeOf(attributes.get('shape')?.shape ?? new Uint8Array());
	const dtype = runningType(attributes.get('dtype')?.type ?? 0);
	if (!attributes.get('shape')?.shape || !shape || !dtype || shape.some((n) => n < 0)) return null;
	return { shape, dtype, values: null };
}

/** Null for words, which no network here computes with. */
function weightOf(tensor: Uint8Array): StoredWeight | null {
	try {
		return tensorOf(tensor);
	} catch (error) {
		if (error instanceof RangeError || error instanceof TypeError) throw error;
		return null;
	}
}
