import { product } from '#maths/product.ts';

/** The safetensors format: eight bytes of length, a JSON header, then all numbers one after the other, little-endian. */

export interface TensorEntry {
	name: string;
	shape: readonly number[];
	dtype: 'float32' | 'int32' | 'bool';
}

const TYPES = { float32: ['F32', 4], int32: ['I32', 4], bool: ['BOOL', 1] } as const;

/**
 * Where each tensor goes. Wider numbers stand first, so that each begins at a multiple of its width.
 * @returns the bytes before the numbers, and the tensors in the order in which their numbers follow
 */
export function safetensorsHeader(
	tensors: readonly TensorEntry[],
	metadata: Readonly<Record<string, string>> = {}
): { head: Uint8Array<ArrayBuffer>; order: readonly TensorEntry[] } {
	const order = [...tensors].sort((a, b) => TYPES[b.dtype][1] - TYPES[a.dtype][1]);
	let offset = 0;
	// No prototype: a tensor may be called __proto__.
	const header = Object.create(null) as Record<string, unknown>;
	header['__metadata__'] = metadata;
	for (const { name, shape, dtype } of order) {
		const [type, width] = TYPES[dtype];
		const end = offset + width * product(shape);
		header[name === '__metadata__' ? '__metadata__.weight' : name] = {
			dtype: type,
			shape,
			data_offsets: [offset, end]
		};
		offset = end;
	}
	const text = new TextEncoder().encode(JSON.stringify(header));
	// The numbers begin at a multiple of eight.
	const length = Math.ceil(text.length / 8) * 8;
	const head = new Uint8Array(8 + length).fill(0x20);
	new DataView(head.buffer).setBigUint64(0, BigInt(length), true);
	head.set(text, 8);
	return { head, order };
}
