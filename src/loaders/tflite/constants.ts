import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { ELEMENTS, type TypedValues } from '#loaders/bag/elements.ts';
import type { TfliteTensor } from '#loaders/tflite/schema.ts';
import { product } from '#maths/product.ts';

/** By the schema's TensorType; what is not here is not computed with. */
const TYPES: ReadonlyMap<number, string> = new Map([
	[0, 'float32'],
	[1, 'float16'],
	[2, 'int32'],
	[3, 'uint8'],
	[4, 'int64'],
	[5, 'string'],
	[6, 'bool'],
	[7, 'int16'],
	[8, 'complex64'],
	[9, 'int8'],
	[10, 'float64'],
	[12, 'uint64'],
	[15, 'uint32'],
	[16, 'uint16'],
	[17, 'int4'],
	[18, 'bfloat16']
]);

export const typeName = ({ type }: Pick<TfliteTensor, 'type'>) => TYPES.get(type) ?? `type ${type}`;

/** What it is while the network runs: what is quantised is computed in floating point. Null for words and the like. */
export function runningType(tensor: Pick<TfliteTensor, 'type' | 'scale'>): StoredWeight['dtype'] | null {
	const name = typeName(tensor);
	if (name !== 'int4' && !ELEMENTS.has(name)) return null;
	if (tensor.scale.length || name.includes('float')) return 'float32';
	return name === 'bool' ? 'bool' : 'int32';
}

/** Two in a byte, the lower half first. */
const nibbles = (data: Uint8Array, count: number): TypedValues => ({
	dtype: 'int32',
	values: Int32Array.from({ length: count }, (_, i) => (((data[i >> 1] as number) >> (4 * (i & 1))) << 28) >> 28)
});

const MAX_INT32 = 2 ** 31 - 1;
/** Ends of slices are said by the largest number of 64 bits. */
const clamped = (values: ArrayLike<number>) =>
	Int32Array.from(values, (value) => Math.max(-MAX_INT32 - 1, Math.min(MAX_INT32, value)));

/**
 * Its numbers, dequantised where it is quantised: (stored - zero) * scale, Jacob et al. 2018 (arXiv:1712.05877), eq. 1.
 * @throws RangeError where the bytes do not suffice, Error with a word for types that are not computed with
 */
export function constantOf(tensor: TfliteTensor): StoredWeight {
	const { shape, data, scale, zero, axis } = tensor;
	const name = typeName(tensor);
	const [dtype, element] = [runningType(tensor), ELEMENTS.get(name)];
	if (!dtype) throw new Error(name);
	const size = product(shape);
	if (Math.ceil((size * (element?.bits ?? 4)) / 8) !== data.byteLength)
		throw new RangeError('Its numbers and its shape differ.');
	const stored = element ? element.read(data.slice().buffer, size, true) : nibbles(data, size);
	const result = { shape: [...shape], dtype, ...(name === dtype ? {} : { stored: name }) };
	if (!scale.length) return { ...result, values: dtype === 'int32' ? clamped(stored.values) : stored.values };
	const inner = scale.length > 1 ? product(shape.slice(axis + 1)) : size;
	if (scale.length > 1 && scale.length !== shape[axis]) throw new RangeError('It has not as many scales as channels.');
	const values = Float32Array.from(stored.values, (value, i) => {
		const channel = Math.floor(i / inner) % scale.length;
		return (value - (zero[channel] ?? 0)) * (scale[channel] as number);
	});
	return { ...result, values };
}
