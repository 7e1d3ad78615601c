import type { Batch } from '@uwdata/flechette';

/**
 * What flechette takes on trust in a file of a stranger: places that lead back or beyond, which would read without end or
 * give numbers that are not in the file.
 */

/**
 * @param start where the messages begin; a file ends with a footer of its own
 * @throws Error for a stream whose messages do not follow each other to its end, and for words of a category beyond all use
 */
export function checkMessages(bytes: Uint8Array, start: number, most: number): void {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	for (let at = start; at + 4 <= bytes.length;) {
		let length = view.getInt32(at, true);
		at += 4;
		if (length === -1) {
			length = view.getInt32(at, true);
			at += 4;
		} else if (start) return;
		if (length === 0) return;
		if (length < 0 || at + length > bytes.length) throw new Error('A message has no length.');
		const message = new Table(new DataView(bytes.buffer, bytes.byteOffset + at, length), 0);
		const body = Number(message.long(BODY) ?? 0);
		if (!(body >= 0) || at + length + body > bytes.length) throw new Error('A message is cut off.');
		const words = message.byte(KIND) === DICTIONARY ? message.table(HEADER)?.table(DATA)?.long(LENGTH) : null;
		// The library makes an array of as many as there are said to be.
		if (words && (words < 0n || words > BigInt(most))) throw new Error('A category has too many words.');
		at += length + body;
	}
}

/** Fields of Arrow's messages, by their places in the schema (format/Message.fbs). */
const [KIND, HEADER, BODY] = [1, 2, 3];
const [DATA, LENGTH] = [1, 0];
const DICTIONARY = 2;

/** A table of a flatbuffer. */
class Table {
	readonly #at: number;
	constructor(
		private readonly view: DataView,
		pointer: number
	) {
		this.#at = pointer + view.getInt32(pointer, true);
	}

	#place(field: number): number | null {
		const fields = this.#at - this.view.getInt32(this.#at, true);
		const offset =
			4 + 2 * field < this.view.getInt16(fields, true) ? this.view.getInt16(fields + 4 + 2 * field, true) : 0;
		return offset ? this.#at + offset : null;
	}
	byte(field: number): number | null {
		const place = this.#place(field);
		return place === null ? null : this.view.getUint8(place);
	}
	long(field: number): bigint | null {
		const place = this.#place(field);
		return place === null ? null : this.view.getBigInt64(place, true);
	}
	table(field: number): Table | null {
		const place = this.#place(field);
		return place === null ? null : new Table(this.view, place);
	}
}

const BOOL = 6;

/** @throws Error where a batch names values that are not there */
export function checkBatch(batch: Batch<unknown>, least = batch.length): void {
	const { length, values, validity, offsets, sizes, children, nullCount } = batch;
	if (length < 0 || length < least) throw new Error('A column is shorter than the table.');
	if (nullCount > 0 && validity && validity.length < Math.ceil(length / 8)) throw new Error('Gaps are cut off.');
	if (offsets && sizes) {
		const [items] = children ?? [];
		for (let i = 0; i < length; i++)
			if (
				Number(offsets[i]) < 0 ||
				Number(sizes[i]) < 0 ||
				Number(offsets[i]) + Number(sizes[i]) > (items?.length ?? 0)
			)
				throw new Error('A list lies beyond its values.');
	} else if (offsets && length > 0) {
		const end = children ? (children[0]?.length ?? 0) : (values?.length ?? 0);
		// Of a union each item has a place of its own.
		const ordered = offsets.length > length;
		for (let i = 0, before = 0; i < length + Number(ordered); i++) {
			const at = Number(offsets[i]);
			if (!(at >= (ordered ? before : 0) && at <= end)) throw new Error('A list lies beyond its values.');
			before = at;
		}
	} else if (values && !children) {
		// Truth values are bits; all others take one item or more each.
		const { typeId, stride: size = 1 } = batch.type as { typeId: number; stride?: number };
		if (values.length < (typeId === BOOL ? Math.ceil(length / 8) : size * length))
			throw new Error('Values are cut off.');
	}
	const stride = (batch as { stride?: number }).stride ?? 1;
	const fixed = !offsets && children?.length === 1 && stride > 1;
	if (!Number.isSafeInteger(stride * length)) throw new Error('A list is longer than any.');
	for (const child of children ?? []) checkBatch(child, fixed ? stride * length : offsets ? 0 : undefined);
}
