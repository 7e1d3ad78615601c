import { LabError } from '#contracts/errors.ts';
import type { SourceFile } from '#contracts/source.ts';
import { shapeOf } from '#loaders/tensorflow/tensors.ts';
import { bytesField, decoded, readMessage, wholeField } from '#loaders/tensorflow/wire.ts';
import { product } from '#maths/product.ts';

/**
 * The index of a checkpoint: a sorted table (LevelDB's format, tensorflow/core/lib/io/table_format.txt) of BundleEntryProto
 * (tensorflow/core/protobuf/tensor_bundle.proto) by name; the numbers lie in the data files.
 */
export interface BundleEntry {
	type: number;
	shape: number[];
	shard: number;
	offset: number;
	size: number;
}

const FOOTER = 48;
const MAGIC = 0xdb4775248b80fb57n;
const MAX_INDEX_BYTES = 256 << 20;

class Cursor {
	readonly view: DataView;
	constructor(
		readonly bytes: Uint8Array,
		public at = 0
	) {
		this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}
	varint(): number {
		let [value, factor] = [0, 1];
		for (;;) {
			const byte = this.view.getUint8(this.at++);
			value += (byte & 127) * factor;
			if (byte < 128) return value;
			if ((factor *= 128) > 2 ** 49) throw new RangeError('A number without end.');
		}
	}
	take(count: number): Uint8Array {
		if (this.at + count > this.bytes.byteLength) throw new RangeError('It ends too early.');
		return this.bytes.subarray(this.at, (this.at += count));
	}
}

function block(bytes: Uint8Array, offset: number, size: number, file: string): [key: string, value: Uint8Array][] {
	if (offset + size + 5 > bytes.byteLength) throw new RangeError('A block lies beyond the end.');
	if (bytes[offset + size] !== 0)
		throw new LabError(
			`The index “${file}” is compressed, which the lab does not read.`,
			'Save the model again by TensorFlow 2, which does not compress it.'
		);
	const own = bytes.subarray(offset, offset + size);
	const restarts = new DataView(own.buffer, own.byteOffset, own.byteLength).getUint32(size - 4, true);
	const end = size - 4 - 4 * restarts;
	const entries: [string, Uint8Array][] = [];
	let key = new Uint8Array();
	for (const cursor = new Cursor(own); cursor.at < end;) {
		const [shared, more, length] = [cursor.varint(), cursor.varint(), cursor.varint()];
		if (shared > key.length) throw new RangeError('A name goes on from nothing.');
		const next = new Uint8Array(shared + more);
		next.set(key.subarray(0, shared));
		next.set(cursor.take(more), shared);
		key = next;
		entries.push([new TextDecoder().decode(key), cursor.take(length)]);
	}
	return entries;
}

const entryOf = (bytes: Uint8Array): BundleEntry =>
	readMessage(bytes, { type: 0, shape: [], shard: 0, offset: 0, size: 0 } as BundleEntry, {
		1: wholeField((into, value) => (into.type = value)),
		2: bytesField((into, value) => (into.shape = shapeOf(value) ?? [])),
		3: wholeField((into, value) => (into.shard = value)),
		4: wholeField((into, value) => (into.offset = value)),
		5: wholeField((into, value) => (into.size = value))
	});

/** @throws LabError for what is no index */
export async function bundleEntries({ path, blob }: SourceFile): Promise<ReadonlyMap<string, BundleEntry>> {
	if (blob.size > MAX_INDEX_BYTES)
		throw new LabError(`The index “${path}” is too large to be one.`, 'Export the model again.');
	const bytes = new Uint8Array(await blob.arrayBuffer());
	return decoded(path, () => {
		if (bytes.byteLength < FOOTER) throw new RangeError('It has no end.');
		const footer = new Cursor(bytes, bytes.byteLength - FOOTER);
		if (footer.view.getBigUint64(bytes.byteLength - 8, true) !== MAGIC) throw new RangeError('It is no table.');
		footer.varint();
		footer.varint();
		const index = block(bytes, footer.varint(), footer.varint(), path);
		const entries = index.flatMap(([, handle]) => {
			const at = new Cursor(handle);
			return block(bytes, at.varint(), at.varint(), path);
		});
		return new Map(entries.filter(([key]) => key !== '').map(([key, value]) => [key, entryOf(value)]));
	});
}

/** Whether its numbers are as many as it says, and none is negative. */
export const isSound = ({ shape, offset, size, shard }: BundleEntry) =>
	shape.every((n) => n >= 0) && offset >= 0 && size >= 0 && shard >= 0 && product(shape) < 2 ** 31;
