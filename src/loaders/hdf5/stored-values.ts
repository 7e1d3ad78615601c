import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { readValues } from '#maths/read-npy.ts';

/** bfloat16 is the upper half of float32. */
function fromBfloat16(bytes: Uint8Array<ArrayBuffer>): Float32Array {
	const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
	return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
}

/**
 * Numbers as a file holds them, as the engine takes them.
 * @param bytes of all, in a buffer of their own
 * @param type as NumPy calls it; `<bf16` for bfloat16
 */
export function storedValues(bytes: Uint8Array<ArrayBuffer>, type: string, shape: readonly number[]): StoredWeight {
	const kind = type.slice(1);
	const common = { shape: [...shape], ...(STORED.has(kind) ? { stored: STORED.get(kind)! } : {}) };
	if (kind === 'bf16') return { ...common, dtype: 'float32', values: fromBfloat16(bytes) };
	if (type === '<f4') return { ...common, dtype: 'float32', values: new Float32Array(bytes.buffer) };
	const items = bytes.length / Number(kind.slice(1));
	const wide = new Float64Array(items);
	readValues(bytes, type, wide, 0);
	return kind.startsWith('f')
		? { ...common, dtype: 'float32', values: Float32Array.from(wide) }
		: { ...common, dtype: 'int32', values: Int32Array.from(wide) };
}

/** What is not as the engine has it. */
const STORED: ReadonlyMap<string, string> = new Map([
	['bf16', 'bfloat16'],
	['f2', 'float16'],
	['f8', 'float64'],
	['i1', 'int8'],
	['i2', 'int16'],
	['i8', 'int64'],
	['u1', 'uint8'],
	['u2', 'uint16'],
	['u4', 'uint32'],
	['u8', 'uint64']
]);
