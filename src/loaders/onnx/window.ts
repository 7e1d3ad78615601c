/** A file looked at through a window that goes on with the reader, or to where it is sent: small after a leap. */

const [FIRST, NEXT, MOST] = [64 << 10, 8 << 10, 1 << 20];
/** The tag of a field and its number or length take no more. */
export const FIELD_HEAD = 20;

export class FileWindow {
	#bytes = new Uint8Array(0);
	#from = 0;
	#step = FIRST;

	constructor(private readonly blob: Blob) {}

	get size(): number {
		return this.blob.size;
	}

	/** Whether what lies there is seen now; nothing lies behind the end of the file. */
	sees(from: number, to: number): boolean {
		return from >= this.#from && Math.min(to, this.size) <= this.#from + this.#bytes.length;
	}

	/** @param most bytes behind `from` that are seen then, at least as far as the file goes */
	async go(from: number, most: number): Promise<void> {
		const end = this.#from + this.#bytes.length;
		this.#step = !end ? FIRST : from <= end ? Math.min(2 * this.#step, MOST) : NEXT;
		this.#bytes = await this.read(from, from + Math.max(most, this.#step));
		this.#from = from;
	}

	async read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
		return new Uint8Array(await this.blob.slice(from, Math.min(to, this.size)).arrayBuffer());
	}

	/** Bytes that are seen: a view of them. */
	seen(from: number, to: number): Uint8Array {
		return this.#bytes.subarray(from - this.#from, to - this.#from);
	}

	/** A number of seven bits a byte and where it ends; null where it does not end, or is larger than any length. */
	varint(at: number): [value: number, end: number] | null {
		let value = 0;
		for (let i = 0; i < 10; i++) {
			const byte = this.#bytes[at - this.#from + i];
			if (byte === undefined) return null;
			value += (byte & 0x7f) * 2 ** (7 * i);
			if (byte < 0x80) return [value, at + i + 1];
		}
		return null;
	}
}
