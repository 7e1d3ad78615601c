import { LabError } from '#contracts/errors.ts';
import type { AttributeValue, Shape } from '#contracts/graph.ts';
import { activationOf } from '#engine/model/layers/activations.ts';
import type { Mapped } from '#engine/model/layers/mapping.ts';
import type { Call, LayerPlan } from '#engine/model/layers/plan.ts';
import { Given, type Argument } from '#engine/model/layers/references.ts';
import { isObject, type JsonObject } from '#maths/json.ts';

/** Functions that stand as layers, `keras.ops` and those of TensorFlow, in the words of the operator table. */

export interface Operation {
	/** One after the other; the first reads the inputs. */
	stages: readonly Mapped[];
	/** Which inputs of the call. */
	inputs: readonly number[];
	shape: Shape;
}

/** `keras.src.ops.numpy` Add, `math.reduce_mean`, `__operators__.add` -> `add`, `mean`, `add` */
function wordOf({ className, config }: LayerPlan): string {
	const name = className === 'TFOpLambda' ? String(config['function']) : className;
	const last = name.split('.').pop() as string;
	const word = last.replace(/_/g, '').toLowerCase();
	return WORDS.get(word) ?? word;
}

const WORDS: ReadonlyMap<string, string> = new Map([
	...['reducemean', 'reducesum', 'reducemax', 'reducemin', 'reduceprod'].map(
		(word) => [word, word.slice('reduce'.length)] as const
	),
	['truediv', 'divide'],
	['truedivide', 'divide'],
	['div', 'divide'],
	['realdiv', 'divide'],
	['sub', 'subtract'],
	['mul', 'multiply'],
	['pow', 'power'],
	['negative', 'neg'],
	['absolute', 'abs'],
	['concat', 'concatenate'],
	['clipbyvalue', 'clip'],
	['permutedims', 'transpose'],
	['slicingoplambda', 'getitem']
]);

/** By what they are called in the table: of one input, number by number. */
const UNARY: ReadonlyMap<string, string> = new Map(
	[
		'Exp',
		'Log',
		'Sqrt',
		'Square',
		'Neg',
		'Abs',
		'Rsqrt',
		'Sin',
		'Cos',
		'Tan',
		'Floor',
		'Ceil',
		'Round',
		'Sign',
		'Erf',
		'Reciprocal',
		'Log1p',
		'Expm1'
	].map((type) => [type.toLowerCase(), type] as const)
);
const IDENTITY = new Set(['identity', 'cast', 'stopgradient', 'converttotensor', 'dropout', 'ensureshape']);
const BINARY: ReadonlyMap<string, string> = new Map(
	['Add', 'Subtract', 'Multiply', 'Divide', 'Maximum', 'Minimum'].map((type) => [type.toLowerCase(), type] as const)
);
const REDUCED: ReadonlyMap<string, string> = new Map(
	['Mean', 'Sum', 'Max', 'Min', 'Prod'].map((type) => [type.toLowerCase(), type] as const)
);

/** What one use of a function is given, by position and by name; its settings may lie in its layer. */
class Arguments {
	constructor(
		private readonly call: NonNullable<Call['given']>,
		private readonly config: JsonObject
	) {}

	at(index: number, ...names: readonly string[]): Argument | undefined {
		for (const name of names) {
			const value = this.call.named.get(name);
			if (value !== undefined) return value;
		}
		const given = this.call.positional[index];
		if (given !== undefined) return given;
		return names.map((name) => this.config[name]).find((value) => value !== undefined && value !== null);
	}

	number(index: number, ...names: readonly string[]): number | null {
		const value = this.at(index, ...names);
		return typeof value === 'number' && Number.isFinite(value) ? value : null;
	}

	integers(index: number, ...names: readonly string[]): number[] | null {
		const list = [this.at(index, ...names)].flat();
		return list.every((n): n is number => Number.isInteger(n)) ? list : null;
	}
}

/** Numbers of a constant: one, or one per entry of the last axis. */
function constant(value: Argument | undefined): number | number[] | null {
	if (isObject(value)) {
		const config = value['config'];
		return isObject(config) ? constant(config['value']) : null;
	}
	let inner: Argument | undefined = value;
	while (Array.isArray(inner) && inner.length === 1) inner = inner[0] as Argument;
	if (typeof inner === 'number') return Number.isFinite(inner) ? inner : null;
	return Array.isArray(inner) && inner.every((n): n is number => typeof n === 'number' && Number.isFinite(n))
		? inner
		: null;
}

