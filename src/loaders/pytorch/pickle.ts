import { isKnown, made, persistent } from '#loaders/pytorch/names.ts';
import { Global, Opaque, PickleError, type Value } from '#loaders/pytorch/values.ts';

/**
 * Reads pickles (Python's Lib/pickletools.py, protocols 2 to 5) and executes nothing: names are followed by the allow list
 * of names.ts, all others become placeholders that keep their parts.
 */

/** Numbers longer than this are no numbers of a model. */
const LONGEST_INTEGER = 1024;

const text = new TextDecoder();

const hashable = (value: Value) => !(Array.isArray(value) || value instanceof Map);
/** Tuples are keys, too; they are told apart by what they hold. */
const keyOf = (value: Value): Value => (hashable(value) ? value : '(…)');

export class Unpickler {
	at: number;
	readonly #view: DataView;
	#stack: Value[] = [];
	#marks: Value[][] = [];
	readonly #memo = new Map<number, Value>();

	/** @param unknown gets every name that is not on the allow list */
	constructor(
		private readonly bytes: Uint8Array,
		private readonly unknown: Set<string>,
		from = 0
	) {
		this.at = from;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}

	/** The next pickle. @throws PickleError; RangeError where it goes on beyond the bytes */
	next(): Value {
		[this.#stack, this.#marks] = [[], []];
		this.#memo.clear();
		for (;;) {
			const code = this.#u8();
			if (code === 0x2e) return this.#pop();
			const run = OPERATIONS[code];
			if (!run) throw new PickleError(`it holds the operation 0x${code.toString(16)}, which no pickle of PyTorch has`);
			run(this);
		}
	}

	#u8(): number {
		return this.#view.getUint8(this.at++);
	}
	/** A length, or a number without sign, of so many bytes. */
	size(bytes: 1 | 2 | 4 | 8): number {
		const at = this.at;
		this.at += bytes;
		const view = this.#view;
		if (bytes === 1) return view.getUint8(at);
		if (bytes === 2) return view.getUint16(at, true);
		return bytes === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
	}
	raw(length: number): Uint8Array {
		if (!(length <= this.bytes.length - this.at)) throw new RangeError('The pickle goes on.');
		this.at += length;
		return this.bytes.subarray(this.at - length, this.at);
	}
	words(length: number): string {
		return text.decode(this.raw(length));
	}
	line(): string {
		const end = this.bytes.indexOf(0x0a, this.at);
		if (end < 0) throw new RangeError('The pickle goes on.');
		const words = this.words(end - this.at);
		this.at++;
		return words;
	}
	int32(): number {
		return this.#view.getInt32((this.at += 4) - 4, true);
	}
	/** The one number that is written with its greatest byte first. */
	float(): number {
		return this.#view.getFloat64((this.at += 8) - 8);
	}
	/** Two's complement of any length. */
	long(length: number): Value {
		if (length > LONGEST_INTEGER) throw new PickleError(`it holds a number of ${length} bytes`);
		let value = 0n;
		for (const byte of this.raw(length).slice().reverse()) value = (value << 8n) | BigInt(byte);
		const signed = BigInt.asIntN(Math.max(1, 8 * length), value);
		return BigInt.asIntN(53, signed) === signed ? Number(signed) : signed;
	}

	push(value: Value): void {
		this.#stack.push(value);
	}
	#pop(): Value {
		const value = this.#stack.pop();
		if (value === undefined) throw new PickleError('it takes more than it has put there');
		return value;
	}
	pop = (): Value => this.#pop();
	top(): Value {
		const value = this.#stack.at(-1);
		if (value === undefined) throw new PickleError('it takes more than it has put there');
		return value;
	}
	mark(): void {
		this.#marks.push(this.#stack);
		this.#stack = [];
	}
	/** What was put there since the last mark. */
	marked(): Value[] {
		const items = this.#stack;
		const before = this.#marks.pop();
		if (!before) throw new PickleError('it takes more than it has put there');
		this.#stack = before;
		return items;
	}
	discard(): void {
		if (this.#stack.length) this.#stack.pop();
		else this.marked();
	}

	remember(index = this.#memo.size): void {
		this.#memo.set(index, this.top());
	}
	recall(index: number): void {
		const value = this.#memo.get(index);
		if (value === undefined) throw new PickleError('it refers to what it does not hold');
		this.push(value);
	}

	global(module: Value, name: Value): void {
		if (typeof module !== 'string' || typeof name !== 'string') throw new PickleError('it names what is no name');
		const full = `${module}.${name}`;
		if (!isKnown(full)) this.unknown.add(full);
		this.push(new Global(full));
	}
	reduce(): void {
		const args = this.pop();
		this.push(made(this.pop(), Array.isArray(args) ? args : []));
	}
	/** `cls.__new__(cls, *args)`, with named ones, too, that nothing here needs. */
	newObject(named: boolean): void {
		if (named) this.pop();
		this.reduce();
	}
	object(callee: Value, args: readonly Value[]): void {
		this.push(made(callee, args));
	}
	/** What is set on an object; dictionaries and tensors carry nothing that counts. */
	build(): void {
		const state = this.pop();
		const target = this.top();
		if (target instanceof Opaque) target.state = state;
	}
	append(items: readonly Value[]): void {
		const target = this.top();
		if (Array.isArray(target)) for (const item of items) target.push(item);
		else if (target instanceof Opaque) for (const item of items) target.items.set(target.items.size, item);
		else throw new PickleError('it appends to what is no list');
	}
	set(items: readonly Value[]): void {
		const target = this.top();
		const into = target instanceof Opaque ? target.items : target;
		if (!(into instanceof Map)) throw new PickleError('it sets an item of what is no dictionary');
		for (let k = 0; k + 1 < items.length; k += 2) into.set(keyOf(items[k]!), items[k + 1]!);
	}
	stored(): void {
		this.push(persistent(this.pop()));
	}
}

