/**
 * FlatBuffers (google/flatbuffers, docs/internals.md) read within bounds. The package's own reader takes what lies beyond the
 * end for zeros, so that a broken file would become a wrong model: here it is a RangeError.
 */

/** What may be read in all, as a multiple of the file: vectors can overlap, and a short file could say no end of things. */
const MAX_TIMES = 8;

/** What all tables of a file share. */
class Bytes {
	readonly view: DataView;
	#left: number;

	constructor(readonly bytes: Uint8Array<ArrayBuffer>) {
		this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.#left = MAX_TIMES * bytes.byteLength + 4096;
	}

	/** Counts what is read. @throws RangeError beyond the end, or when the same is said over and over */
	spend(at: number, bytes: number): void {
		if (at < 0 || bytes < 0 || at + bytes > this.bytes.byteLength || (this.#left -= bytes) < 0)
			throw new RangeError('A vector leads out of the file.');
	}
}

export class FlatTable {
	private constructor(
		private readonly of: Bytes,
		private readonly at: number
	) {}

	/** @throws RangeError as all that is read from it */
	static root(bytes: Uint8Array<ArrayBuffer>): FlatTable {
		const of = new Bytes(bytes);
		return new FlatTable(of, of.view.getUint32(0, true));
	}

	/** Where the field lies, or 0. */
	#field(id: number): number {
		const { view } = this.of;
		const vtable = this.at - view.getInt32(this.at, true);
		const slot = 4 + 2 * id;
		if (slot >= view.getUint16(vtable, true)) return 0;
		const offset = view.getUint16(vtable + slot, true);
		return offset ? this.at + offset : 0;
	}

	#indirect(at: number): number {
		return at + this.of.view.getUint32(at, true);
	}

	#read<T>(id: number, otherwise: T, read: (view: DataView, at: number) => T): T {
		const at = this.#field(id);
		return at ? read(this.of.view, at) : otherwise;
	}

	#vector<T>(id: number, size: number, read: (view: DataView, at: number) => T): T[] {
		const field = this.#field(id);
		if (!field) return [];
		const at = this.#indirect(field);
		const length = this.of.view.getUint32(at, true);
		this.of.spend(at + 4, length * size);
		return Array.from({ length }, (_, i) => read(this.of.view, at + 4 + i * size));
	}

	int8(id: number): number {
		return this.#read(id, 0, (view, at) => view.getInt8(at));
	}

	bool(id: number): boolean {
		return this.int8(id) !== 0;
	}

	int32(id: number, otherwise = 0): number {
		return this.#read(id, otherwise, (view, at) => view.getInt32(at, true));
	}

	uint32(id: number): number {
		return this.#read(id, 0, (view, at) => view.getUint32(at, true));
	}

	uint64(id: number): number {
		return this.#read(id, 0, (view, at) => Number(view.getBigUint64(at, true)));
	}

	float(id: number, otherwise = 0): number {
		return this.#read(id, otherwise, (view, at) => view.getFloat32(at, true));
	}

	ints(id: number): number[] {
		return this.#vector(id, 4, (view, at) => view.getInt32(at, true));
	}

	floats(id: number): number[] {
		return this.#vector(id, 4, (view, at) => view.getFloat32(at, true));
	}

	longs(id: number): number[] {
		return this.#vector(id, 8, (view, at) => Number(view.getBigInt64(at, true)));
	}

	/** The bytes themselves, not a copy. */
	bytes(id: number): Uint8Array<ArrayBuffer> {
		const field = this.#field(id);
		if (!field) return new Uint8Array();
		const at = this.#indirect(field);
		const length = this.of.view.getUint32(at, true);
		this.of.spend(at + 4, length);
		return this.of.bytes.subarray(at + 4, at + 4 + length);
	}

	string(id: number): string {
		return new TextDecoder().decode(this.bytes(id));
	}

	strings(id: number): string[] {
		return this.#vector(id, 4, (_, at) => {
			const start = this.#indirect(at);
			const length = this.of.view.getUint32(start, true);
			this.of.spend(start + 4, length);
			return new TextDecoder().decode(this.of.bytes.subarray(start + 4, start + 4 + length));
		});
	}

	table(id: number): FlatTable | null {
		const at = this.#field(id);
		return at ? new FlatTable(this.of, this.#indirect(at)) : null;
	}

	tables(id: number): FlatTable[] {
		return this.#vector(id, 4, (_, at) => new FlatTable(this.of, this.#indirect(at)));
	}
}