const each = (c: number | number[], f: (n: number) => number) => (Array.isArray(c) ? c.map(f) : f(c));
const scaled = (scale: number | number[], offset: number | number[]): Mapped => ({
	type: 'Rescale',
	attributes: { scale, offset }
});
const plain = (type: string, attributes: Record<string, AttributeValue> = {}): Mapped => ({ type, attributes });

/** A number with a tensor. */
function withConstant(word: string, c: number | number[], first: boolean): Mapped[] | null {
	const negative = each(c, (n) => -n);
	switch (word) {
		case 'add':
			return [scaled(1, c)];
		case 'subtract':
			return [first ? scaled(-1, c) : scaled(1, negative)];
		case 'multiply':
			return [scaled(c, 0)];
		case 'divide':
			return first
				? [plain('Reciprocal'), scaled(c, 0)]
				: [
						scaled(
							each(c, (n) => 1 / n),
							0
						)
					];
		case 'maximum':
			return [scaled(1, negative), plain('Relu'), scaled(1, c)];
		case 'minimum':
			return [scaled(-1, c), plain('Relu'), scaled(-1, c)];
		default:
			return null;
	}
}

/** As NumPy stretches them; null where they do not fit. */
function broadcast(a: Shape, b: Shape): Shape | null {
	const rank = Math.max(a.length, b.length);
	const at = (shape: Shape, axis: number) =>
		axis < rank - shape.length ? 1 : (shape[axis - rank + shape.length] ?? null);
	const sizes = Array.from({ length: rank }, (_, axis) => [at(a, axis), at(b, axis)] as const);
	if (!sizes.every(([x, y]) => x === null || y === null || x === y || x === 1 || y === 1)) return null;
	return sizes.map(([x, y]) => (x === 1 || (x === null && y !== 1) ? y : x));
}

function binary(word: string, type: string, args: Arguments, shapes: readonly Shape[]): Operation | null {
	const [a, b] = [args.at(0, 'x1', 'x', 'a'), args.at(1, 'x2', 'y', 'b')];
	if (a instanceof Given && b instanceof Given) {
		const shape = broadcast(shapes[a.input] ?? [], shapes[b.input] ?? []);
		return shape && { stages: [plain(type)], inputs: [a.input, b.input], shape };
	}
	const [given, other] = a instanceof Given ? [a, b] : [b, a];
	const c = constant(other);
	const stages = given instanceof Given && c !== null ? withConstant(word, c, given === b) : null;
	if (!stages || !(given instanceof Given)) return null;
	const shape = shapes[given.input] ?? [];
	if (Array.isArray(c) && c.length !== shape.at(-1)) return null;
	return { stages, inputs: [given.input], shape };
}

const POWERS: ReadonlyMap<number, readonly string[]> = new Map([
	[1, ['Identity']],
	[2, ['Square']],
	[0.5, ['Sqrt']],
	[-1, ['Reciprocal']],
	[-0.5, ['Sqrt', 'Reciprocal']]
]);

/** Axes counted from the front; null for those that are none, or the batch. */
function axesOf(axes: readonly number[] | null, rank: number): number[] | null {
	const found = axes?.map((axis) => (axis < 0 ? axis + rank : axis)) ?? null;
	return found?.every((axis) => axis > 0 && axis < rank) ? found : null;
}

function reduced(type: string, args: Arguments, shape: Shape): Omit<Operation, 'inputs'> | null {
	const axes = axesOf(args.integers(1, 'axis'), shape.length);
	if (!axes) return null;
	const keepDims = args.at(2, 'keepdims', 'keep_dims') === true;
	const left = shape.flatMap((n, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [n]));
	const isSpatial = axes.length === shape.length - 2 && !axes.includes(shape.length - 1);
	const pooled = isSpatial ? { Mean: 'GlobalAveragePool', Max: 'GlobalMaxPool' }[type] : undefined;
	return { stages: [plain(pooled ?? type, { axes, keepDims })], shape: left };
}

/** The same numbers in another shape, of which one size after the batch may be open. */
function reshaped(shape: Shape): Omit<Operation, 'inputs'> | null {
	const rest = shape.slice(1).map((n) => n ?? -1);
	return rest.filter((n) => n < 0).length > 1 ? null : { stages: [plain('Reshape', { shape: rest })], shape };
}

