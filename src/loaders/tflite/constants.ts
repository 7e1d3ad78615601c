import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { half } from '#maths/half.ts';
import type { TfliteTensor } from '#loaders/tflite/schema.ts';

interface TensorType {
	name: string;
	bytes: number;
	dtype: StoredWeight['dtype'];
	/** Into a number; null where what is stored is not computed with here. */
	read: ((view: DataView, at: number) => number) | null;
}

const LARGEST = 2 ** 31 - 1;
/** Ends of slices are said by the largest number of 64 bits. */
const clamped = (value: bigint) => Math.max(-LARGEST - 1, Math.min(LARGEST, Number(value)));

const type = (name: string, bytes: number, dtype: StoredWeight['dtype'], read: TensorType['read']): TensorType => ({
	...{ name, bytes, dtype },
	read
});

/** By the schema's TensorType. */
const TYPES: ReadonlyMap<number, TensorType> = new Map([
	[0, type('float32', 4, 'float32', (view, at) => view.getFloat32(at, true))],
	[1, type('float16', 2, 'float32', (view, at) => half(view.getUint16(at, true)))],
	[2, type('int32', 4, 'int32', (view, at) => view.getInt32(at, true))],
	[3, type('uint8', 1, 'int32', (view, at) => view.getUint8(at))],
	[4, type('int64', 8, 'int32', (view, at) => clamped(view.getBigInt64(at, true)))],
	[5, type('string', 0, 'float32', null)],
	[6, type('bool', 1, 'bool', (view, at) => Number(view.getUint8(at) !== 0))],
	[7, type('int16', 2, 'int32', (view, at) => view.getInt16(at, true))],
	[8, type('complex64', 8, 'float32', null)],
	[9, type('int8', 1, 'int32', (view, at) => view.getInt8(at))],
	[10, type('float64', 8, 'float32', (view, at) => view.getFloat64(at, true))],
	[12, type('uint64', 8, 'int32', (view, at) => clamped(view.getBigUint64(at, true)))],
	[15, type('uint32', 4, 'int32', (view, at) => view.getUint32(at, true) | 0)],
	[16, type('uint16', 2, 'int32', (view, at) => view.getUint16(at, true))],
	[17, type('int4', 0.5, 'int32', null)],
	[18, type('bfloat16', 2, 'float32', (view, at) => brain(view.getUint16(at, true)))]
]);
const INT4 = 17;

const brain = (bits: number) => new Float32Array(Uint32Array.of(bits << 16).buffer)[0] as number;
/** Two in a byte, the lower half first. */
const nibble = (view: DataView, i: number) =>
	((view.getUint8(i >> 1) >> (4 * (i & 1))) << 28) >> 28;

export const typeName = ({ type: code }: TfliteTensor) => TYPES.get(code)?.name ?? `type ${code}`;
/** What it is while the network runs: what is quantised is computed in floating point. */
export const runningType = (tensor: TfliteTensor): StoredWeight['dtype'] | null =>
	tensor.scale.length ? 'float32' : (TYPES.get(tensor.type)?.dtype ?? null);

export const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

/**
 * Its numbers, dequantised where it is quantised: (stored - zero) * scale, Jacob et al. 2018 (arXiv:1712.05877), eq. 1.
 * @throws RangeError where the bytes do not suffice, Error with a word for types that are not computed with
 */
export function constantOf(tensor: TfliteTensor): StoredWeight {
	const { shape, data, scale, zero, axis } = tensor;
	const known = TYPES.get(tensor.type);
	const size = sizeOf(shape);
	if (!known || (!known.read && tensor.type !== INT4)) throw new Error(typeName(tensor));
	if (Math.ceil(size * known.bytes) !== data.byteLength) throw new RangeError('Its numbers and its shape differ.');
	const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
	const { read, bytes } = known;
	const stored = read ? (i: number) => read(view, i * bytes) : (i: number) => nibble(view, i);
	const dtype = scale.length ? 'float32' : known.dtype;
	const values = new (dtype === 'float32' ? Float32Array : dtype === 'bool' ? Uint8Array : Int32Array)(size);
	if (!scale.length) for (let i = 0; i < size; i++) values[i] = stored(i);
	else {
		const inner = scale.length > 1 ? sizeOf(shape.slice(axis + 1)) : size;
		if (scale.length > 1 && scale.length !== shape[axis]) throw new RangeError('It has as many scales as channels.');
		for (let i = 0; i < size; i++) {
			const channel = Math.floor(i / inner) % scale.length;
			values[i] = (stored(i) - (zero[channel] ?? 0)) * (scale[channel] as number);
		}
	}
	const differs = known.name !== dtype;
	return { shape: [...shape], dtype, values, ...(differs ? { stored: known.name } : {}) };
}
