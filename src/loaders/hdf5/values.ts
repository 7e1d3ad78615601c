import { unzlibSync } from 'fflate';
import type { DataObjects } from 'jsfive';
import { LabError } from '#contracts/errors.ts';
import { MESSAGE, type Limits } from '#loaders/hdf5/limits.ts';
import { product } from '#maths/product.ts';

/** The bytes of a dataset, in one piece: as they lie in the file, or put together out of packed pieces. */

/** How many times its size zlib packs at best. */
export const DEFLATE = 1032;
/** Padding at the edges included. */
const MAX_PADDING = 8;

const FILTERS: ReadonlyMap<number, string> = new Map([
	[4, 'szip'],
	[5, 'n-bit'],
	[6, 'scale-offset'],
	[32000, 'LZF'],
	[32001, 'Blosc'],
	[32004, 'LZ4'],
	[32015, 'Zstandard']
]);

type Filters = ReadonlyMap<number, (bytes: ArrayBuffer, itemSize: number) => ArrayBuffer>;

/** Half a sentence. */
export const packedBy = (filter: number) => `packed by ${FILTERS.get(filter) ?? `the filter ${filter}`}`;

export const unread = (path: string, what: string) =>
	new LabError(`The numbers of “${path}” are ${what}, which the lab does not read.`, 'Save the file again from Keras.');

/** How a dataset lies in the file, by its message of layout: `newer` are those of HDF5 1.10 that jsfive does not know. */
export function storedInPieces(limits: Limits, at: number): 'whole' | 'pieces' | 'newer' {
	const [version, kind] = [limits.u8(at), limits.u8(at + 1)];
	if (version < 3 || version > 4 || kind > 2 || (version === 4 && kind === 2)) return 'newer';
	return kind === 2 ? 'pieces' : 'whole';
}

interface Asked {
	limits: Limits;
	object: DataObjects;
	/** For sentences. */
	path: string;
	shape: readonly number[];
	itemSize: number;
	filters: Filters;
}

/** @throws LabError for a way of storing that is not read; RangeError for what is broken */
export function bytesOf(asked: Asked): Uint8Array<ArrayBuffer> {
	const { limits, object, path, shape, itemSize } = asked;
	const bytes = product(shape) * itemSize;
	const at = object.msgs.find((message) => message.get('type') === MESSAGE.layout)?.get('offset_to_message');
	if (at === undefined) throw new RangeError('HDF5: a dataset does not say where its numbers are');
	if (storedInPieces(limits, at) === 'pieces') return chunked(asked, at, bytes);
	const kind = limits.u8(at + 1);
	const from = kind === 0 ? at + 4 : limits.u64(at + 2);
	if (kind === 1 && limits.nowhere(at + 2)) {
		if (bytes > 65536) throw unread(path, 'not in the file');
		return new Uint8Array(bytes);
	}
	limits.within(from, bytes);
	return new Uint8Array(limits.buffer.slice(from, from + bytes));
}

interface Chunk {
	address: number;
	size: number;
	mask: number;
	offset: number[];
}

function chunked(asked: Asked, at: number, bytes: number): Uint8Array<ArrayBuffer> {
	const { limits, shape, itemSize } = asked;
	const rank = limits.u8(at + 2) - 1;
	if (rank !== shape.length || !rank) throw new RangeError('HDF5: pieces have other axes than the whole');
	if (bytes > DEFLATE * limits.buffer.byteLength) throw new RangeError('HDF5: more numbers than could be packed');
	const chunk = shape.map((_, axis) => limits.u32(at + 11 + 4 * axis));
	const size = chunk.reduce((n, m) => n * m, itemSize);
	const maxChunks = shape.reduce((n, length, axis) => n * Math.ceil(length / (chunk[axis] as number)), 1);
	if (!(maxChunks * size <= MAX_PADDING * bytes + (1 << 20)))
		throw new RangeError('HDF5: pieces are larger than the whole');
	const whole = new Uint8Array(bytes);
	if (limits.nowhere(at + 3)) return whole;
	const chunks = limits.leaves(limits.u64(at + 3), 16 + 8 * rank, (key, address): Chunk => ({
		address,
		size: limits.u32(key),
		mask: limits.u32(key + 4),
		offset: shape.map((_, axis) => limits.u64(key + 8 + 8 * axis))
	}));
	if (chunks.length > maxChunks) throw new RangeError('HDF5: more pieces than the whole has room for');
	for (const one of chunks) copyChunk(whole, shape, itemSize, chunk, one.offset, unpacked(asked, one, size));
	return whole;
}

/** A piece's bytes, with the filters undone that made them. */
function unpacked({ limits, object, path, itemSize, filters }: Asked, { address, size, mask }: Chunk, full: number) {
	const pipeline = object.filter_pipeline ?? [];
	const length = pipeline.length ? size : full;
	limits.within(address, length);
	let bytes = new Uint8Array(limits.buffer.slice(address, address + length));
	for (let k = pipeline.length - 1; k >= 0; k--) {
		if (mask & (1 << k)) continue;
		const id = pipeline[k]!.get('filter_id') as number;
		const undo = filters.get(id);
		if (!undo) throw unread(path, packedBy(id));
		// The library's own has no bound: a little may unpack to very much.
		bytes =
			id === 1
				? unzlibSync(bytes, { out: new Uint8Array(full + 4) }).slice(0, full + 4)
				: new Uint8Array(undo(bytes.buffer, itemSize));
	}
	if (bytes.length < full) throw new RangeError('HDF5: a piece is too short');
	return bytes;
}

/** Copies what of a piece lies inside the whole, run by run along the last axis. */
function copyChunk(
	whole: Uint8Array,
	shape: readonly number[],
	itemSize: number,
	chunk: readonly number[],
	offset: readonly number[],
	piece: Uint8Array
): void {
	const last = shape.length - 1;
	const run = Math.min(chunk[last]!, shape[last]! - offset[last]!) * itemSize;
	if (run <= 0) return;
	const index = shape.map(() => 0);
	const rows = product(chunk.slice(0, last));
	for (let row = 0; row < rows; row++) {
		let to = 0;
		let inside = true;
		for (let axis = 0; axis <= last; axis++) {
			const at = offset[axis]! + index[axis]!;
			inside &&= at < shape[axis]!;
			to = to * shape[axis]! + at;
		}
		const from = row * chunk[last]! * itemSize;
		if (inside) whole.set(piece.subarray(from, from + run), to * itemSize);
		for (let axis = last - 1; axis >= 0 && ++index[axis]! === chunk[axis]; axis--) index[axis] = 0;
	}
}
