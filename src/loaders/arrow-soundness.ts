import type { Batch } from '@uwdata/flechette';
import { LIMITS } from '#contracts/data-loader.ts';
import { FlatTable } from '#loaders/flat-table.ts';

/**
 * What flechette takes on trust in a file of a stranger: offsets that lead back or beyond, which would read without end or
 * give numbers that are not in the file.
 */

/**
 * @param start where the messages begin; a file ends with a footer of its own
 * @throws Error for a stream whose messages do not follow each other to its end, and for words of a category beyond all use
 */
export function checkMessages(bytes: Uint8Array, start: number, max: number): void {
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
		const message = new FlatTable(new DataView(bytes.buffer, bytes.byteOffset + at, length), 0);
		const body = Number(message.long(BODY) ?? 0);
		if (!(body >= 0) || at + length + body > bytes.length) throw new Error('A message is cut off.');
		checkHeader(message, max);
		at += length + body;
	}
}

/** Fields by their indices in Arrow's schemas (format/Message.fbs, Schema.fbs, File.fbs). */
const [KIND, HEADER, BODY] = [1, 2, 3];
const [SCHEMA, DICTIONARY, BATCH] = [1, 2, 3];

function checkHeader(message: FlatTable, max: number): void {
	const [kind, header] = [message.byte(KIND), message.table(HEADER)];
	if (kind === SCHEMA) return checkSchema(header, { fields: MAX_SCHEMA_FIELDS });
	const batch = kind === DICTIONARY ? header?.table(1) : kind === BATCH ? header : null;
	// Its nodes, which say how long each column is, and its buffers.
	const longest = BigInt(kind === DICTIONARY ? max : LIMITS.values);
	for (const length of batch?.longs(1, 16) ?? [])
		if (length < 0n || length > longest) throw new Error('A column is longer than any.');
	batch?.vector(2, 16);
	const words = kind === DICTIONARY ? batch?.long(0) : null;
	// The library makes an array of as many as there are said to be.
	if (words && (words < 0n || words > BigInt(max))) throw new Error('A category has too many words.');
}

const MAX_SCHEMA_FIELDS = 200_000;
const DEEPEST = 64;

/** A list of fields that is longer than the file would be read all the same. */
function checkSchema(schema: FlatTable | null, left: { fields: number }): void {
	schema?.vector(2, 4);
	for (const field of schema?.tables(1) ?? []) checkField(field, left, 0);
}

function checkField(field: FlatTable, left: { fields: number }, depth: number): void {
	if (depth > DEEPEST || --left.fields < 0) throw new Error('A schema has no end.');
	field.vector(6, 4);
	for (const child of field.tables(5)) checkField(child, left, depth + 1);
}

/** The end of a file: its schema once more, and where its batches lie. @throws Error */
export function checkFooter(bytes: Uint8Array): void {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const end = bytes.length - 10;
	const footer = new FlatTable(view, end - view.getInt32(end, true));
	checkSchema(footer.table(1), { fields: MAX_SCHEMA_FIELDS });
	footer.vector(2, 24);
	footer.vector(3, 24);
}

const BOOL = 6;

/** @throws Error where a batch names values that are not there */
export function checkBatch(batch: Batch<unknown>, min = batch.length): void {
	const { length, values, validity, offsets, sizes, children, nullCount } = batch;
	if (length < 0 || length < min) throw new Error('A column is shorter than the table.');
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
		// Of a union each item has an offset of its own.
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
	if ('data' in batch) checkViews(batch as Batch<unknown> & { data: readonly Uint8Array[] });
	const stride = (batch as { stride?: number }).stride ?? 1;
	const fixed = !offsets && children?.length === 1;
	if (!Number.isSafeInteger(stride * length)) throw new Error('A list is longer than any.');
	for (const child of children ?? []) checkBatch(child, fixed ? stride * length : offsets ? 0 : undefined);
}

/** Texts longer than 12 bytes lie in buffers of their own: each is named by its number, with an offset in it. */
function checkViews({
	length,
	values,
	validity,
	nullCount,
	data
}: Batch<unknown> & { data: readonly Uint8Array[] }): void {
	const bytes = values as unknown as Uint8Array;
	if (bytes.byteLength < 16 * length) throw new Error('Texts are cut off.');
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	for (let i = 0; i < length; i++) {
		if (nullCount > 0 && validity && !((validity[i >> 3]! >> (i & 7)) & 1)) continue;
		const size = view.getInt32(16 * i, true);
		if (size < 0) throw new Error('A text has no length.');
		if (size <= 12) continue;
		const buffer = data[view.getInt32(16 * i + 8, true)];
		const start = view.getInt32(16 * i + 12, true);
		if (!buffer || start < 0 || start + size > buffer.length) throw new Error('A text lies beyond its bytes.');
	}
}
