import {
	bytesField,
	floatField,
	floatsField,
	mapEntry,
	readMessage,
	textField,
	wholeField,
	wholesField,
	type Fields
} from '#loaders/tensorflow/wire.ts';

/** Graphs as TensorFlow stores them (tensorflow/core/framework: graph, node_def, attr_value, function, op_def .proto). */

/** One of them is set. */
export interface AttrValue {
	s?: Uint8Array;
	i?: number;
	f?: number;
	b?: boolean;
	type?: number;
	shape?: Uint8Array;
	tensor?: Uint8Array;
	list?: { s: Uint8Array[]; i: number[]; f: number[]; b: number[]; type: number[]; shape: Uint8Array[] };
	/** The name of a function. */
	func?: string;
	/** In the body of a function: what the call says under that name. */
	placeholder?: string;
}

export type Attributes = ReadonlyMap<string, AttrValue>;

export interface NodeDef {
	name: string;
	op: string;
	/** Data only: what must merely come before is left out. */
	inputs: readonly string[];
	attributes: Attributes;
}

export interface FunctionDef {
	name: string;
	inputs: readonly string[];
	outputs: readonly string[];
	nodes: readonly NodeDef[];
	/** What it returns, by the names of its outputs. */
	returns: ReadonlyMap<string, string>;
}

export interface GraphDef {
	nodes: readonly NodeDef[];
	functions: ReadonlyMap<string, FunctionDef>;
}

type Values = NonNullable<AttrValue['list']>;
const LIST: Fields<Values> = {
	2: bytesField((into, value) => into.s.push(value)),
	3: wholesField((into) => into.i),
	4: floatsField((into) => into.f),
	5: wholesField((into) => into.b),
	6: wholesField((into) => into.type),
	7: bytesField((into, value) => into.shape.push(value))
};
const ATTRIBUTE: Fields<AttrValue> = {
	1: bytesField(
		(into, value) =>
			(into.list = readMessage(value, { s: [], i: [], f: [], b: [], type: [], shape: [] } as Values, LIST))
	),
	2: bytesField((into, value) => (into.s = value)),
	3: wholeField((into, value) => (into.i = value)),
	4: floatField((into, value) => (into.f = value)),
	5: wholeField((into, value) => (into.b = value !== 0)),
	6: wholeField((into, value) => (into.type = value)),
	7: bytesField((into, value) => (into.shape = value)),
	8: bytesField((into, value) => (into.tensor = value)),
	9: textField((into, value) => (into.placeholder = value)),
	10: bytesField((into, value) => {
		into.func = readMessage(value, { name: '' }, { 1: textField((own, name) => (own.name = name)) }).name;
	})
};

interface Draft {
	name: string;
	op: string;
	inputs: string[];
	attributes: Map<string, AttrValue>;
}
const NODE: Fields<Draft> = {
	1: textField((into, value) => (into.name = value)),
	2: textField((into, value) => (into.op = value)),
	3: textField((into, value) => value.startsWith('^') || into.inputs.push(value)),
	5: bytesField((into, bytes) => {
		const { key, value } = mapEntry(bytes);
		into.attributes.set(key, readMessage(value, {} as AttrValue, ATTRIBUTE));
	})
};
const nodeOf = (bytes: Uint8Array): NodeDef =>
	readMessage(bytes, { name: '', op: '', inputs: [], attributes: new Map() } as Draft, NODE);

const argument = (bytes: Uint8Array) =>
	readMessage(bytes, { name: '' }, { 1: textField((into, value) => (into.name = value)) }).name;

interface FunctionDraft {
	name: string;
	inputs: string[];
	outputs: string[];
	nodes: NodeDef[];
	returns: Map<string, string>;
}
const SIGNATURE: Fields<FunctionDraft> = {
	1: textField((into, value) => (into.name = value)),
	2: bytesField((into, value) => into.inputs.push(argument(value))),
	3: bytesField((into, value) => into.outputs.push(argument(value)))
};
const FUNCTION: Fields<FunctionDraft> = {
	1: bytesField((into, value) => void readMessage(value, into, SIGNATURE)),
	3: bytesField((into, value) => into.nodes.push(nodeOf(value))),
	4: bytesField((into, value) => {
		const entry = mapEntry(value);
		into.returns.set(entry.key, new TextDecoder().decode(entry.value));
	})
};
const functionOf = (bytes: Uint8Array): FunctionDef =>
	readMessage(bytes, { name: '', inputs: [], outputs: [], nodes: [], returns: new Map() } as FunctionDraft, FUNCTION);

interface GraphDraft {
	nodes: NodeDef[];
	functions: Map<string, FunctionDef>;
}
const LIBRARY: Fields<GraphDraft> = {
	1: bytesField((into, value) => {
		const own = functionOf(value);
		into.functions.set(own.name, own);
	})
};
const GRAPH: Fields<GraphDraft> = {
	1: bytesField((into, value) => into.nodes.push(nodeOf(value))),
	2: bytesField((into, value) => void readMessage(value, into, LIBRARY))
};

export const graphDef = (bytes: Uint8Array): GraphDef =>
	readMessage(bytes, { nodes: [], functions: new Map() } as GraphDraft, GRAPH);
