import { Builder } from 'flatbuffers';

/** Writes .tflite files by the schema's field numbers, with the FlatBuffers library itself. */

type Field = readonly ['int8' | 'int32' | 'float32', number] | readonly ['ints' | 'floats', readonly number[]];
/** By field number. */
type Options = Readonly<Record<number, Field>>;

interface TensorSpec {
	name: string;
	shape: readonly number[];
	signature?: readonly number[];
	/** TensorType; 0 is float32. */
	type?: number;
	data?: Uint8Array<ArrayBuffer>;
	scale?: readonly number[];
	zero?: readonly number[];
	axis?: number;
}

interface OperatorSpec {
	code: number;
	custom?: string;
	customOptions?: Uint8Array<ArrayBuffer>;
	inputs: readonly number[];
	outputs: readonly number[];
	options?: Options;
}

export interface TfliteSpec {
	tensors: readonly TensorSpec[];
	operators: readonly OperatorSpec[];
	inputs: readonly number[];
	outputs: readonly number[];
	metadata?: Uint8Array<ArrayBuffer>;
}

/** One vector or table for every entry, written before the table that holds it. */
function vector(b: Builder, size: number, values: readonly number[], add: (value: number) => void): number {
	b.startVector(size, values.length, size);
	for (const value of [...values].reverse()) add(value);
	return b.endVector();
}
const ints = (b: Builder, values: readonly number[]) => vector(b, 4, values, (value) => b.addInt32(value));
const floats = (b: Builder, values: readonly number[]) => vector(b, 4, values, (value) => b.addFloat32(value));
const longs = (b: Builder, values: readonly number[]) => vector(b, 8, values, (value) => b.addInt64(BigInt(value)));
const offsets = (b: Builder, values: readonly number[]) => vector(b, 4, values, (value) => b.addOffset(value));
function bytes(b: Builder, values: Uint8Array): number {
	b.startVector(1, values.length, 16);
	for (let i = values.length - 1; i >= 0; i--) b.addInt8(values[i] as number);
	return b.endVector();
}

/** A table of some fields: numbers by their number, and offsets of what was written before. */
function table(b: Builder, fields: Options, written: Readonly<Record<number, number | undefined>> = {}): number {
	const inner = Object.entries(fields).map(([id, field]) =>
		field[0] === 'ints' || field[0] === 'floats'
			? ([Number(id), field[0] === 'ints' ? ints(b, field[1]) : floats(b, field[1])] as const)
			: null
	);
	b.startObject(16);
	for (const [id, offset] of [...Object.entries(written), ...inner.filter((one) => one !== null)])
		if (offset !== undefined) b.addFieldOffset(Number(id), offset, 0);
	for (const [id, [kind, value]] of Object.entries(fields)) {
		if (kind === 'int8') b.addFieldInt8(Number(id), value, 0);
		else if (kind === 'int32') b.addFieldInt32(Number(id), value, 0);
		else if (kind === 'float32') b.addFieldFloat32(Number(id), value, 0);
	}
	return b.endObject();
}

export function tfliteFile(spec: TfliteSpec): Uint8Array<ArrayBuffer> {
	const b = new Builder(1024);
	const blocks = [
		new Uint8Array(),
		...spec.tensors.map(({ data }) => data ?? new Uint8Array()),
		spec.metadata ?? new Uint8Array()
	];
	const buffers = offsets(
		b,
		blocks.map((data) => table(b, {}, data.length ? { 0: bytes(b, data) } : {}))
	);
	const tensors = offsets(
		b,
		spec.tensors.map(({ name, shape, signature, type = 0, scale, zero, axis = 0 }, i) => {
			const quantization = scale
				? table(b, { 6: ['int32', axis] }, { 2: floats(b, scale), 3: longs(b, zero ?? scale.map(() => 0)) })
				: 0;
			return table(
				b,
				{ 1: ['int8', type], 2: ['int32', i + 1] },
				{
					...{ 0: ints(b, shape), 3: b.createString(name) },
					...(quantization ? { 4: quantization } : {}),
					...(signature ? { 7: ints(b, signature) } : {})
				}
			);
		})
	);
	const operators = offsets(
		b,
		spec.operators.map(({ inputs, outputs, options, customOptions }, i) =>
			table(
				b,
				{ 0: ['int32', i], 3: ['int8', 1] },
				{
					...{ 1: ints(b, inputs), 2: ints(b, outputs) },
					...(options ? { 4: table(b, options) } : {}),
					...(customOptions ? { 5: bytes(b, customOptions) } : {})
				}
			)
		)
	);
	const codes = offsets(
		b,
		spec.operators.map(({ code, custom }) =>
			table(b, { 0: ['int8', Math.min(code, 127)], 3: ['int32', code] }, custom ? { 1: b.createString(custom) } : {})
		)
	);
	const graph = table(b, {}, { 0: tensors, 1: ints(b, spec.inputs), 2: ints(b, spec.outputs), 3: operators });
	const metadata = spec.metadata
		? offsets(b, [table(b, { 1: ['int32', blocks.length - 1] }, { 0: b.createString('TFLITE_METADATA') })])
		: 0;
	const root = table(
		b,
		{ 0: ['int32', 3] },
		{ 1: codes, 2: offsets(b, [graph]), 4: buffers, ...(metadata ? { 6: metadata } : {}) }
	);
	b.finish(root, 'TFL3');
	return new Uint8Array(b.asUint8Array());
}

/** TFLITE_METADATA that says how the first input is normalised. */
export function normalisation(mean: readonly number[], std: readonly number[]): Uint8Array<ArrayBuffer> {
	const b = new Builder(256);
	const options = table(b, { 0: ['floats', mean], 1: ['floats', std] });
	const unit = table(b, { 0: ['int8', 1] }, { 1: options });
	const input = table(b, {}, { 4: offsets(b, [unit]) });
	const graph = table(b, {}, { 2: offsets(b, [input]) });
	b.finish(table(b, {}, { 3: offsets(b, [graph]) }), 'M001');
	return new Uint8Array(b.asUint8Array());
}

const random = (n: number, seed: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(seed + 1.7 * i) / 2);
export const floatData = (shape: readonly number[], seed = 1) =>
	new Uint8Array(
		random(
			shape.reduce((n, m) => n * m, 1),
			seed
		).buffer
	);
export const intData = (...values: number[]) => new Uint8Array(Int32Array.from(values).buffer);
