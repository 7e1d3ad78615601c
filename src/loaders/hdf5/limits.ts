/**
 * What keeps the reading of a hostile file short. jsfive follows whatever a file says: counts, sizes and addresses are
 * checked here before it does, and all that is followed is paid for out of one purse.
 */

/** Message types of an object's header (HDF5 File Format Specification 3.0, IV.A.2). */
export const MESSAGE = {
	space: 0x01,
	linkInfo: 0x02,
	type: 0x03,
	link: 0x06,
	layout: 0x08,
	filters: 0x0b,
	attribute: 0x0c,
	continued: 0x10,
	symbols: 0x11,
	attributeInfo: 0x15
} as const;

/** What a step costs that is more than reading a byte. */
const STEP = 64;
/** An address that leads nowhere. */
const NOWHERE = 2n ** 64n - 1n;

const wrong = (what: string) => new RangeError(`HDF5: ${what}`);

export class Limits {
	readonly view: DataView;
	#left: number;

	constructor(readonly buffer: ArrayBuffer) {
		this.view = new DataView(buffer);
		this.#left = 2e7 + 16 * buffer.byteLength;
	}

	/** @throws RangeError where a file asks for more than its size could need */
	spend(bytes: number, steps = 0): void {
		this.#left -= bytes + STEP * steps;
		if (!(this.#left >= 0)) throw wrong('more is asked for than the file could need');
	}

	u8 = (at: number) => this.view.getUint8(at);
	u16 = (at: number) => this.view.getUint16(at, true);
	u32 = (at: number) => this.view.getUint32(at, true);
	/** Sizes and addresses beyond 2^53 are none. */
	u64 = (at: number) => Number(this.view.getBigUint64(at, true));
	nowhere = (at: number) => this.view.getBigUint64(at, true) === NOWHERE;

	/** @throws RangeError where fewer bytes are there */
	within(at: number, bytes: number): void {
		if (!(at >= 0 && bytes >= 0 && at + bytes <= this.buffer.byteLength))
			throw wrong('something lies outside the file');
	}

	/** That the header of an object can be read. @throws RangeError */
	header(at: number): void {
		if (this.u8(at) === 1) {
			this.spend(Math.min(this.u32(at + 8), this.buffer.byteLength), this.u16(at + 2));
			return;
		}
		const flags = this.u8(at + 5);
		const width = 1 << (flags & 3);
		const sizeAt = at + 6 + (flags & 0x20 ? 16 : 0);
		const size = [this.u8, this.u16, this.u32, this.u64][flags & 3]!(sizeAt);
		const order = flags & 4 ? 2 : 0;
		const blocks: [from: number, size: number][] = [[sizeAt + width, size]];
		const seen = new Set([sizeAt + width]);
		for (const [from, length] of blocks) {
			this.within(from, length);
			this.spend(length);
			for (let read = 0; read < length - 4;) {
				this.spend(0, 1);
				const [type, bytes] = [this.u8(from + read), this.u16(from + read + 1)];
				const body = from + read + 4 + order;
				if (type === MESSAGE.continued) {
					const next = this.u64(body) + 4;
					if (!seen.has(next)) blocks.push([next, this.u64(body + 8) - 4]);
					seen.add(next);
				}
				read += 4 + bytes + order;
			}
		}
	}

	/**
	 * The leaves of a tree of version 1, each node visited once.
	 * @param keyBytes of a key, and what it says
	 */
	leaves<T>(root: number, keyBytes: number, take: (keyAt: number, child: number) => T): T[] {
		const found: T[] = [];
		const stack: { at: number; level: number | null }[] = [{ at: root, level: null }];
		const seen = new Set<number>();
		while (stack.length) {
			const { at, level } = stack.pop()!;
			if (seen.has(at)) throw wrong('a tree grows into itself');
			seen.add(at);
			this.within(at, 24);
			if (this.u32(at) !== 0x45455254) throw wrong('a tree is none');
			const [own, count] = [this.u8(at + 5), this.u16(at + 6)];
			if (level !== null && own !== level) throw wrong('a tree has leaves of different depth');
			this.spend(0, 1 + count);
			const children = Array.from({ length: count }, (_, k) => at + 24 + k * (keyBytes + 8));
			for (const keyAt of own ? children.reverse() : children) {
				const child = this.u64(keyAt + keyBytes);
				if (own) stack.push({ at: child, level: own - 1 });
				else found.push(take(keyAt, child));
			}
		}
		return found;
	}

	/** That the links of an old group can be read. @throws RangeError */
	symbols(at: number): void {
		const heap = this.u64(at + 8);
		this.within(heap, 32);
		const [size, data] = [this.u64(heap + 8), this.u64(heap + 24)];
		this.within(data, size);
		this.spend(size);
		const names = new Uint8Array(this.buffer, data, size);
		for (const node of this.leaves(this.u64(at), 8, (_, child) => child)) {
			const count = this.u16(node + 6);
			this.within(node, 8 + 40 * count);
			for (let k = 0; k < count; k++) {
				const from = this.u64(node + 8 + 40 * k);
				const end = names.indexOf(0, from);
				if (end < from) throw wrong('a name has no end');
				this.spend(end - from, 1);
			}
		}
	}

	/** That a link's name is no longer than the file. @throws RangeError */
	link(at: number): void {
		const flags = this.u8(at + 1);
		const offset = at + 2 + (flags & 8 ? 1 : 0) + (flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0);
		const length = [this.u8, this.u16, this.u32, this.u64][flags & 3]!(offset);
		this.within(offset, length);
		this.spend(length, 1);
	}

	/** That an attribute's value can be read. @throws RangeError */
	attribute(at: number): void {
		const old = this.u8(at) === 1;
		const padded = (size: number) => (old ? Math.ceil(size / 8) * 8 : size);
		const [name, type, space] = [2, 4, 6].map((offset) => this.u16(at + offset)) as [number, number, number];
		const typeAt = at + (old ? 8 : 9) + padded(name);
		const spaceAt = typeAt + padded(type);
		const valueAt = spaceAt + padded(space);
		this.within(at, valueAt - at);
		const count = this.count(spaceAt);
		const [kind, size] = [this.u8(typeAt) & 15, this.u32(typeAt + 4)];
		if (kind !== 9) {
			if (!size) throw wrong('an attribute has no size');
			this.within(valueAt, count * size);
			this.spend(count * size, count);
			return;
		}
		this.within(valueAt, 16 * count);
		for (let k = 0; k < count; k++) {
			const heap = this.u64(valueAt + 16 * k + 4);
			this.within(heap, 16);
			// The whole heap may be read for one value.
			this.spend(Math.min(this.u64(heap + 8), this.buffer.byteLength) / 8, 1);
		}
	}

	/** How many values a dataspace describes. */
	count(at: number): number {
		const dimensions = this.u8(at + 1);
		const from = at + (this.u8(at) === 1 ? 8 : 4);
		let count = 1;
		for (let k = 0; k < dimensions; k++) count *= this.u64(from + 8 * k);
		if (!Number.isSafeInteger(count)) throw wrong('a shape is larger than anything');
		return count;
	}
}
