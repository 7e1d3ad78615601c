import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import {
	AttributeProto_AttributeType as A,
	GraphProtoSchema,
	type AttributeProtoSchema,
	type GraphProto,
	ModelProtoSchema,
	TensorProtoSchema,
	TensorProto_DataType as T,
	type ModelProto,
	type TensorProto
} from 'onnx-buf';

/** ONNX files, written and read by the published schema: samples of the loader, and cases for its judge. */

export interface TensorValues {
	shape: readonly number[];
	values: readonly number[];
	/** float32 where it is not said. */
	type?: T;
}

const ARRAYS = new Map<T, (values: readonly number[]) => ArrayBufferView<ArrayBuffer>>([
	[T.FLOAT, (values) => Float32Array.from(values)],
	[T.DOUBLE, (values) => Float64Array.from(values)],
	[T.INT64, (values) => BigInt64Array.from(values, (n) => BigInt(Math.trunc(n)))],
	[T.INT32, (values) => Int32Array.from(values)],
	[T.UINT8, (values) => Uint8Array.from(values)],
	[T.INT8, (values) => Int8Array.from(values)],
	[T.BOOL, (values) => Uint8Array.from(values)]
]);

function tensorProto(name: string, { shape, values, type = T.FLOAT }: TensorValues): TensorProto {
	const array = ARRAYS.get(type);
	if (!array) throw new Error(`No tensors of type ${type} are written here.`);
	const { buffer } = array(values);
	return create(TensorProtoSchema, { name, dims: shape.map(BigInt), dataType: type, rawData: new Uint8Array(buffer) });
}

export type Attribute =
	| number
	| string
	| readonly number[]
	| readonly string[]
	| { float: number | readonly number[] }
	/** A graph within: a branch, the body of a loop. */
	| { graph: GraphSpec };

interface NodeSpec {
	op: string;
	inputs: readonly string[];
	outputs?: readonly string[];
	attributes?: Readonly<Record<string, Attribute>>;
	domain?: string;
	name?: string;
}

function attributeProto(name: string, value: Attribute): MessageInitShape<typeof AttributeProtoSchema> {
	const bytes = (text: string) => new TextEncoder().encode(text);
	if (typeof value === 'number') return { name, type: A.INT, i: BigInt(value) };
	if (typeof value === 'string') return { name, type: A.STRING, s: bytes(value) };
	if (typeof value === 'object' && 'graph' in value) return { name, type: A.GRAPH, g: graphMessage(value.graph) };
	if ('float' in value)
		return typeof value.float === 'number'
			? { name, type: A.FLOAT, f: value.float }
			: { name, type: A.FLOATS, floats: [...value.float] };
	return typeof value[0] === 'string'
		? { name, type: A.STRINGS, strings: (value as string[]).map(bytes) }
		: { name, type: A.INTS, ints: (value as number[]).map(BigInt) };
}

export interface GraphSpec {
	nodes: readonly NodeSpec[];
	/** Sizes; a name for one that is free. */
	inputs: Readonly<Record<string, { shape: readonly (number | string)[]; type?: T }>>;
	/** Their types where that is not float32. */
	outputs: readonly string[];
	outputTypes?: Readonly<Record<string, T>>;
	constants?: Readonly<Record<string, TensorValues>>;
}

export interface ModelSpec extends GraphSpec {
	opset?: number;
	metadata?: Readonly<Record<string, string>>;
	producer?: string;
}

function graphMessage({ nodes, inputs, outputs, outputTypes = {}, constants = {} }: GraphSpec): GraphProto {
	const info = (name: string, type: T, shape?: readonly (number | string)[]) => ({
		name,
		type: {
			value: {
				case: 'tensorType' as const,
				value: {
					elemType: type,
					...(shape
						? {
								shape: {
									dim: shape.map((n) => ({
										value:
											typeof n === 'number'
												? { case: 'dimValue' as const, value: BigInt(n) }
												: { case: 'dimParam' as const, value: n }
									}))
								}
							}
						: {})
				}
			}
		}
	});
	return create(GraphProtoSchema, {
		name: 'graph',
		node: nodes.map(({ op, inputs: from, outputs: to = ['y'], attributes = {}, domain = '', name = '' }) => ({
			...{ opType: op, input: [...from], output: [...to], domain, name },
			attribute: Object.entries(attributes).map(([key, value]) => attributeProto(key, value))
		})),
		initializer: Object.entries(constants).map(([name, tensor]) => tensorProto(name, tensor)),
		input: Object.entries(inputs).map(([name, { shape, type = T.FLOAT }]) => info(name, type, shape)),
		output: outputs.map((name) => info(name, outputTypes[name] ?? T.FLOAT))
	});
}

export function modelProto({ opset = 17, metadata = {}, producer = 'vitrine-tests', ...graph }: ModelSpec): ModelProto {
	const domains = new Set(graph.nodes.map(({ domain = '' }) => domain).filter(Boolean));
	return create(ModelProtoSchema, {
		irVersion: 8n,
		producerName: producer,
		opsetImport: [{ domain: '', version: BigInt(opset) }, ...[...domains].map((domain) => ({ domain, version: 1n }))],
		metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
		graph: graphMessage(graph)
	});
}

export const bytesOf = (model: ModelProto): Uint8Array<ArrayBuffer> => toBinary(ModelProtoSchema, model);
export const onnxFile = (spec: ModelSpec): Uint8Array<ArrayBuffer> => bytesOf(modelProto(spec));
export const parsed = (bytes: Uint8Array): ModelProto => fromBinary(ModelProtoSchema, bytes);
export const tensorOf = (bytes: Uint8Array): TensorProto => fromBinary(TensorProtoSchema, bytes);