function asShape(args: Arguments, shape: Shape): Omit<Operation, 'inputs'> | null {
	const requested = args.integers(1, 'newshape', 'shape');
	const [batch, ...rest] = requested ?? [];
	const known = shape.slice(1).reduce<number | null>((n, m) => (n === null || m === null ? null : n * m), 1);
	const product = rest.reduce((n, m) => n * m, 1);
	if (batch !== -1 || rest.some((n) => n < 1) || product !== known) return null;
	return reshaped([shape[0] ?? null, ...rest]);
}

function transposed(args: Arguments, shape: Shape): Omit<Operation, 'inputs'> | null {
	const permutation = args.integers(1, 'axes', 'perm');
	const sorted = [...(permutation ?? [])].sort((a, b) => a - b);
	if (permutation?.[0] !== 0 || sorted.length !== shape.length || sorted.some((n, i) => n !== i)) return null;
	return { stages: [plain('Transpose', { permutation })], shape: permutation.map((axis) => shape[axis] ?? null) };
}

interface Cut {
	axis: number;
	first: number;
	step: number;
	count: number;
	keep: boolean;
}

const bounded = (n: number, length: number) => Math.min(Math.max(n < 0 ? n + length : n, 0), length);

/** `x[:, 1:3]`: one key per axis, of which one may stand for all that are left out. */
function sliced(args: Arguments, shape: Shape): Omit<Operation, 'inputs'> | null {
	const keys = [args.at(1, 'key', 'slice_spec')].flat() as Argument[];
	const dots = keys.findIndex((key) => isObject(key) && key['class_name'] === '__ellipsis__');
	const all = { class_name: '__slice__', config: {} };
	if (dots >= 0) keys.splice(dots, 1, ...Array<Argument>(Math.max(0, shape.length - keys.length + 1)).fill(all));
	if (keys.length > shape.length) return null;
	const cuts: Cut[] = [];
	for (const [axis, key] of keys.entries()) {
		if (key instanceof Given) return null;
		const length = shape[axis];
		const slice = isObject(key) ? (isObject(key['config']) ? key['config'] : key) : {};
		const { start = null, stop = null, step = null } = slice as JsonObject;
		if (isObject(key) && start === null && stop === null && (step === null || step === 1)) continue;
		if (axis === 0 || length === null || length === undefined) return null;
		if (Number.isInteger(key)) {
			const index = (key as number) < 0 ? (key as number) + length : (key as number);
			if (index < 0 || index >= length) return null;
			cuts.push({ axis, first: index, step: 1, count: 1, keep: false });
			continue;
		}
		if (!isObject(key) || ![start, stop, step].every((n) => n === null || Number.isInteger(n))) return null;
		const by = (step as number | null) ?? 1;
		const [from, to] = [
			bounded((start as number | null) ?? 0, length),
			bounded((stop as number | null) ?? length, length)
		];
		if (by < 1 || to <= from) return null;
		cuts.push({ axis, first: from, step: by, count: Math.ceil((to - from) / by), keep: true });
	}
	const kept = shape.map((n, axis) => cuts.find((cut) => cut.axis === axis)?.count ?? n);
	const left = kept.filter((_, axis) => cuts.find((cut) => cut.axis === axis)?.keep !== false);
	const slice = plain('Slice', { cuts: cuts.map(({ axis, first, step, count }) => [axis, first, step, count]) });
	if (!cuts.length) return { stages: [plain('Identity')], shape };
	if (left.length === kept.length) return { stages: [slice], shape: left };
	const last = reshaped(left);
	return last && { stages: [slice, ...last.stages], shape: left };
}

