import { fromBinary } from '@bufbuild/protobuf';
import {
	AttributeProto_AttributeType as A,
	ModelProtoSchema,
	TensorProto_DataType as T,
	type AttributeProto,
	type FunctionProto,
	type GraphProto,
	type ModelProto,
	type NodeProto,
	type TensorProto,
	type ValueInfoProto
} from 'onnx-buf';
import { LabError } from '#contracts/errors.ts';
import {
	OWN,
	type Constant,
	type OnnxAttribute,
	type OnnxFunction,
	type OnnxGraph,
	type OnnxInput,
	type OnnxModel,
	type OnnxNode
} from '#engine/model/onnx/definition.ts';
import { constantOf, sizesOf, type Elsewhere } from '#loaders/onnx/tensors.ts';

/** The messages of a file -> plain data. */

/** @throws LabError for what is no whole message */
export function messageOf(bytes: Uint8Array, path: string): ModelProto {
	try {
		return fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false });
	} catch (error) {
		throw new LabError(
			`“${path}” cannot be read as ONNX: it is damaged or was cut short.`,
			'Copy, download or export it again.',
			{ cause: error }
		);
	}
}

/** Bytes of tensors that lie elsewhere. */
export type Outside = ReadonlyMap<TensorProto, Elsewhere>;

const text = new TextDecoder();
const words = (bytes: Uint8Array) => text.decode(bytes);

/** Files of before ONNX 1.0 say no version. */
const OLDEST = 1;

export function modelOf(message: ModelProto, outside: Outside): OnnxModel {
	if (!message.graph) throw new LabError('The file has no graph in it.', 'Export the model again.');
	const versions = (list: readonly { domain: string; version: bigint }[]) =>
		Number(list.find(({ domain }) => OWN.has(domain))?.version ?? OLDEST);
	const opset = versions(message.opsetImport);
	const functions = message.functions.map((one): [string, OnnxFunction] => [
		`${one.domain}/${one.name}`,
		functionOf(one, one.opsetImport.length ? versions(one.opsetImport) : opset, outside)
	]);
	return {
		graph: graphOf(message.graph, outside, 0),
		opset,
		producer: message.producerName,
		functions: new Map(functions)
	};
}

const DEEPEST = 30;

function graphOf(graph: GraphProto, outside: Outside, depth: number): OnnxGraph {
	if (depth > DEEPEST) throw new LabError('The graph nests its parts too deeply.', 'Export the model again.');
	const constants = new Map<string, Constant>();
	for (const tensor of graph.initializer) constants.set(tensor.name, constantOf(tensor, outside.get(tensor)));
	for (const { values, indices, dims } of graph.sparseInitializer)
		if (values && indices) constants.set(values.name, full(values, indices, dims.map(Number), outside));
	return {
		nodes: graph.node.map((node) => nodeOf(node, outside, depth)),
		constants,
		inputs: graph.input.map(inputOf),
		outputs: graph.output.map(({ name }) => name)
	};
}

/** A sparse tensor as a full one: most files that have any are small. */
function full(values: TensorProto, indices: TensorProto, shape: number[], outside: Outside): Constant {
	const count = shape.reduce((n, m) => n * m, 1);
	const [stored, coordinates] = [constantOf(values, outside.get(values)), constantOf(indices, outside.get(indices))];
	const out = new Float32Array(count <= 2 ** 26 ? count : 0);
	const deep = coordinates.shape.length > 1;
	stored.values?.forEach((value, k) => {
		const at = deep
			? shape.reduce((sum, n, axis) => sum * n + (coordinates.values?.[k * shape.length + axis] ?? NaN), 0)
			: (coordinates.values?.[k] ?? NaN);
		if (!(at >= 0 && at < out.length))
			throw new LabError(`The sparse tensor "${values.name}" has values beside its shape.`, 'Export the model again.');
		out[at] = value;
	});
	return { ...stored, shape, values: out };
}

