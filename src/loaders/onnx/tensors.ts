import { TensorProto_DataLocation, TensorProto_DataType as T, type TensorProto } from 'onnx-buf';
import { LabError } from '#contracts/errors.ts';
import type { Constant, Kind, Values } from '#engine/model/onnx/definition.ts';
import { Later } from '#engine/model/onnx/later.ts';
import { half } from '#maths/half.ts';

/** Stored tensors as numbers. Bytes are little-endian; without them the numbers stand in lists by type. */

interface Storage {
	/** Of `stored`: what is shown where it is not float32. */
	name: string;
	kind: Kind;
	bits: number;
	read(bytes: ArrayBuffer, count: number): Values;
}

const integers =
	(array: new (buffer: ArrayBuffer, offset: number, length: number) => Values) =>
	(bytes: ArrayBuffer, count: number): Values =>
		new array(bytes, 0, count);

function wide(bytes: ArrayBuffer, count: number, unsigned: boolean): Float64Array {
	const values = unsigned ? new BigUint64Array(bytes, 0, count) : new BigInt64Array(bytes, 0, count);
	return Float64Array.from(values, Number);
}

const decoded = (decode: (bits: number) => number, bytes: 1 | 2) => (buffer: ArrayBuffer, count: number) => {
	const bits = bytes === 1 ? new Uint8Array(buffer, 0, count) : new Uint16Array(buffer, 0, count);
	return Float32Array.from(bits, decode);
};

const word = new DataView(new ArrayBuffer(4));
function bfloat(bits: number): number {
	word.setUint32(0, bits * 65536);
	return word.getFloat32(0);
}

/** Floats of 8 bits (Micikevicius 2022): exponent bits, bias, whether there is a negative zero and infinity. */
function small(exponent: number, bias: number, style: 'fn' | 'fnuz' | 'ieee') {
	const fraction = 7 - exponent;
	return (bits: number): number => {
		if (style === 'fnuz' && bits === 0x80) return NaN;
		const sign = bits & 0x80 ? -1 : 1;
		const e = (bits >> fraction) & (2 ** exponent - 1);
		const f = bits & (2 ** fraction - 1);
		if (style === 'fn' && (bits & 0x7f) === 0x7f) return NaN;
		if (style === 'ieee' && e === 2 ** exponent - 1) return f ? NaN : sign * Infinity;
		return e ? sign * (1 + f / 2 ** fraction) * 2 ** (e - bias) : (sign * f * 2 ** (1 - bias)) / 2 ** fraction;
	};
}

/** Several to a byte, the first in the low bits. */
const packed =
	(bits: 2 | 4, value: (n: number) => number) =>
	(buffer: ArrayBuffer, count: number): Values => {
		const bytes = new Uint8Array(buffer);
		const each = 8 / bits;
		return Int8Array.from({ length: count }, (_, i) =>
			value(((bytes[Math.floor(i / each)] as number) >> (bits * (i % each))) & (2 ** bits - 1))
		);
	};

const signed = (bits: number) => (n: number) => (n >= 2 ** (bits - 1) ? n - 2 ** bits : n);
const float4 = [0, 0.5, 1, 1.5, 2, 3, 4, 6];

const store = (name: string, kind: Kind, bits: number, read: Storage['read']): Storage => ({ name, kind, bits, read });

const STORED: ReadonlyMap<number, Storage> = new Map([
	[T.FLOAT, store('', 'float', 32, integers(Float32Array))],
	[T.DOUBLE, store('float64', 'float', 64, integers(Float64Array))],
	[T.FLOAT16, store('float16', 'float', 16, decoded(half, 2))],
	[T.BFLOAT16, store('bfloat16', 'float', 16, decoded(bfloat, 2))],
	[T.FLOAT8E4M3FN, store('float8', 'float', 8, decoded(small(4, 7, 'fn'), 1))],
	[T.FLOAT8E4M3FNUZ, store('float8', 'float', 8, decoded(small(4, 8, 'fnuz'), 1))],
	[T.FLOAT8E5M2, store('float8', 'float', 8, decoded(small(5, 15, 'ieee'), 1))],
	[T.FLOAT8E5M2FNUZ, store('float8', 'float', 8, decoded(small(5, 16, 'fnuz'), 1))],
	[
		T.FLOAT8E8M0,
		store(
			'float8',
			'float',
			8,
			decoded((bits) => (bits === 255 ? NaN : 2 ** (bits - 127)), 1)
		)
	],
	[
		T.FLOAT4E2M1,
		store('float4', 'float', 4, (buffer, count) =>
			Float32Array.from(packed(4, (n) => n)(buffer, count), (n) => (n & 8 ? -1 : 1) * (float4[n & 7] as number))
		)
	],
	[T.INT8, store('int8', 'int', 8, integers(Int8Array))],
	[T.UINT8, store('uint8', 'int', 8, integers(Uint8Array))],
	[T.INT16, store('int16', 'int', 16, integers(Int16Array))],
	[T.UINT16, store('uint16', 'int', 16, integers(Uint16Array))],
	[T.INT32, store('', 'int', 32, integers(Int32Array))],
	[T.UINT32, store('uint32', 'int', 32, integers(Uint32Array))],
	[T.INT64, store('int64', 'int', 64, (bytes, count) => wide(bytes, count, false))],
	[T.UINT64, store('uint64', 'int', 64, (bytes, count) => wide(bytes, count, true))],
	[T.INT4, store('int4', 'int', 4, packed(4, signed(4)))],
	[
		T.UINT4,
		store(
			'uint4',
			'int',
			4,
			packed(4, (n) => n)
		)
	],
	[T.INT2, store('int2', 'int', 2, packed(2, signed(2)))],
	[
		T.UINT2,
		store(
			'uint2',
			'int',
			2,
			packed(2, (n) => n)
		)
	],
	[T.BOOL, store('', 'bool', 8, integers(Uint8Array))]
]);

