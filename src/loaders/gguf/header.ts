import { LabError } from '#contracts/errors.ts';
import type { SourceFile } from '#contracts/source.ts';
import { checkedShape, shortened, type FileTensor } from '#loaders/bag/tensors.ts';
import { tensorType } from '#loaders/gguf/types.ts';
import { product } from '#maths/product.ts';

/** The head of a GGUF file (ggml/docs/gguf.md): what it says of itself, and its tensors with their offsets. */

export interface Gguf {
	metadata: (readonly [key: string, value: string])[];
	tensors: FileTensor[];
}

/** Bytes that are looked at first, and the longest head: vocabularies take some megabytes. */
const [FIRST, LONGEST] = [1 << 20, 256 << 20];
/** Members of a list that are told, and lists within lists. */
const [MAX_LISTED, DEEPEST] = [8, 4];

/** Bytes of values of a fixed size, by their type. */
const SIZES: ReadonlyMap<number, number> = new Map([
	[0, 1], [1, 1], [2, 2], [3, 2], [4, 4], [5, 4], [6, 4], [7, 1], [10, 8], [11, 8], [12, 8]
]); // prettier-ignore
const [STRING, LIST] = [8, 9];

const UTF8 = new TextDecoder();

class Wrong extends Error {}

/** Reads on and on; beyond its end it throws a RangeError. */
class Cursor {
	at = 4;
	constructor(readonly view: DataView) {}
	u32 = () => this.view.getUint32((this.at += 4) - 4, true);
	u64 = () => Number(this.view.getBigUint64((this.at += 8) - 8, true));
	skip(bytes: number): void {
		if (!(this.at + bytes <= this.view.byteLength)) throw new RangeError('The head is longer.');
		this.at += bytes;
	}
	text(): string {
		const length = this.u64();
		const from = this.at;
		this.skip(length);
		return UTF8.decode(new Uint8Array(this.view.buffer, from, length));
	}
	number(type: number): string {
		const [view, at] = [this.view, this.at];
		this.skip(SIZES.get(type)!);
		const read = [
			() => view.getUint8(at),
			() => view.getInt8(at),
			() => view.getUint16(at, true),
			() => view.getInt16(at, true),
			() => view.getUint32(at, true),
			() => view.getInt32(at, true),
			() => Number(view.getFloat32(at, true).toPrecision(7)),
			() => view.getUint8(at) !== 0,
			null,
			null,
			() => view.getBigUint64(at, true),
			() => view.getBigInt64(at, true),
			() => view.getFloat64(at, true)
		][type]!;
		return String(read());
	}
	/** A value in words. */
	value(type = this.u32(), depth = 0): string {
		if (type === STRING) return shortened(this.text());
		if (SIZES.has(type)) return this.number(type);
		if (type !== LIST || depth === DEEPEST) throw new Wrong(`it holds a value of type ${type}`);
		const [inner, count] = [this.u32(), this.u64()];
		const listed = Array.from({ length: Math.min(count, MAX_LISTED) }, () => this.value(inner, depth + 1));
		const size = SIZES.get(inner);
		if (size !== undefined) this.skip((count - listed.length) * size);
		else if (inner === STRING) for (let k = listed.length; k < count; k++) this.skip(this.u64());
		else for (let k = listed.length; k < count; k++) this.value(inner, depth + 1);
		return count > listed.length ? `${listed.join(', ')} … (${count.toLocaleString('en')})` : listed.join(', ');
	}
}

/** @throws LabError */
export async function ggufOf(file: SourceFile): Promise<Gguf> {
	const { path, blob } = file;
	for (let length = FIRST; ; length *= 4) {
		const bytes = await blob.slice(0, Math.min(length, LONGEST)).arrayBuffer();
		try {
			return headIn(file, new Cursor(new DataView(bytes)));
		} catch (error) {
			if (error instanceof Wrong)
				throw new LabError(`“${path}” is no proper GGUF file: ${error.message}.`, 'Download it again.');
			if (!(error instanceof RangeError)) throw error;
			if (bytes.byteLength >= blob.size) throw new LabError(`“${path}” was cut short.`, 'Download it again.');
			if (length >= LONGEST) throw new LabError(`“${path}” has a head longer than any model needs.`);
		}
	}
}

interface Entry {
	name: string;
	shape: number[];
	type: number;
	offset: number;
}

function headIn({ path, blob }: SourceFile, cursor: Cursor): Gguf {
	const version = cursor.u32();
	if (version !== 2 && version !== 3)
		throw new Wrong(
			version > 0xffff ? 'its numbers have their greatest byte first' : `the lab reads versions 2 and 3, not ${version}`
		);
	const [tensorCount, pairs] = [cursor.u64(), cursor.u64()];
	const metadata: [string, string][] = [];
	for (let k = 0; k < pairs; k++) metadata.push([shortened(cursor.text()), cursor.value()]);
	const entries: Entry[] = [];
	for (let k = 0; k < tensorCount; k++) {
		const name = cursor.text();
		const axes = cursor.u32();
		if (axes > 8) throw new Wrong(`“${shortened(name)}” has ${axes} axes`);
		// The fastest axis comes first there, and last here.
		const shape = Array.from({ length: axes }, () => cursor.u64()).reverse();
		entries.push({ name, shape: checkedShape(path, name, shape), type: cursor.u32(), offset: cursor.u64() });
	}
	const alignment = Number(metadata.find(([key]) => key === 'general.alignment')?.[1] ?? 32);
	if (!(alignment >= 1 && alignment <= 1 << 20 && Number.isInteger(alignment)))
		throw new Wrong(`it aligns its tensors to ${alignment} bytes`);
	const start = Math.ceil(cursor.at / alignment) * alignment;
	return { metadata, tensors: entries.map((entry) => tensorOf(path, blob, start, entry)) };
}

function tensorOf(path: string, blob: Blob, start: number, { name, shape, type, offset }: Entry): FileTensor {
	const { title, bytesOf, read } = tensorType(type);
	const count = product(shape);
	const [from, size] = [start + offset, bytesOf(count, shape.at(-1) ?? 1)];
	if (size === null) throw new Wrong(`the rows of “${shortened(name)}” are no whole blocks of ${title}`);
	if (!(from + size <= blob.size)) throw new LabError(`“${path}” was cut short.`, 'Download it again.');
	return {
		name,
		shape,
		stored: title,
		read: read && (async () => read(await blob.slice(from, from + size).arrayBuffer(), count))
	};
}