const tuple = (count: number) => (u: Unpickler) => {
	const items = Array.from({ length: count }, () => u.pop());
	u.push(items.reverse());
};
const pairs = (items: readonly Value[]) => {
	const map = new Map<Value, Value>();
	for (let k = 0; k + 1 < items.length; k += 2) map.set(keyOf(items[k]!), items[k + 1]!);
	return map;
};

/** By the byte of each operation. */
const OPERATIONS: Readonly<Record<number, (u: Unpickler) => void>> = {
	0x28: (u) => u.mark(),
	0x30: (u) => u.discard(),
	0x31: (u) => void u.marked(),
	0x32: (u) => u.push(u.top()),
	// Bytes and texts, with lengths of 1, 4 or 8 bytes.
	0x42: (u) => u.push(u.raw(u.size(4))),
	0x43: (u) => u.push(u.raw(u.size(1))),
	0x8e: (u) => u.push(u.raw(u.size(8))),
	0x96: (u) => u.push(u.raw(u.size(8))),
	0x54: (u) => u.push(u.words(u.size(4))),
	0x55: (u) => u.push(u.words(u.size(1))),
	0x58: (u) => u.push(u.words(u.size(4))),
	0x8c: (u) => u.push(u.words(u.size(1))),
	0x8d: (u) => u.push(u.words(u.size(8))),
	// Numbers.
	0x47: (u) => u.push(u.float()),
	0x4a: (u) => u.push(u.int32()),
	0x4b: (u) => u.push(u.size(1)),
	0x4d: (u) => u.push(u.size(2)),
	0x8a: (u) => u.push(u.long(u.size(1))),
	0x8b: (u) => u.push(u.long(u.size(4))),
	0x4e: (u) => u.push(null),
	0x88: (u) => u.push(true),
	0x89: (u) => u.push(false),
	// Lists, tuples, sets, dictionaries.
	0x5d: (u) => u.push([]),
	0x29: (u) => u.push([]),
	0x8f: (u) => u.push([]),
	0x7d: (u) => u.push(new Map()),
	0x61: (u) => {
		const item = u.pop();
		u.append([item]);
	},
	0x65: (u) => u.append(u.marked()),
	0x90: (u) => u.append(u.marked()),
	0x73: (u) => {
		const value = u.pop();
		u.set([u.pop(), value]);
	},
	0x75: (u) => u.set(u.marked()),
	0x64: (u) => u.push(pairs(u.marked())),
	0x6c: (u) => u.push(u.marked()),
	0x74: (u) => u.push(u.marked()),
	0x91: (u) => u.push(u.marked()),
	0x85: tuple(1),
	0x86: tuple(2),
	0x87: tuple(3),
	// What was put before.
	0x68: (u) => u.recall(u.size(1)),
	0x6a: (u) => u.recall(u.size(4)),
	0x71: (u) => u.remember(u.size(1)),
	0x72: (u) => u.remember(u.size(4)),
	0x94: (u) => u.remember(),
	// Names, and what they would make.
	0x63: (u) => {
		const module = u.line();
		u.global(module, u.line());
	},
	0x93: (u) => {
		const name = u.pop();
		u.global(u.pop(), name);
	},
	0x52: (u) => u.reduce(),
	0x81: (u) => u.newObject(false),
	0x92: (u) => u.newObject(true),
	0x6f: (u) => {
		const [callee = null, ...args] = u.marked();
		u.object(callee, args);
	},
	0x69: (u) => {
		const module = u.line();
		u.global(module, u.line());
		const callee = u.pop();
		u.object(callee, u.marked());
	},
	0x62: (u) => u.build(),
	0x51: (u) => u.stored(),
	// What says how it was written.
	0x80: (u) => {
		const protocol = u.size(1);
		if (protocol > 5) throw new PickleError(`it is of protocol ${protocol}, and 5 is the latest`);
	},
	0x95: (u) => void u.size(8)
};
