import { zipSync } from 'fflate';
import { joined } from './bytes.ts';
import { little } from './weight-bytes.ts';

/** Pickles put together operation by operation, as pickletools names them, and files of PyTorch around them. */

type Bytes = Uint8Array<ArrayBuffer>;
const letters = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const utf8 = new TextEncoder();

export const op = {
	proto: (version = 2) => Uint8Array.of(0x80, version),
	stop: letters('.'),
	mark: letters('('),
	dict: letters('}'),
	list: letters(']'),
	unit: letters(')'),
	setItems: letters('u'),
	appends: letters('e'),
	append: letters('a'),
	dup: letters('2'),
	none: letters('N'),
	reduce: letters('R'),
	build: letters('b'),
	object: letters('o'),
	newObject: Uint8Array.of(0x81),
	tuple: letters('t'),
	pair: Uint8Array.of(0x86),
	one: Uint8Array.of(0x85),
	stored: letters('Q'),
	stackGlobal: Uint8Array.of(0x93),
	put: (index: number) => joined(letters('r'), little(4, index)),
	get: (index: number) => joined(letters('j'), little(4, index)),
	int: (value: number) => joined(letters('J'), little(4, value)),
	text: (words: string) => joined(letters('X'), little(4, utf8.encode(words).length), utf8.encode(words)),
	global: (module: string, name: string) => letters(`c${module}\n${name}\n`),
	instance: (module: string, name: string) => letters(`i${module}\n${name}\n`)
};

export const tuple = (...items: readonly Uint8Array[]): Bytes => joined(op.mark, ...items, op.tuple);
export const ints = (...values: readonly number[]): Bytes => tuple(...values.map(op.int));
export const dict = (...pairs: readonly (readonly [string, Uint8Array])[]): Bytes =>
	joined(op.dict, op.mark, ...pairs.flatMap(([key, value]) => [op.text(key), value]), op.setItems);
export const call = (module: string, name: string, ...args: readonly Uint8Array[]): Bytes =>
	joined(op.global(module, name), tuple(...args), op.reduce);
export const pickle = (...parts: readonly Uint8Array[]): Bytes => joined(op.proto(), ...parts, op.stop);

export const storage = (key: string, type = 'FloatStorage', count = 4): Bytes =>
	joined(tuple(op.text('storage'), op.global('torch', type), op.text(key), op.text('cpu'), op.int(count)), op.stored);
export const tensor = (
	shape: readonly number[],
	strides: readonly number[],
	{ key = '0', offset = 0, type = 'FloatStorage', count = 4 } = {}
): Bytes =>
	call('torch._utils', '_rebuild_tensor_v2', storage(key, type, count), op.int(offset), ints(...shape), ints(...strides), op.none, op.dict); // prettier-ignore

/** As torch.save writes since 1.6. */
export const torchZip = (
	pickled: Bytes,
	storages: Readonly<Record<string, Bytes>> = {},
	more: Readonly<Record<string, Bytes>> = {}
): Bytes =>
	// prettier-ignore
	zipSync(
		Object.fromEntries([
			['archive/data.pkl', pickled],
			...Object.entries(storages).map(([key, bytes]) => [`archive/data/${key}`, bytes]),
			['archive/version', letters('3\n')],
			...Object.entries(more)
		]) as Record<string, Uint8Array>,
		{ level: 0 }
	) as Bytes;

const MAGIC = Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e);

/** As torch.save wrote before. @param storages a number of items and their bytes, in the order of the keys */
export const torchStream = (
	root: Uint8Array,
	keys: readonly string[],
	storages: readonly (readonly [count: number, bytes: Uint8Array])[],
	system: Uint8Array = op.dict
): Bytes =>
	joined(
		MAGIC,
		pickle(op.int(1001)),
		pickle(system),
		pickle(root),
		pickle(op.list, op.mark, ...keys.map(op.text), op.appends),
		...storages.flatMap(([count, bytes]) => [little(8, count), bytes])
	);