function nodeOf(node: NodeProto, outside: Outside, depth: number): OnnxNode {
	const attributes = new Map<string, OnnxAttribute>();
	for (const attribute of node.attribute) {
		const value = attributeOf(attribute, outside, depth);
		if (value !== null && !attribute.refAttrName) attributes.set(attribute.name, value);
	}
	const { name, opType, domain, input, output } = node;
	return { name, op: opType, domain, inputs: input, outputs: output, attributes };
}

function attributeOf(one: AttributeProto, outside: Outside, depth: number): OnnxAttribute | null {
	// Old files say no type: what is there tells.
	switch (one.type || guessed(one)) {
		case A.FLOAT:
			return one.f;
		case A.INT:
			return Number(one.i);
		case A.STRING:
			return words(one.s);
		case A.TENSOR:
			return one.t ? constantOf(one.t, outside.get(one.t)) : null;
		case A.GRAPH:
			return one.g ? graphOf(one.g, outside, depth + 1) : null;
		case A.FLOATS:
			return one.floats;
		case A.INTS:
			return one.ints.map(Number);
		case A.STRINGS:
			return one.strings.map(words);
		default:
			return null;
	}
}

function guessed(one: AttributeProto): A {
	if (one.ints.length) return A.INTS;
	if (one.floats.length) return A.FLOATS;
	if (one.strings.length) return A.STRINGS;
	if (one.t) return A.TENSOR;
	if (one.g) return A.GRAPH;
	if (one.s.length) return A.STRING;
	return one.f ? A.FLOAT : A.INT;
}

function functionOf(
	{ input, output, node, attributeProto }: FunctionProto,
	opset: number,
	outside: Outside
): OnnxFunction {
	const references = node.flatMap(({ attribute }, index) =>
		attribute
			.filter(({ refAttrName }) => refAttrName)
			.map(({ name, refAttrName }) => ({ node: index, attribute: name, from: refAttrName }))
	);
	const defaults = attributeProto.flatMap((one): [string, OnnxAttribute][] => {
		const value = attributeOf(one, outside, 0);
		return value === null ? [] : [[one.name, value]];
	});
	return {
		inputs: input,
		outputs: output,
		nodes: node.map((one) => nodeOf(one, outside, 0)),
		defaults: new Map(defaults),
		references,
		opset
	};
}

const FLOATS = new Set<number>([T.FLOAT, T.FLOAT16, T.DOUBLE, T.BFLOAT16]);

function inputOf({ name, type }: ValueInfoProto): OnnxInput {
	const value = type?.value;
	if (value?.case !== 'tensorType')
		return {
			name,
			shape: undefined,
			sizes: [],
			dtype: 'float32',
			other: value?.case ? `a ${value.case.replace('Type', '')}` : ''
		};
	const { elemType, shape } = value.value;
	const dims = shape?.dim.map((dim) => dim.value);
	const stored: T = elemType;
	const dtype = stored === T.STRING ? 'string' : stored === T.BOOL ? 'bool' : FLOATS.has(stored) ? 'float32' : 'int32';
	const size = (n: bigint) => (n > 0n && n <= 2n ** 31n ? Number(n) : null);
	return {
		name,
		shape: dims?.map((dim) => (dim.case === 'dimValue' ? size(dim.value) : null)),
		sizes: dims?.map((dim) => (dim.case === 'dimParam' ? dim.value : undefined)) ?? [],
		dtype,
		other: ''
	};
}

/** Every tensor of a file, those of nodes and branches included. */
export function tensorsOf(message: ModelProto): TensorProto[] {
	const found: TensorProto[] = [];
	const attributes = (list: readonly AttributeProto[], depth: number) => {
		for (const { t, g, tensors } of list) {
			if (t) found.push(t);
			found.push(...tensors);
			if (g && depth < DEEPEST) graph(g, depth + 1);
		}
	};
	const graph = ({ initializer, node }: GraphProto, depth: number) => {
		for (const tensor of initializer) found.push(tensor);
		for (const { attribute } of node) attributes(attribute, depth);
	};
	if (message.graph) graph(message.graph, 0);
	for (const { node } of message.functions) for (const { attribute } of node) attributes(attribute, 0);
	found.forEach(sizesOf);
	return found;
}
