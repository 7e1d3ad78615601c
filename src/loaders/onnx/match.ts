import { headOf } from '#loaders/head.ts';
/** Whether a file is an ONNX model, by the fields of its outermost message: their lengths lead from one to the next. */

/** Wire types of ModelProto's fields by number: 0 for numbers, 2 for what has a length. */
const FIELDS: ReadonlyMap<number, number> = new Map([
	...[1, 5].map((field) => [field, 0] as const),
	...[2, 3, 4, 6, 7, 8, 14, 20, 25, 26].map((field) => [field, 2] as const)
]);
const GRAPH = 7;
const MAX_FIELDS = 5000;

/** A number of seven bits a byte, and how many bytes it takes; null where it does not end. */
function varint(bytes: Uint8Array, at: number): [value: number, length: number] | null {
	let value = 0;
	for (let i = 0; i < 10; i++) {
		const byte = bytes[at + i];
		if (byte === undefined) return null;
		value += (byte & 0x7f) * 2 ** (7 * i);
		if (byte < 0x80) return [value, i + 1];
	}
	return null;
}

/** 0: it is none; 1: every byte of it is accounted for; 0.9: it begins as one and is cut short. */
export async function onnxLikeness(blob: Blob): Promise<number> {
	let at = 0;
	let graph = false;
	let window = await headOf(blob, 4096);
	let from = 0;
	// The version comes first: a field 1 that is a number.
	if (window[0] !== 0x08 || !window[1] || window[1] > 64) return 0;
	for (let count = 0; at < blob.size; count++) {
		if (count > MAX_FIELDS) return 0;
		if (at - from > 4096 - 24) {
			from = at;
			window = new Uint8Array(await blob.slice(at, at + 4096).arrayBuffer());
		}
		const tag = varint(window, at - from);
		if (!tag) return graph ? 0.9 : 0;
		const [field, wire] = [Math.floor(tag[0] / 8), tag[0] % 8];
		if (FIELDS.get(field) !== wire) return 0;
		const value = varint(window, at - from + tag[1]);
		if (!value) return graph ? 0.9 : 0;
		if (field === GRAPH) graph = true;
		at += tag[1] + value[1] + (wire === 2 ? value[0] : 0);
	}
	if (at > blob.size) return graph ? 0.9 : 0;
	return graph ? 1 : 0;
}
