import { Opaque, TensorReference, type Value } from '#loaders/pytorch/values.ts';

/** Finds the weights in what a pickle holds: a state dict, a checkpoint with one in it, or a whole module. */

export interface StateDict {
	tensors: ReadonlyMap<string, TensorReference>;
	/** Under which keys of a checkpoint it was found, outermost first. */
	within: readonly string[];
	/** Keys beside it that hold tensors, too, with their number; without what training keeps for itself. */
	beside: ReadonlyMap<string, number>;
}

/** Where checkpoints keep their weights, the usual places first. */
const KEYS = [
	...['state_dict', 'model_state_dict', 'model', 'net', 'network', 'module', 'params', 'params_ema'],
	...['ema', 'model_ema', 'ema_state_dict', 'state', 'weights', 'generator', 'student', 'teacher']
];
/** What training keeps for itself. */
const TRAINING = /optim|sched|scaler|rng|callback|loops|^args$|config|hyper/i;
/** Containers that are looked into, and how deep: references may be shared and form rings. */
const [MAX_CONTAINERS, DEEPEST] = [200_000, 64];

class Search {
	#left = MAX_CONTAINERS;
	readonly #open = new Set<Value>();

	/** All tensors within, by the path of names to each. */
	collect(
		value: Value,
		path: string,
		out = new Map<string, TensorReference>(),
		depth = 0
	): Map<string, TensorReference> {
		if (value instanceof TensorReference) {
			let name = path || 'tensor';
			for (let k = 2; out.has(name); k++) name = `${path}#${k}`;
			out.set(name, value);
			return out;
		}
		if (!isContainer(value) || depth > DEEPEST || this.#open.has(value) || this.#left-- <= 0) return out;
		this.#open.add(value);
		for (const [key, inner] of children(value)) {
			const next = key === '' ? path : path ? `${path}.${key}` : key;
			this.collect(inner, next, out, depth + 1);
		}
		this.#open.delete(value);
		return out;
	}
}

const isContainer = (value: Value): value is Value[] | Map<Value, Value> | Opaque =>
	Array.isArray(value) || value instanceof Map || value instanceof Opaque;

const words = (key: Value) => (typeof key === 'object' ? '' : String(key));
const isDictionary = (value: Value | undefined): value is Map<Value, Value> => value instanceof Map;

/** The parts of a value by name; those of a module as `state_dict()` of PyTorch names them. */
function* children(value: Value[] | Map<Value, Value> | Opaque): Generator<readonly [key: string, value: Value]> {
	if (Array.isArray(value)) {
		for (const [k, item] of value.entries()) yield [String(k), item];
		return;
	}
	if (value instanceof Map) {
		for (const [key, item] of value) yield [words(key), item];
		return;
	}
	const { state, items, args } = value;
	const parts = isDictionary(state) ? ['_parameters', '_buffers', '_modules'].map((key) => state.get(key)) : [];
	if (parts.some(isDictionary)) {
		for (const part of parts) if (isDictionary(part)) yield* children(part);
		return;
	}
	if (items.size) yield* children(items);
	if (isContainer(state)) yield ['', state];
	for (const arg of args) if (isContainer(arg)) yield ['', arg];
}

const amount = (value: Value) => new Search().collect(value, '').size;

export function stateDictIn(root: Value): StateDict {
	const within: string[] = [];
	let beside: ReadonlyMap<string, number> = new Map();
	let value = root;
	for (let depth = 0; depth < 4 && value instanceof Map; depth++) {
		const dictionary: Map<Value, Value> = value;
		const counts = new Map<string, number>();
		for (const [key, inner] of dictionary)
			if (typeof key === 'string' && isContainer(inner) && counts.size < 100) counts.set(key, amount(inner));
		const key = KEYS.find((one) => counts.get(one));
		const only = [...counts].filter(([name, count]) => count && !TRAINING.test(name));
		if (key === undefined && ![...counts.keys()].some((name) => TRAINING.test(name))) break;
		const chosen = key ?? only[0]?.[0];
		if (chosen === undefined) break;
		within.push(chosen);
		beside = new Map([...counts].filter(([name, count]) => name !== chosen && count && !TRAINING.test(name)));
		value = dictionary.get(chosen) ?? null;
	}
	return { tensors: new Search().collect(value, ''), within, beside };
}
