import { LabError } from '#contracts/errors.ts';
import {
	listOf,
	made,
	valuesOf,
	permuted,
	product,
	reshaped,
	room,
	stretched,
	strides,
	walk
} from '#engine/model/onnx/arrays.ts';
import { arranged, BATCH, batched, BatchMixed } from '#engine/model/onnx/batch.ts';
import type { Call } from '#engine/model/onnx/call.ts';
import type { Constant, Kind } from '#engine/model/onnx/definition.ts';
import { NumbersNeeded } from '#engine/model/onnx/later.ts';
import { dequantised } from '#engine/model/onnx/quantised.ts';
import { cuts, flattened, permutation, splitSizes, squeezed, unsqueezed } from '#engine/model/onnx/shapes.ts';
import { isConstant, natural } from '#engine/model/onnx/value.ts';

/** What is known before anything runs: shape arithmetic, masks, kernels that are turned or dequantised. */

type Fold = (call: Call, inputs: readonly Constant[]) => Constant | readonly Constant[] | null;

type Unary = (x: number) => number;
type Binary = (a: number, b: number, kind: Kind) => number;

const unary =
	(f: Unary, kind?: Kind): Fold =>
	(_call, [x]) => {
		const own = x as Constant;
		const values = valuesOf(own);
		const out = room(kind ?? own.kind, values.length, values);
		for (let i = 0; i < values.length; i++) out[i] = f(values[i] as number);
		return made(own.shape, kind ?? own.kind, out);
	};

function both(a: Constant, b: Constant, f: Binary, kind?: Kind): Constant {
	const shape = stretched([a.shape, b.shape]);
	const [x, y] = [valuesOf(a), valuesOf(b)];
	const result = kind ?? a.kind;
	const out = room(result, product(shape), x);
	walk(shape, [a.shape, b.shape], (at, [i, j]) => {
		out[at] = f(x[i as number] as number, y[j as number] as number, a.kind);
	});
	return made(shape, result, out);
}

const binary =
	(f: Binary, kind?: Kind): Fold =>
	(_call, inputs) =>
		inputs.slice(1).reduce((a, b) => both(a, b, f, kind), inputs[0] as Constant);

/** Whole numbers are divided towards zero. */
const divide: Binary = (a, b, kind) => (kind === 'int' ? Math.trunc(a / b) : a / b);

/** Calls `visit` for each slice along some axes: offsets of its first number, and those within. */
function reduce(
	call: Call,
	x: Constant,
	step: (sum: number, value: number) => number,
	start: number,
	end: (sum: number, n: number) => number = (sum) => sum
) {
	const rank = x.shape.length;
	const given = call.axes(1);
	if (!given?.length && call.int('noop_with_empty_axes', 0)) return x;
	const axes = given?.length ? given.map((axis) => call.checkedAxis(axis, rank)) : natural(rank);
	const keep = call.int('keepdims', 1) !== 0;
	const full = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
	const values = valuesOf(x);
	const out = room(x.kind, product(full), values).fill(start);
	walk(x.shape, [x.shape, full], (_, [from, to]) => {
		out[to as number] = step(out[to as number] as number, values[from as number] as number);
	});
	const count = axes.reduce((n, axis) => n * (x.shape[axis] as number), 1);
	for (let i = 0; i < out.length; i++) out[i] = end(out[i] as number, count);
	return made(keep ? full : full.filter((_, axis) => !axes.includes(axis)), x.kind, out);
}

const reduction =
	(step: (sum: number, value: number) => number, start: number, end?: (sum: number, n: number) => number): Fold =>
	(call, [x]) =>
		reduce(call, x as Constant, step, start, end);

const kindOf = (onnx: number): Kind | null =>
	[1, 10, 11, 16].includes(onnx)
		? 'float'
		: [2, 3, 4, 5, 6, 7, 12, 13].includes(onnx)
			? 'int'
			: onnx === 9
				? 'bool'
				: null;

function cast(x: Constant, kind: Kind): Constant {
	if (kind === x.kind) return x;
	const values = valuesOf(x);
	const out = room(kind, values.length);
	for (let i = 0; i < values.length; i++) {
		const value = values[i] as number;
		out[i] = kind === 'int' ? Math.trunc(value) : kind === 'bool' ? Number(value !== 0) : value;
	}
	return made(x.shape, kind, out, x);
}

function gather(call: Call, [x, at]: readonly Constant[]): Constant {
	const data = x as Constant;
	const axis = call.axis(data.shape.length, 0);
	const length = data.shape[axis] as number;
	const indices = listOf(at as Constant).map((i) => (i < 0 ? i + length : i));
	if (indices.some((i) => !(i >= 0 && i < length))) throw call.fault(`picks what lies outside of ${length} entries`);
	const inner = product(data.shape.slice(axis + 1));
	const outer = product(data.shape.slice(0, axis));
	const values = valuesOf(data);
	const out = room(data.kind, outer * indices.length * inner, values);
	let to = 0;
	for (let o = 0; o < outer; o++)
		for (const i of indices) for (let k = 0; k < inner; k++) out[to++] = values[(o * length + i) * inner + k] as number;
	return made([...data.shape.slice(0, axis), ...(at as Constant).shape, ...data.shape.slice(axis + 1)], data.kind, out);
}

