import { Global, Opaque, PickleError, StorageReference, TensorReference, type Value } from '#loaders/pytorch/values.ts';

/** The names of Python that are understood in a pickle: an allow list. None is called; each says what its arguments are. */

type Make = (args: readonly Value[]) => Value;

const STORAGES: ReadonlyMap<string, string> = new Map([
	['Double', 'float64'],
	['Float', 'float32'],
	['Half', 'float16'],
	['BFloat16', 'bfloat16'],
	['Long', 'int64'],
	['Int', 'int32'],
	['Short', 'int16'],
	['Char', 'int8'],
	['Byte', 'uint8'],
	['Bool', 'bool'],
	['ComplexFloat', 'complex64'],
	['ComplexDouble', 'complex128'],
	['Untyped', 'bytes'],
	['Typed', 'bytes']
]);
const STORAGE = /^torch\.(?:cuda\.|storage\.)?(?:_)?(\w+)Storage$/;

/** The type of numbers in a storage of that name; null for what is none. */
const storageType = (name: string) => STORAGES.get(STORAGE.exec(name)?.[1] ?? '') ?? null;

const wrong = () => new PickleError('a tensor in it is not described as PyTorch does');

const whole = (value: Value | undefined): number => {
	const number = typeof value === 'bigint' ? Number(value) : value;
	if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) throw wrong();
	return number;
};
const sizes = (value: Value | undefined): number[] => {
	if (!Array.isArray(value) || value.length > 64) throw wrong();
	return value.map(whole);
};

function tensor([storage, offset, size, stride]: readonly Value[], type?: string): TensorReference {
	if (!(storage instanceof StorageReference)) throw wrong();
	const [shape, strides] = [sizes(size), sizes(stride)];
	if (shape.length !== strides.length) throw wrong();
	return new TensorReference(storage, type ?? storage.type, whole(offset), shape, strides);
}

const typed: Make = (args) => {
	const dtype = args[6];
	if (!(dtype instanceof Global)) throw wrong();
	return tensor(args, dtype.name.replace(/^torch\./, ''));
};

/** Made once of each list: a pickle may ask for it as often as it is long. */
const dictionaries = new WeakMap<Value[], Map<Value, Value>>();
/** Pairs, or nothing. */
const dictionary: Make = ([pairs]) => {
	if (pairs instanceof Map) return pairs;
	if (!Array.isArray(pairs)) return new Map();
	const known = dictionaries.get(pairs);
	if (known) return known;
	const map = new Map(
		pairs.map((pair) => (Array.isArray(pair) ? [pair[0] ?? null, pair[1] ?? null] : [pair, null]) as [Value, Value])
	);
	dictionaries.set(pairs, map);
	return map;
};
const first: Make = ([value]) => value ?? null;
const list: Make = ([items]) => (Array.isArray(items) ? items : []);
const written: Make = (args) => args.map((value) => (typeof value === 'object' ? '…' : String(value))).join(':');
const SUBCLASS = 'torch._tensor._rebuild_from_type_v2';
/** Of a subclass of tensors the plain tensor is what counts. */
const plain: Make = ([make = null, , args]) =>
	make instanceof Global && make.name !== SUBCLASS && Array.isArray(args) ? made(make, args) : null;

const KNOWN: ReadonlyMap<string, Make> = new Map<string, Make>([
	['torch._utils._rebuild_tensor', (args) => tensor(args)],
	['torch._utils._rebuild_tensor_v2', (args) => tensor(args)],
	['torch._utils._rebuild_tensor_v3', typed],
	['torch._utils._rebuild_parameter', first],
	['torch._utils._rebuild_parameter_with_state', first],
	['torch.nn.parameter.Parameter', first],
	['torch.nn.parameter.Buffer', first],
	[SUBCLASS, plain],
	['torch.Size', list],
	['torch.device', written],
	['collections.OrderedDict', dictionary],
	['collections.Counter', dictionary],
	['collections.defaultdict', () => new Map()],
	['_codecs.encode', first],
	...['builtins', '__builtin__'].flatMap((module): [string, Make][] => [
		...['set', 'frozenset', 'list', 'tuple', 'bytearray'].map((name): [string, Make] => [`${module}.${name}`, list]),
		...['int', 'long', 'float', 'bool', 'str', 'unicode', 'bytes'].map((name): [string, Make] => [
			`${module}.${name}`,
			first
		]),
		[`${module}.dict`, dictionary],
		...['slice', 'range', 'complex', 'object'].map((name): [string, Make] => [`${module}.${name}`, written])
	]),
	...['build_intlist', 'build_doublelist', 'build_boollist', 'build_tensorlist'].map((name): [string, Make] => [
		`torch.jit._pickle.${name}`,
		first
	]),
	['torch.jit._pickle.restore_type_tag', first]
]);

/** Names that stand for themselves: types of numbers, layouts, storages. */
const PLAIN =
	/^torch\.(?:(?:u?int|float|bfloat|complex|q?u?int|bool|double|half|long|short)\w*|strided|sparse_\w+|contiguous_format|channels_last|preserve_format|per_\w+|serialization\._get_layout|Tensor|FloatTensor)$/;

export const isKnown = (name: string) => KNOWN.has(name) || storageType(name) !== null || PLAIN.test(name);

/** What a call would give; a placeholder for every name that is not on the list. */
export function made(callee: Value, args: readonly Value[]): Value {
	const name = callee instanceof Global || callee instanceof Opaque ? callee.name : 'what is no name';
	const make = callee instanceof Global ? KNOWN.get(name) : undefined;
	return make ? make(args) : new Opaque(name, args);
}

/** What a persistent id stands for: a storage, or in old files a class with its source. */
export function persistent(id: Value): Value {
	const [kind, type, key, , count, view] = Array.isArray(id) ? id : [];
	if (kind === 'module' && type instanceof Global) return type;
	const name = type instanceof Global || type instanceof Opaque ? type.name : '';
	const storage = storageType(name);
	if (kind !== 'storage' || typeof key !== 'string') throw wrong();
	if (!storage) throw new PickleError(`it keeps numbers in ${name || 'what'}, which the lab does not know`);
	whole(count);
	return new StorageReference(key, storage, Array.isArray(view) ? whole(view[1]) : 0);
}

/** Names that a pickle calls only to do harm. */
const HARMFUL =
	/^(?:(?:os|posix|nt|subprocess|sys|shutil|socket|runpy|pty|webbrowser|ctypes|importlib|pickle|asyncio|multiprocessing)\b|(?:builtins|__builtin__)\.(?:eval|exec|execfile|compile|open|__import__|breakpoint|input)$)/;
export const isHarmful = (name: string) => HARMFUL.test(name);
