import type { SourceFile } from '#contracts/source.ts';
import { ELEMENTS } from '#loaders/bag/elements.ts';
import { cutShort, notProper, type Unpickled } from '#loaders/pytorch/archive.ts';
import { Unpickler } from '#loaders/pytorch/pickle.ts';
import { Opaque, PickleError, StorageReference, TensorReference, type Value } from '#loaders/pytorch/values.ts';

/** PyTorch's files before 1.6: five pickles one after the other, then the storages in the order of the last one. */

/** Bytes that are looked at first, and the longest that pickles may be. */
const [FIRST, LONGEST] = [1 << 20, 256 << 20];

/** Magic number, version, and what the writing machine was. */
interface Pickles {
	system: Value;
	root: Value;
	keys: Value;
	/** Where the storages begin. */
	end: number;
}

/** @throws LabError */
export async function fromLegacy({ path, blob }: SourceFile): Promise<Unpickled> {
	const unknown = new Set<string>();
	const { system, root, keys, end } = await picklesOf(path, blob, unknown);
	const little = !(system instanceof Map) || system.get('little_endian') !== false;
	if (!Array.isArray(keys)) throw notProper(path, 'it does not say which storages it holds');
	const widths = new Map<string, number>();
	for (const { key, type } of storagesIn(root)) widths.set(key, (ELEMENTS.get(type)?.bits ?? widthOf(type)) / 8);
	const byKey = new Map<string, Blob>();
	let at = end;
	for (const key of keys) {
		const head = await blob.slice(at, at + 8).arrayBuffer();
		if (head.byteLength < 8) throw cutShort(path);
		const count = Number(new DataView(head).getBigInt64(0, little));
		const size = count * (widths.get(String(key)) ?? NaN);
		// What no tensor refers to has no known width, and nothing behind it a known offset.
		if (!Number.isSafeInteger(size) || size < 0) throw notProper(path, `its storage ${keyText(key)} has no size`);
		if (at + 8 + size > blob.size) throw cutShort(path);
		byKey.set(String(key), blob.slice(at + 8, at + 8 + size));
		at += 8 + size;
	}
	return { root, storages: { path, bytes: (key) => byKey.get(key), little }, unknown, title: 'PyTorch', warnings: [] };
}

const widthOf = (type: string) =>
	type === 'bytes' ? 8 : type === 'complex64' ? 64 : type === 'complex128' ? 128 : NaN;
const keyText = (key: Value) => (typeof key === 'string' ? `“${key.slice(0, 40)}”` : '');

async function picklesOf(path: string, blob: Blob, unknown: Set<string>): Promise<Pickles> {
	for (let length = FIRST; ; length *= 4) {
		const bytes = new Uint8Array(await blob.slice(0, Math.min(length, LONGEST)).arrayBuffer());
		try {
			const reader = new Unpickler(bytes, unknown);
			reader.next();
			reader.next();
			const system = reader.next();
			const root = reader.next();
			const keys = reader.next();
			return { system, root, keys, end: reader.at };
		} catch (error) {
			if (error instanceof PickleError) throw notProper(path, error.message);
			if (!(error instanceof RangeError)) throw error;
			if (bytes.length >= blob.size) throw cutShort(path);
			if (length >= LONGEST) throw notProper(path, 'its description is longer than any model needs');
		}
	}
}

/** Every storage that is referred to, wherever: rings and shared parts are gone through once. */
function* storagesIn(root: Value): Generator<StorageReference> {
	const seen = new Set<Value>();
	const stack: Value[] = [root];
	while (stack.length) {
		const value = stack.pop()!;
		if (value === null || typeof value !== 'object' || seen.has(value)) continue;
		seen.add(value);
		if (value instanceof StorageReference) yield value;
		else if (value instanceof TensorReference) yield value.storage;
		else if (Array.isArray(value)) for (const item of value) stack.push(item);
		else if (value instanceof Map) for (const pair of value) stack.push(...pair);
		else if (value instanceof Opaque) {
			stack.push(value.state, value.items);
			for (const arg of value.args) stack.push(arg);
		}
	}
}