function concat(call: Call, inputs: readonly Constant[]): Constant {
	const [first] = inputs as [Constant];
	const axis = call.axis(first.shape.length, 1);
	const length = inputs.reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0);
	const shape = first.shape.map((n, i) => (i === axis ? length : n));
	if (inputs.some((one) => one.shape.some((n, i) => i !== axis && n !== shape[i])))
		throw call.fault('joins tensors that do not fit');
	const inner = product(shape.slice(axis + 1));
	const out = room(first.kind, product(shape), valuesOf(first));
	let before = 0;
	for (const one of inputs) {
		const values = valuesOf(one);
		const own = (one.shape[axis] as number) * inner;
		for (let from = 0, to = before * inner; from < values.length; from += own, to += length * inner)
			out.set(values.subarray(from, from + own), to);
		before += one.shape[axis] as number;
	}
	return made(shape, first.kind, out);
}

function slice(call: Call, [x]: readonly Constant[]): Constant {
	return cuts(call, (x as Constant).shape).reduce((data, { axis, start, step, count }) => {
		const inner = product(data.shape.slice(axis + 1));
		const outer = product(data.shape.slice(0, axis));
		const values = valuesOf(data);
		const out = room(data.kind, outer * count * inner, values);
		let to = 0;
		for (let o = 0; o < outer; o++)
			for (let i = 0; i < count; i++)
				for (let k = 0; k < inner; k++)
					out[to++] = values[(o * (data.shape[axis] as number) + start + i * step) * inner + k] as number;
		return made(
			data.shape.map((n, i) => (i === axis ? count : n)),
			data.kind,
			out
		);
	}, x as Constant);
}

function spread(shape: readonly number[], x: Constant): Constant {
	// Rows of a batch are alike: one of them broadcasts.
	const small = shape.map((n) => (n === BATCH ? 1 : n));
	if (small.some(batched)) throw new BatchMixed();
	const full = stretched([x.shape, small]);
	const values = valuesOf(x);
	const out = room(x.kind, product(full), values);
	walk(full, [x.shape], (at, [from]) => {
		out[at] = values[from as number] as number;
	});
	return made(full, x.kind, out);
}

function constantOfShape(call: Call, [x]: readonly Constant[]): Constant {
	const value = call.node.attributes.get('value');
	const one = isConstantAttribute(value) ? value : made([1], 'float', Float32Array.of(0));
	return spread(listOf(x as Constant), made([], one.kind, valuesOf(one)));
}

const isConstantAttribute = (value: unknown): value is Constant =>
	typeof value === 'object' && value !== null && 'constant' in value;

function where([condition, a, b]: readonly [Constant, Constant, Constant]): Constant {
	const shape = stretched([condition.shape, a.shape, b.shape]);
	const [c, x, y] = [valuesOf(condition), valuesOf(a), valuesOf(b)];
	const out = room(a.kind, product(shape), x);
	walk(shape, [condition.shape, a.shape, b.shape], (at, [i, j, k]) => {
		out[at] = c[i as number] ? (x[j as number] as number) : (y[k as number] as number);
	});
	return made(shape, a.kind, out);
}

function range(call: Call, inputs: readonly Constant[]): Constant {
	const [start, limit, step] = inputs.map((one) => listOf(one)[0]) as [number, number, number];
	if (batched(limit)) throw new BatchMixed();
	const count = Math.max(0, Math.ceil((limit - start) / step));
	if (!Number.isFinite(count)) throw call.fault('counts without an end');
	const out = room((inputs[0] as Constant).kind, count);
	for (let i = 0; i < count; i++) out[i] = start + i * step;
	return made([count], (inputs[0] as Constant).kind, out);
}

function nonZero(x: Constant): Constant {
	const values = valuesOf(x);
	const steps = strides(x.shape);
	const found = Array.from(values.keys()).filter((i) => values[i] !== 0);
	const rows = x.shape.map((n, axis) => found.map((i) => Math.floor(i / (steps[axis] as number)) % n));
	return made([x.shape.length, found.length], 'int', Float64Array.from(rows.flat()));
}

function split(call: Call, x: Constant): Constant[] {
	const axis = call.axis(x.shape.length, 0);
	const sizes = splitSizes(call, x.shape[axis] as number);
	const inner = product(x.shape.slice(axis + 1));
	const outer = product(x.shape.slice(0, axis));
	const values = valuesOf(x);
	let before = 0;
	return sizes.map((size) => {
		const out = room(x.kind, outer * size * inner, values);
		for (let o = 0; o < outer; o++) {
			const from = (o * (x.shape[axis] as number) + before) * inner;
			out.set(values.subarray(from, from + size * inner), o * size * inner);
		}
		before += size;
		return made(
			x.shape.map((n, i) => (i === axis ? size : n)),
			x.kind,
			out
		);
	});
}

