/** A Blob that counts the bytes that are read of it; slices of it count for it, too. */
export class CountingBlob extends Blob {
	constructor(
		private readonly whole: Blob,
		private readonly count: { bytes: number; reads: number } = { bytes: 0, reads: 0 }
	) {
		super();
	}

	get read() {
		return this.count;
	}
	override get size() {
		return this.whole.size;
	}
	override slice(start?: number, end?: number, type?: string): Blob {
		return new CountingBlob(this.whole.slice(start, end, type), this.count);
	}
	#counted(): Blob {
		this.count.bytes += this.whole.size;
		this.count.reads++;
		return this.whole;
	}
	override arrayBuffer() {
		return this.#counted().arrayBuffer();
	}
	override text() {
		return this.#counted().text();
	}
	override stream() {
		return this.#counted().stream();
	}
}
