import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { ELEMENTS, type TypedValues } from '#loaders/bag/elements.ts';
import {
	bytesField,
	doublesField,
	floatsField,
	readMessage,
	wholeField,
	wholesField,
	type Fields
} from '#loaders/tensorflow/wire.ts';
import { product } from '#maths/product.ts';

/** Tensors as TensorFlow stores them (tensorflow/core/framework: tensor.proto, tensor_shape.proto, types.proto). */

/** By the number of a DataType; what is not here is not computed with. */
const TYPES: ReadonlyMap<number, string> = new Map([
	[1, 'float32'],
	[2, 'float64'],
	[3, 'int32'],
	[4, 'uint8'],
	[5, 'int16'],
	[6, 'int8'],
	[7, 'string'],
	[9, 'int64'],
	[10, 'bool'],
	[14, 'bfloat16'],
	[17, 'uint16'],
	[19, 'float16'],
	[20, 'resource'],
	[22, 'uint32'],
	[23, 'uint64']
]);

export const typeName = (type: number) => TYPES.get(type) ?? `type ${type}`;

/** What it is while the network runs; null for words and the like. */
export function runningType(type: number): StoredWeight['dtype'] | null {
	const name = typeName(type);
	if (!ELEMENTS.has(name)) return null;
	return name.includes('float') ? 'float32' : name === 'bool' ? 'bool' : 'int32';
}

/** More numbers than any weight that a browser could hold. */
const MAX_TENSOR_VALUES = 2 ** 30;

/** Null where the rank is not known; -1 for a size that is not. */
export function shapeOf(bytes: Uint8Array): number[] | null {
	const shape = { sizes: [] as number[], unknown: false };
	readMessage(bytes, shape, {
		2: bytesField((into, dim) => {
			const size = readMessage(dim, { value: 0 }, { 1: wholeField((own, value) => (own.value = value)) });
			into.sizes.push(size.value);
		}),
		3: wholeField((into, value) => (into.unknown = value !== 0))
	});
	return shape.unknown ? null : shape.sizes;
}

const MAX_INT32 = 2 ** 31 - 1;
const clamped = (values: ArrayLike<number>) =>
	Int32Array.from(values, (value) => Math.max(-MAX_INT32 - 1, Math.min(MAX_INT32, value)));

/** Numbers of a type as the network computes with them. @throws Error with a word for a type that it does not compute with */
function weightOf(type: number, shape: readonly number[], { values }: Pick<TypedValues, 'values'>): StoredWeight {
	const [name, dtype] = [typeName(type), runningType(type)];
	if (!dtype) throw new Error(name);
	const own = dtype === 'int32' ? clamped(values) : values;
	return { shape: [...shape], dtype, values: own, ...(name === dtype ? {} : { stored: name }) };
}

/** @throws RangeError where the bytes do not suffice, Error as above */
export function rawWeight(type: number, shape: readonly number[], bytes: Uint8Array): StoredWeight {
	const element = ELEMENTS.get(typeName(type));
	if (!element) throw new Error(typeName(type));
	const size = product(shape);
	if (shape.some((n) => n < 0) || size > MAX_TENSOR_VALUES || (size * element.bits) / 8 !== bytes.byteLength)
		throw new RangeError('Its numbers and its shape differ.');
	return weightOf(type, shape, element.read(bytes.slice().buffer, size, true));
}

interface TensorProto {
	type: number;
	shape: number[] | null;
	content: Uint8Array | null;
	values: number[];
	halves: number[];
}

const list = (into: TensorProto) => into.values;
const FIELDS: Fields<TensorProto> = {
	1: wholeField((into, value) => (into.type = value)),
	2: bytesField((into, value) => (into.shape = shapeOf(value))),
	4: bytesField((into, value) => (into.content = value)),
	5: floatsField(list),
	6: doublesField(list),
	7: wholesField(list),
	10: wholesField(list),
	11: wholesField(list),
	13: wholesField((into) => into.halves),
	16: wholesField(list),
	17: wholesField(list)
};

/** A constant of a graph: its numbers are packed, or listed, the last one standing for all that are left out. */
export function tensorOf(bytes: Uint8Array): StoredWeight {
	const { type, shape, content, values, halves } = readMessage(
		bytes,
		{ type: 0, shape: null, content: null, values: [], halves: [] } as TensorProto,
		FIELDS
	);
	const sizes = shape ?? [];
	if (content?.byteLength) return rawWeight(type, sizes, content);
	const size = product(sizes);
	if (sizes.some((n) => n < 0) || size > MAX_TENSOR_VALUES) throw new RangeError('It has no proper shape.');
	// Halves are listed as their bits.
	const element = halves.length ? ELEMENTS.get(typeName(type)) : undefined;
	const listed = element ? element.read(Uint16Array.from(halves).buffer, halves.length, true).values : values;
	const last = listed.at(-1) ?? 0;
	const all = new Float64Array(size).fill(last);
	all.set(listed.slice(0, size));
	const dtype = runningType(type);
	return weightOf(type, sizes, {
		values: dtype === 'float32' ? Float32Array.from(all) : dtype === 'bool' ? Uint8Array.from(all) : clamped(all)
	});
}
