import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { half } from '#maths/half.ts';
import { SMALL_FLOATS } from '#maths/small-floats.ts';

export interface TypedValues {
	dtype: StoredWeight['dtype'];
	values: NonNullable<StoredWeight['values']>;
}

export interface ElementType {
	/** As it is said: float16, int64. */
	name: string;
	bits: number;
	/** @param bytes whole numbers, in a buffer of their own @param little the least byte comes first */
	read(bytes: ArrayBuffer, count: number, little: boolean): TypedValues;
}

const floats = (values: Float32Array): TypedValues => ({ dtype: 'float32', values });

type Get = (view: DataView, at: number, little: boolean) => number;

/** What gives the i-th number of those that lie one after the other. */
function numberAt(bytes: ArrayBuffer, bits: number, little: boolean, get: Get): (_: unknown, i: number) => number {
	const view = new DataView(bytes);
	const step = bits / 8;
	return (_, i) => get(view, i * step, little);
}

const float = (name: string, bits: number, get: Get): ElementType => ({
	name,
	bits,
	read: (bytes, count, little) => floats(Float32Array.from({ length: count }, numberAt(bytes, bits, little, get)))
});

/** Whole numbers stay so where 32 bits hold them all. */
const whole = (name: string, bits: number, get: Get): ElementType => ({
	name,
	bits,
	read: (bytes, count, little) => {
		const values = Float64Array.from({ length: count }, numberAt(bytes, bits, little, get));
		return values.every((value) => value === (value | 0))
			? { dtype: 'int32', values: Int32Array.from(values) }
			: floats(Float32Array.from(values));
	}
});

/** Fewer bits than a byte are packed from the least one on. */
const small = (name: string, bits: number): ElementType => {
	const table = SMALL_FLOATS.get(name)!;
	return {
		name,
		bits,
		read: (bytes, count) => {
			const from = new Uint8Array(bytes);
			const one = (i: number) => {
				const [byte, shift] = [(i * bits) >> 3, (i * bits) & 7];
				return (((from[byte] ?? 0) | ((from[byte + 1] ?? 0) << 8)) >> shift) & (2 ** bits - 1);
			};
			return floats(Float32Array.from({ length: count }, (_, i) => table[one(i)]!));
		}
	};
};

/** The sixteen upper bits of a float32. */
const brain = (bits: number): number => {
	WORD[0] = bits << 16;
	return FLOAT[0]!;
};
const WORD = new Uint32Array(1);
const FLOAT = new Float32Array(WORD.buffer);

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const swapped = float('float32', 32, (view, at, little) => view.getFloat32(at, little));

/** float32 as it lies in the file needs no loop. */
const single: ElementType = {
	...swapped,
	read: (bytes, count, little) =>
		little === LITTLE_ENDIAN ? floats(new Float32Array(bytes, 0, count)) : swapped.read(bytes, count, little)
};

const all: readonly ElementType[] = [
	float('float64', 64, (view, at, little) => view.getFloat64(at, little)),
	single,
	float('float16', 16, (view, at, little) => half(view.getUint16(at, little))),
	float('bfloat16', 16, (view, at, little) => brain(view.getUint16(at, little))),
	whole('int64', 64, (view, at, little) => Number(view.getBigInt64(at, little))),
	whole('uint64', 64, (view, at, little) => Number(view.getBigUint64(at, little))),
	whole('int32', 32, (view, at, little) => view.getInt32(at, little)),
	whole('uint32', 32, (view, at, little) => view.getUint32(at, little)),
	whole('int16', 16, (view, at, little) => view.getInt16(at, little)),
	whole('uint16', 16, (view, at, little) => view.getUint16(at, little)),
	whole('int8', 8, (view, at) => view.getInt8(at)),
	whole('uint8', 8, (view, at) => view.getUint8(at)),
	{
		name: 'bool',
		bits: 8,
		read: (bytes, count) => ({
			dtype: 'bool',
			values: new Uint8Array(bytes, 0, count).map((byte) => Number(byte !== 0))
		})
	},
	...['float8_e5m2', 'float8_e4m3fn', 'float8_e5m2fnuz', 'float8_e4m3fnuz', 'float8_e8m0fnu'].map((name) =>
		small(name, 8)
	),
	small('float6_e2m3', 6),
	small('float6_e3m2', 6),
	small('float4_e2m1', 4)
];

export const ELEMENTS: ReadonlyMap<string, ElementType> = new Map(all.map((type) => [type.name, type]));