/** Of one input. */
function single(word: string, args: Arguments, shape: Shape): Omit<Operation, 'inputs'> | null {
	const unary = UNARY.get(word);
	const [type] = [REDUCED.get(word)];
	if (unary) return { stages: [plain(unary)], shape };
	if (IDENTITY.has(word)) return { stages: [plain('Identity')], shape };
	if (type) return reduced(type, args, shape);
	switch (word) {
		case 'power': {
			const stages = POWERS.get(args.number(1, 'x2', 'y') ?? NaN);
			return stages ? { stages: stages.map((one) => plain(one)), shape } : null;
		}
		case 'clip': {
			const [min, max] = [args.number(1, 'x_min', 'clip_value_min'), args.number(2, 'x_max', 'clip_value_max')];
			return min === null || max === null ? null : { stages: [plain('ClipByValue', { min, max })], shape };
		}
		case 'reshape':
			return asShape(args, shape);
		case 'transpose':
			return transposed(args, shape);
		case 'expanddims': {
			const at = args.number(1, 'axis') ?? NaN;
			const axis = at < 0 ? at + shape.length + 1 : at;
			return axis > 0 && axis <= shape.length ? reshaped([...shape.slice(0, axis), 1, ...shape.slice(axis)]) : null;
		}
		case 'squeeze': {
			const axes = axesOf(args.integers(1, 'axis'), shape.length);
			return axes?.every((axis) => shape[axis] === 1)
				? reshaped(shape.filter((_, axis) => !axes.includes(axis)))
				: null;
		}
		case 'getitem':
			return sliced(args, shape);
		default:
			return null;
	}
}

const SETTINGS = ['negative_slope', 'alpha', 'approximate', 'threshold'];

/** An activation under its name as a function. */
function activated({ className, config }: LayerPlan, args: Arguments, shape: Shape): Omit<Operation, 'inputs'> | null {
	const name = (className === 'TFOpLambda' ? String(config['function']) : className).split('.').pop() as string;
	const given = SETTINGS.flatMap((key) => {
		const value = args.at(Infinity, key);
		return typeof value === 'number' || typeof value === 'boolean' ? [[key, value] as const] : [];
	});
	try {
		const found = activationOf({ class_name: name, config: Object.fromEntries(given) }, 3, () => null);
		if (!found) return null;
		const axis = /softmax$/i.test(name) ? args.number(1, 'axis') : null;
		const stage = axis === null ? found : { ...found, attributes: { ...found.attributes, axis } };
		return { stages: [stage], shape };
	} catch (error) {
		if (error instanceof LabError) return null;
		throw error;
	}
}

function joined(args: Arguments, shapes: readonly Shape[]): Operation | null {
	const all = [args.at(0, 'xs', 'values')].flat();
	if (!all.length || !all.every((one): one is Given => one instanceof Given)) return null;
	const inputs = all.map(({ input }) => input);
	const own = inputs.map((input) => shapes[input] ?? []);
	const [first = []] = own;
	const at = args.number(1, 'axis') ?? NaN;
	const axis = at < 0 ? at + first.length : at;
	if (!(axis > 0 && axis < first.length) || own.some(({ length }) => length !== first.length)) return null;
	const total = own.reduce<number | null>((sum, shape) => {
		const n = shape[axis] ?? null;
		return sum === null || n === null ? null : sum + n;
	}, 0);
	const shape = first.map((n, i) => (i === axis ? total : n));
	return { stages: [plain('Concat', { axis })], inputs, shape };
}

function product(args: Arguments, shapes: readonly Shape[]): Operation | null {
	const [a, b] = [args.at(0, 'x1', 'a'), args.at(1, 'x2', 'b')];
	if (!(a instanceof Given) || !(b instanceof Given)) return null;
	const [x, y] = [shapes[a.input] ?? [], shapes[b.input] ?? []];
	if (x.length < 3 || x.length !== y.length) return null;
	const [transposeA, transposeB] = [
		args.at(Infinity, 'transpose_a') === true,
		args.at(Infinity, 'transpose_b') === true
	];
	const shape = [...x.slice(0, -2), x.at(transposeA ? -1 : -2) ?? null, y.at(transposeB ? -2 : -1) ?? null];
	return { stages: [plain('MatMul', { transposeA, transposeB })], inputs: [a.input, b.input], shape };
}

/** @returns null for what has no words in the table, or is given what it does not take */
export function operation(layer: LayerPlan, call: Call, shapes: readonly Shape[]): Operation | null {
	const word = wordOf(layer);
	const args = new Arguments(call.given ?? { positional: [], named: new Map() }, layer.config);
	const type = BINARY.get(word);
	if (type) return binary(word, type, args, shapes);
	if (word === 'concatenate') return joined(args, shapes);
	if (word === 'matmul') return product(args, shapes);
	const first = args.at(0, 'x', 'inputs', 'tensor', 'input', 'logits', 'features');
	const shape = first instanceof Given ? shapes[first.input] : undefined;
	if (!(first instanceof Given) || !shape?.length) return null;
	const found = single(word, args, shape) ?? activated(layer, args, shape);
	return found && { ...found, inputs: [first.input] };
}
