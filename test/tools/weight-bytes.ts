import { joined } from './bytes.ts';

/** Files of weights, put together byte by byte from what their formats say. */

type Bytes = Uint8Array<ArrayBuffer>;

export function safetensorsBytes(
	tensors: readonly (readonly [name: string, type: string, shape: readonly number[], bytes: Uint8Array])[],
	metadata: Readonly<Record<string, string>> = {}
): Bytes {
	const entries: [string, unknown][] = Object.keys(metadata).length ? [['__metadata__', metadata]] : [];
	let at = 0;
	for (const [name, dtype, shape, { length }] of tensors) {
		entries.push([name, { dtype, shape, data_offsets: [at, at + length] }]);
		at += length;
	}
	const text = `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`;
	return safetensorsOf(
		text,
		tensors.map(([, , , bytes]) => bytes)
	);
}

/** @param header any text, sound or not */
export function safetensorsOf(header: string, parts: readonly Uint8Array[] = []): Bytes {
	const text = new TextEncoder().encode(header);
	return joined(little(8, text.length), text, ...parts);
}

/** A whole number of so many bytes, the least first. */
export function little(bytes: 1 | 2 | 4 | 8, value: number | bigint): Bytes {
	const all = new DataView(new ArrayBuffer(8));
	all.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
	return new Uint8Array(all.buffer.slice(0, bytes));
}

const text = (words: string) => {
	const bytes = new TextEncoder().encode(words);
	return joined(little(8, bytes.length), bytes);
};

export type GgufTensor = readonly [name: string, type: number, shape: readonly number[], bytes: Uint8Array];

/** @param pairs a key, the number of its type, and the value's bytes */
export function ggufBytes(
	tensors: readonly GgufTensor[],
	pairs: readonly (readonly [key: string, type: number, value: Uint8Array])[] = [],
	{ version = 3, alignment = 32 } = {}
): Bytes {
	let offset = 0;
	const entries = tensors.flatMap(([name, type, shape, { length }]) => {
		const own = [text(name), little(4, shape.length), ...[...shape].reverse().map((n) => little(8, n)), little(4, type), little(8, offset)]; // prettier-ignore
		offset += Math.ceil(length / alignment) * alignment;
		return own;
	});
	const head = joined(
		new TextEncoder().encode('GGUF'),
		little(4, version),
		little(8, tensors.length),
		little(8, pairs.length),
		...pairs.flatMap(([key, type, value]) => [text(key), little(4, type), value]),
		...entries
	);
	const filled = (bytes: Uint8Array) => {
		const whole = new Uint8Array(Math.ceil(bytes.length / alignment) * alignment);
		whole.set(bytes);
		return whole;
	};
	return joined(filled(head), ...tensors.map(([, , , bytes]) => filled(bytes)));
}

/** Values of a GGUF's pairs. */
export const gguf = {
	text: (words: string) => [8, text(words)] as const,
	number: (value: number) => [4, little(4, value)] as const,
	texts: (words: readonly string[]) =>
		[9, joined(little(4, 8), little(8, words.length), ...words.map(text))] as const
};