/** Numbers of one tensor: more than a browser can hold. */
const MAX_TENSOR_VALUES = 2 ** 31;

export function sizesOf(tensor: TensorProto): number[] {
	const shape = tensor.dims.map(Number);
	const count = shape.reduce((n, m) => n * m, 1);
	if (shape.length > 8 || !shape.every((n) => Number.isSafeInteger(n) && n >= 0) || !(count <= MAX_TENSOR_VALUES))
		throw new LabError(
			`The tensor "${tensor.name}" has the shape [${shape.join(', ')}], which cannot be.`,
			'Export the model again.'
		);
	return shape;
}

/** Bytes of a tensor that lie elsewhere: there, to be read, or in a file that is missing. */
export type Elsewhere = ArrayBuffer | (() => Promise<ArrayBuffer>) | null;

/** Where a tensor lies that is in a file of its own, or further on in its own file. */
export interface External {
	location: string;
	offset: number;
	length: number;
}

/** @param own what stands for the file itself */
export function externalOf(tensor: TensorProto, own: string): External | null {
	if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) return null;
	const entry = (key: string) => tensor.externalData.find((one) => one.key === key)?.value ?? '';
	const storage = STORED.get(tensor.dataType);
	const count = sizesOf(tensor).reduce((n, m) => n * m, 1);
	const location = entry('location');
	// Texts, say: they are shown by their shape.
	if (!storage && location === own) return null;
	const needed = Math.ceil((count * (storage?.bits ?? 0)) / 8);
	const [offset, length] = [Number(entry('offset') || 0), Number(entry('length') || needed)];
	if (location === own && length !== needed) throw wrong(tensor, `${length} bytes, not ${needed}`);
	if (!location || !Number.isSafeInteger(offset) || offset < 0 || length !== needed)
		throw new LabError(
			`The tensor "${tensor.name}" does not properly say where its numbers lie.`,
			'Export the model again.'
		);
	return { location, offset, length };
}

const wrong = ({ name, dims }: TensorProto, given: string) =>
	new LabError(
		`The tensor "${name}" of [${dims.join(', ')}] holds ${given}.`,
		'The file is damaged: copy or export it again.'
	);

/** Bytes of numbers that wait until somebody asks for them: what shapes are worked out of is needed at once. */
const [LARGE, LARGE_INTEGERS] = [16 << 10, 1 << 20];

export const mayWait = ({ dataType }: TensorProto, bytes: number): boolean =>
	bytes > (STORED.get(dataType)?.kind === 'float' ? LARGE : LARGE_INTEGERS);

/** @param outside the bytes of a tensor that lies elsewhere */
export function constantOf(tensor: TensorProto, outside?: Elsewhere): Constant {
	const shape = sizesOf(tensor);
	const count = shape.reduce((n, m) => n * m, 1);
	const storage = STORED.get(tensor.dataType);
	const { name } = tensor;
	if (!storage) {
		const type: T = tensor.dataType;
		const what = type === T.STRING ? 'holds texts' : 'holds numbers of a type that is not known here';
		return { constant: true, name, shape, kind: 'float', values: null, unreadable: what };
	}
	const { kind, name: stored } = storage;
	const common = { constant: true as const, name, shape, kind, ...(stored ? { stored } : {}) };
	if (outside === null) return { ...common, values: null };
	if (typeof outside === 'function')
		return { ...common, values: null, later: new Later(async () => storage.read(await outside(), count)) };
	const bytes = outside ?? (tensor.rawData.length ? copied(tensor.rawData) : null);
	if (bytes) {
		const needed = Math.ceil((count * storage.bits) / 8);
		if (bytes.byteLength !== needed) throw wrong(tensor, `${bytes.byteLength} bytes, not ${needed}`);
		return { ...common, values: storage.read(bytes, count) };
	}
	const values = listed(tensor, storage, count);
	if (values.length !== count) throw wrong(tensor, `${values.length} numbers, not ${count}`);
	return { ...common, values };
}

/** Typed arrays want their bytes at a multiple of their own size. */
const copied = (bytes: Uint8Array<ArrayBuffer>): ArrayBuffer => new Uint8Array(bytes).buffer;

/** Without bytes: floats as such, halves as their bits, all small integers as int32, the others as 64 bits. */
function listed(tensor: TensorProto, storage: Storage, count: number): Values {
	const type: T = tensor.dataType;
	if (type === T.FLOAT) return Float32Array.from(tensor.floatData);
	if (type === T.DOUBLE) return Float64Array.from(tensor.doubleData);
	if (type === T.INT64) return Float64Array.from(tensor.int64Data, Number);
	if (type === T.UINT32 || type === T.UINT64) return Float64Array.from(tensor.uint64Data, Number);
	const list = tensor.int32Data;
	if (storage.bits < 8 || storage.name.startsWith('float8')) {
		const bytes = Uint8Array.from(list);
		return bytes.length * 8 < count * storage.bits ? new Uint8Array(0) : storage.read(bytes.buffer, count);
	}
	if (storage.kind === 'float') return storage.read(Uint16Array.from(list).buffer, list.length);
	return storage.kind === 'bool' ? Uint8Array.from(list) : Int32Array.from(list);
}