const same: Fold = (_call, [x]) => x as Constant;

const FOLDS: Readonly<Record<string, Fold>> = {
	Identity: same,
	Dropout: (_call, [x]) => [x as Constant],
	Add: binary((a, b) => a + b),
	Sub: binary((a, b) => a - b),
	Mul: binary((a, b) => a * b),
	Div: binary(divide),
	Pow: binary((a, b) => a ** b),
	Mod: binary((a, b) => a - b * Math.floor(a / b)),
	Min: binary((a, b) => Math.min(a, b)),
	Max: binary((a, b) => Math.max(a, b)),
	And: binary((a, b) => a && b),
	Or: binary((a, b) => a || b),
	Xor: binary((a, b) => Number(a !== b)),
	Equal: binary((a, b) => Number(a === b), 'bool'),
	Greater: binary((a, b) => Number(a > b), 'bool'),
	GreaterOrEqual: binary((a, b) => Number(a >= b), 'bool'),
	Less: binary((a, b) => Number(a < b), 'bool'),
	LessOrEqual: binary((a, b) => Number(a <= b), 'bool'),
	Not: unary((x) => Number(!x), 'bool'),
	Neg: unary((x) => -x),
	Abs: unary(Math.abs),
	Sqrt: unary(Math.sqrt),
	Exp: unary(Math.exp),
	Log: unary(Math.log),
	Floor: unary(Math.floor),
	Ceil: unary(Math.ceil),
	Sign: unary(Math.sign),
	Sin: unary(Math.sin),
	Cos: unary(Math.cos),
	Tanh: unary(Math.tanh),
	Reciprocal: unary((x) => 1 / x),
	ReduceSum: reduction((a, b) => a + b, 0),
	ReduceProd: reduction((a, b) => a * b, 1),
	ReduceMean: reduction(
		(a, b) => a + b,
		0,
		(sum, n) => sum / n
	),
	ReduceMax: reduction(Math.max, -Infinity),
	ReduceMin: reduction(Math.min, Infinity),
	Cast(call, [x]) {
		const kind = kindOf(call.int('to', 1));
		return kind && cast(x as Constant, kind);
	},
	CastLike: (_call, [x, like]) => cast(x as Constant, (like as Constant).kind),
	Size: (_call, [x]) => made([], 'int', Float64Array.of(product((x as Constant).shape))),
	Gather: gather,
	Concat: concat,
	Slice: slice,
	Split: (call, [x]) => split(call, x as Constant),
	Squeeze: (call, [x]) => reshaped(x as Constant, squeezed(call, (x as Constant).shape)),
	Unsqueeze: (call, [x]) => reshaped(x as Constant, unsqueezed(call, (x as Constant).shape)),
	Flatten: (call, [x]) => reshaped(x as Constant, flattened(call, (x as Constant).shape)),
	Reshape(call, [x]) {
		const own = x as Constant;
		const asked = call.ints('shape') ?? call.list(1, 'shape') ?? [];
		return reshaped(
			own,
			arranged(
				own.shape,
				asked.map((n) => (n === BATCH ? 1 : n)),
				call.int('allowzero', 0) !== 0
			)
		);
	},
	Transpose: (call, [x]) => permuted(x as Constant, permutation(call, (x as Constant).shape.length)),
	Expand: (_call, [x, shape]) => spread(listOf(shape as Constant), x as Constant),
	ConstantOfShape: constantOfShape,
	Where: (_call, inputs) => where(inputs as unknown as [Constant, Constant, Constant]),
	Range: range,
	NonZero: (_call, [x]) => nonZero(x as Constant),
	DequantizeLinear: (call) => dequantised(call)
};

/** What the node gives, if that is known already; else null. */
export function folded(call: Call): readonly Constant[] | null {
	const { op } = call.node;
	if (op === 'Shape') return shapeOf(call);
	if (!Object.hasOwn(FOLDS, op)) return null;
	const inputs = call.operands.filter((operand) => operand !== undefined);
	if (!inputs.length || !inputs.every(isConstant) || inputs.some((one) => !one.values && !one.later)) return null;
	try {
		const result = FOLDS[op]?.(call, inputs) ?? null;
		return result && (Array.isArray(result) ? (result as Constant[]) : [result as Constant]);
	} catch (error) {
		if (error instanceof LabError || error instanceof BatchMixed || error instanceof NumbersNeeded) throw error;
		throw call.fault('cannot be worked out');
	}
}

function shapeOf(call: Call): Constant[] {
	const { shape } = call.operand(0);
	const start = call.int('start', 0);
	return [
		made(
			[shape.slice(start, call.int('end', shape.length)).length],
			'int',
			Float64Array.from(shape.slice(start, call.int('end', shape.length)))
		)
	];
}
