import type { Batch } from '@uwdata/flechette';

/**
 * What flechette takes on trust in a file of a stranger: places that lead back or beyond, which would read without end or
 * give numbers that are not in the file.
 */

/** @throws Error for a stream whose messages do not follow each other to its end */
export function checkStream(bytes: Uint8Array): void {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	for (let at = 0; at + 4 <= bytes.length;) {
		let length = view.getInt32(at, true);
		at += 4;
		if (length === -1) {
			length = view.getInt32(at, true);
			at += 4;
		}
		if (length === 0) return;
		if (length < 0 || at + length > bytes.length) throw new Error('A message has no length.');
		const body = bodyLength(new DataView(bytes.buffer, bytes.byteOffset + at, length));
		if (!(body >= 0) || at + length + body > bytes.length) throw new Error('A message is cut off.');
		at += length + body;
	}
}

/** The fourth field of a message's flatbuffer. */
function bodyLength(head: DataView): number {
	const table = head.getInt32(0, true);
	const fields = table - head.getInt32(table, true);
	const place = head.getInt16(fields, true) > 10 ? head.getInt16(fields + 10, true) : 0;
	return place ? Number(head.getBigInt64(table + place, true)) : 0;
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
