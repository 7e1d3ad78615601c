import { LabError, throwIfAborted } from '#contracts/errors.ts';
import { FIELD_HEAD, FileWindow } from '#loaders/onnx/window.ts';

/**
 * The message of a file without the numbers of its large tensors: the lengths of fields lead past them (Protocol Buffers,
 * "Encoding"). What is left is decoded as ever; the tensors say as external data where in the file their numbers lie.
 */
export interface Sliced {
	bytes: Uint8Array<ArrayBuffer>;
	/** What those tensors give as the location of their data: no other file can be called so. */
	location: string;
}

type Message = 'model' | 'graph' | 'function' | 'node' | 'attribute' | 'tensor';

/** Fields in which large tensors may lie, by message. */
const WITHIN: Readonly<Record<Message, ReadonlyMap<number, Message>>> = {
	model: new Map([
		[7, 'graph'],
		[25, 'function']
	]),
	graph: new Map([
		[1, 'node'],
		[5, 'tensor']
	]),
	function: new Map([
		[7, 'node'],
		[11, 'attribute']
	]),
	node: new Map([[5, 'attribute']]),
	attribute: new Map([
		[5, 'tensor'],
		[6, 'graph']
	]),
	tensor: new Map()
};
/** Nobody reads how it was trained, nor the shapes between: those are worked out. */
const LEFT_OUT: Partial<Record<Message, ReadonlySet<number>>> = { model: new Set([20]), graph: new Set([10, 13, 14]) };

/** A message no longer than this is kept as it is: no large tensor lies in it. */
const SMALL = 4096;
/** Numbers of a tensor that are longer are left where they lie. */
const LONG = 2048;
/** No structure comes near this. */
const MOST_BYTES = 256 << 20;
/** Messages in messages. */
const DEEPEST = 100;

/** Fields of a tensor with bytes as they lie in memory, and of which type it must be: raw_data, float_data, double_data. */
const NUMBERS: ReadonlyMap<number, number | null> = new Map([
	[9, null],
	[4, 1],
	[10, 11]
]);
const [DATA_TYPE, EXTERNAL_DATA, DATA_LOCATION] = [2, 13, 14];

interface Field {
	field: number;
	wire: number;
	/** From its tag on. */
	from: number;
	/** Where its content begins. */
	start: number;
	to: number;
	/** Of a number. */
	value: number;
}

/** Bytes one after the other: views of windows, joined where they lie together. */
class Chunks {
	readonly all: Uint8Array[] = [];
	length = 0;

	add(bytes: Uint8Array): void {
		const last = this.all.at(-1);
		this.length += bytes.length;
		if (last?.buffer === bytes.buffer && last.byteOffset + last.length === bytes.byteOffset)
			this.all[this.all.length - 1] = new Uint8Array(last.buffer, last.byteOffset, last.length + bytes.length);
		else this.all.push(bytes);
	}

	message(field: number, { all, length }: Chunks): void {
		this.add(Uint8Array.from([...varint(field * 8 + 2), ...varint(length)]));
		for (const bytes of all) this.add(bytes);
	}
}

function varint(value: number): number[] {
	const bytes: number[] = [];
	for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) + 0x80);
	return [...bytes, value];
}

class Walk {
	readonly #window: FileWindow;
	#kept = 0;

	constructor(
		blob: Blob,
		private readonly path: string,
		private readonly location: string,
		private readonly signal: AbortSignal
	) {
		this.#window = new FileWindow(blob);
	}

	get size(): number {
		return this.#window.size;
	}

