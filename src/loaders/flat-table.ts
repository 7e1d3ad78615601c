/** A table of a flatbuffer (FlatBuffers, "Internals"), read without trust. @throws RangeError for offsets beyond the buffer */
export class FlatTable {
	readonly #at: number;

	/** @param pointer where it is said where the table is */
	constructor(
		private readonly view: DataView,
		pointer: number
	) {
		this.#at = pointer + view.getInt32(pointer, true);
	}

	#offset(field: number): number | null {
		const fields = this.#at - this.view.getInt32(this.#at, true);
		const entry = 4 + 2 * field;
		const offset = entry < this.view.getInt16(fields, true) ? this.view.getInt16(fields + entry, true) : 0;
		return offset ? this.#at + offset : null;
	}

	byte(field: number): number | null {
		const offset = this.#offset(field);
		return offset === null ? null : this.view.getUint8(offset);
	}

	long(field: number): bigint | null {
		const offset = this.#offset(field);
		return offset === null ? null : this.view.getBigInt64(offset, true);
	}

	table(field: number): FlatTable | null {
		const offset = this.#offset(field);
		return offset === null ? null : new FlatTable(this.view, offset);
	}

	/** Where the items of a list begin, and how many there are. @param size of an item, in bytes */
	vector(field: number, size: number): { start: number; count: number } {
		const offset = this.#offset(field);
		if (offset === null) return { start: 0, count: 0 };
		const start = offset + this.view.getInt32(offset, true);
		const count = this.view.getInt32(start, true);
		if (count < 0 || start + 4 + count * size > this.view.byteLength) throw new RangeError('A list has no end.');
		return { start: start + 4, count };
	}

	/** The first 64 bits of each item of a list. @param size of an item, in bytes */
	*longs(field: number, size: number): Generator<bigint> {
		const { start, count } = this.vector(field, size);
		for (let k = 0; k < count; k++) yield this.view.getBigInt64(start + size * k, true);
	}

	*tables(field: number): Generator<FlatTable> {
		const { start, count } = this.vector(field, 4);
		for (let k = 0; k < count; k++) yield new FlatTable(this.view, start + 4 * k);
	}
}