	#damaged(): LabError {
		return new LabError(
			`“${this.path}” cannot be read as ONNX: it is damaged or was cut short.`,
			'Copy, download or export it again.'
		);
	}

	#sees(at: number): boolean {
		return this.#window.sees(at, at + FIELD_HEAD);
	}

	async #see(at: number): Promise<void> {
		throwIfAborted(this.signal);
		await this.#window.go(at, SMALL + FIELD_HEAD);
	}

	/** Of what is seen. @throws LabError for what leads out of the message that it lies in */
	#field(at: number, end: number): Field {
		const window = this.#window;
		const tag = window.varint(at);
		if (!tag) throw this.#damaged();
		const [field, wire] = [Math.floor(tag[0] / 8), tag[0] % 8];
		const fixed = wire === 1 ? 8 : wire === 5 ? 4 : 0;
		const number = wire === 0 || wire === 2 ? window.varint(tag[1]) : fixed ? ([0, tag[1]] as const) : null;
		if (!number) throw this.#damaged();
		const [value, start] = number;
		const to = start + (wire === 2 ? value : fixed);
		if (!(to <= end)) throw this.#damaged();
		return { field, wire, from: at, start, to, value };
	}

	/** @returns whether it could be kept at once */
	#keepSeen(into: Chunks, from: number, to: number): boolean {
		const seen = to - from <= SMALL && this.#window.sees(from, to);
		if (!seen) return false;
		this.#count(to - from);
		into.add(this.#window.seen(from, to));
		return true;
	}

	#count(bytes: number): void {
		this.#kept += bytes;
		if (this.#kept > MOST_BYTES)
			throw new LabError(
				`“${this.path}” describes its network in more than ${MOST_BYTES >> 20} MB.`,
				'Export it with its weights as raw data.'
			);
	}

	async #keep(into: Chunks, from: number, to: number): Promise<void> {
		if (to - from <= SMALL) {
			if (!this.#window.sees(from, to)) await this.#see(from);
			this.#keepSeen(into, from, to);
			return;
		}
		this.#count(to - from);
		into.add(await this.#window.read(from, to));
	}

	async message(kind: Message, from: number, end: number, depth = 0): Promise<Chunks> {
		if (kind === 'tensor') return this.#tensor(from, end);
		const out = new Chunks();
		for (let at = from; at < end;) {
			// No promise for each of a hundred thousand nodes.
			if (!this.#sees(at)) await this.#see(at);
			const field = this.#field(at, end);
			const { start, to } = field;
			const inner = field.wire === 2 && to - start > SMALL ? WITHIN[kind].get(field.field) : undefined;
			if (inner && depth < DEEPEST) out.message(field.field, await this.message(inner, start, to, depth + 1));
			else if (!LEFT_OUT[kind]?.has(field.field) && !this.#keepSeen(out, at, to)) await this.#keep(out, at, to);
			at = to;
		}
		return out;
	}

	/** Numbers in several parts, or of another type than they say, stay as they are: whoever decodes them judges. */
	async #tensor(from: number, end: number): Promise<Chunks> {
		const fields: Field[] = [];
		for (let at = from; at < end && fields.length < SMALL; at = fields.at(-1)!.to) {
			if (!this.#sees(at)) await this.#see(at);
			fields.push(this.#field(at, end));
		}
		const whole = fields.at(-1)?.to === end;
		const type = fields.findLast(({ field, wire }) => field === DATA_TYPE && wire === 0)?.value;
		const elsewhere = fields.some(({ field, value }) => field === DATA_LOCATION && value === 1);
		const numbers = fields.filter(({ field, wire }) => wire === 2 && NUMBERS.has(field));
		const [own] = numbers;
		const wanted = own && NUMBERS.get(own.field);
		const cut =
			whole && own && numbers.length === 1 && !elsewhere && own.to - own.start > LONG
				? wanted === null || wanted === type
				: false;
		const out = new Chunks();
		if (!cut) {
			await this.#keep(out, from, end);
			return out;
		}
		for (const { from: at, to } of fields) if (at !== own!.from) await this.#keep(out, at, to);
		const entry = (key: string, value: string) => {
			const [name, text] = [key, value].map((one) => new TextEncoder().encode(one)) as [Uint8Array, Uint8Array];
			const pair = new Chunks();
			for (const [field, bytes] of [name, text].entries()) {
				pair.add(Uint8Array.from([(field + 1) * 8 + 2, ...varint(bytes.length)]));
				pair.add(bytes);
			}
			out.message(EXTERNAL_DATA, pair);
		};
		entry('location', this.location);
		entry('offset', String(own!.start));
		entry('length', String(own!.to - own!.start));
		out.add(Uint8Array.from([DATA_LOCATION * 8, 1]));
		return out;
	}
}

/** Reads a file as far as its structure goes. @throws LabError for what is no whole message, AbortError */
export async function sliced(blob: Blob, path: string, signal: AbortSignal): Promise<Sliced> {
	const location = crypto.randomUUID();
	const walk = new Walk(blob, path, location, signal);
	const { all, length } = await walk.message('model', 0, walk.size);
	const bytes = new Uint8Array(length);
	let at = 0;
	for (const chunk of all) {
		bytes.set(chunk, at);
		at += chunk.length;
	}
	return { bytes, location };
}
