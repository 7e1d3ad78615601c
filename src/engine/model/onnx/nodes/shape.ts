import { made, product } from '#engine/model/onnx/arrays.ts';
import { arranged, BATCH, batched, BatchMixed, plain } from '#engine/model/onnx/batch.ts';
import type { Call, Handler, Handlers } from '#engine/model/onnx/call.ts';
import { cuts, flattened, permutation, splitSizes, squeezed, unsqueezed } from '#engine/model/onnx/shapes.ts';
import { combined } from '#engine/model/onnx/combined.ts';
import { rearranged } from '#engine/model/onnx/rearranged.ts';
import { isConstant, natural, sameOrder, type Operand, type Value } from '#engine/model/onnx/value.ts';

/** What hands its numbers on: in another shape, in parts, repeated. */

const reshape =
	(shapeOf: (call: Call, shape: readonly number[]) => readonly number[]): Handler =>
	(call) => {
		const x = call.value(0);
		const y = rearranged(call.t, x, shapeOf(call, x.shape));
		return x.quantised ? { ...y, quantised: x.quantised } : y;
	};

/** Exchanges the axes of the file; in memory nothing moves until somebody wants it. */
const transpose: Handler = (call) => {
	const x = call.value(0);
	const order = permutation(call, x.shape.length);
	return {
		...x,
		shape: order.map((axis) => x.shape[axis] as number),
		order: x.order.map((axis) => order.indexOf(axis))
	};
};

const concat: Handler = (call) => {
	const operands = call.operands.filter((one) => one !== undefined);
	const [first] = operands as [Operand];
	const rank = first.shape.length;
	const axis = call.axis(rank, 1);
	const values = operands.filter((one): one is Value => !isConstant(one));
	if (values.some((one) => batched(one.shape[axis] as number))) throw new BatchMixed();
	const turned = values.find(({ order }) => !sameOrder(order, natural(rank)));
	const order = turned?.order ?? natural(rank);
	const length = operands.reduce((sum, { shape }) => sum + (shape[axis] as number), 0);
	const [widest] = [...operands].sort((a, b) => (b.shape[0] ?? 0) - (a.shape[0] ?? 0)) as [Operand];
	const shape = widest.shape.map((n, i) => (i === axis ? length : n));
	for (const { shape: own } of operands)
		if (
			own.length !== rank ||
			own.some((n, i) => i !== axis && n !== shape[i] && !(i === 0 && batched(shape[0] as number) && n === 1))
		)
			throw call.fault('joins tensors that do not fit');
	const inputs = operands.map((one) => (isConstant(one) ? call.t.turned(one, order) : call.t.as(one, order)));
	const at = order.indexOf(axis);
	return call.t.one(
		'Concat',
		inputs,
		{ shape, order, dtype: values[0]?.dtype ?? 'float32' },
		{ attributes: { axis: at === rank - 1 ? -1 : at } }
	);
};

const split: Handler = (call) => {
	const x = call.value(0);
	const axis = call.axis(x.shape.length, 0);
	const sizes = splitSizes(call, plain(x.shape[axis]));
	const outputs = sizes.map((size) => ({
		shape: x.shape.map((n, i) => (i === axis ? size : n)),
		order: x.order,
		dtype: x.dtype
	}));
	return call.t.emit({ type: 'Split', inputs: [x], attributes: { axis: x.order.indexOf(axis), sizes }, outputs });
};

/** @param parts [axis of the file, first, step, how many] */
export function sliced(
	call: Call,
	x: Value,
	parts: readonly { axis: number; start: number; step: number; count: number }[]
): Value {
	if (parts.some(({ axis }) => batched(x.shape[axis] as number))) throw new BatchMixed();
	const shape = x.shape.map((n, axis) => parts.find((part) => part.axis === axis)?.count ?? n);
	const list = parts.map(({ axis, start, step, count }) => [x.order.indexOf(axis), start, step, count]);
	return call.t.one('Slice', [x], { shape, order: x.order, dtype: x.dtype }, { attributes: { cuts: list } });
}

const slice: Handler = (call) => {
	const x = call.value(0);
	const parts = cuts(call, x.shape);
	return parts.length ? sliced(call, x, parts) : call.each('Identity');
};

const expand: Handler = (call) => {
	const x = call.value(0);
	return stretchedTo(call, x, call.list(1, 'shape') ?? []);
};

/** Rows of a batch that are alike stay one: they broadcast wherever they go. */
function stretchedTo(call: Call, x: Value, asked: readonly number[]): Value {
	const rank = Math.max(asked.length, x.shape.length);
	const own = [...Array<number>(rank - x.shape.length).fill(1), ...x.shape];
	const shape = own.map((n, axis) => {
		const requested = asked[axis - rank + asked.length] ?? 1;
		if (requested === BATCH && n === 1 && axis === 0) return 1;
		if (n !== 1 && requested !== 1 && requested !== n)
			throw batched(n) || batched(requested) ? new BatchMixed() : call.fault('stretches what is no single entry');
		if (batched(requested) && n === 1) throw new BatchMixed();
		return n === 1 ? requested : n;
	});
	const full = x.shape.length === rank ? x : rearranged(call.t, x, own);
	if (sameOrder(shape, own)) return full === x ? call.each('Identity') : full;
	const list = full.order.map((axis) => (batched(shape[axis] as number) ? -1 : (shape[axis] as number)));
	return call.t.one(
		'BroadcastTo',
		[full],
		{ shape, order: full.order, dtype: x.dtype },
		{ attributes: { shape: list } }
	);
}

const tile: Handler = (call) => {
	const x = call.value(0);
	const times = call.list(1, 'repeats') ?? [];
	if (times.length !== x.shape.length) throw call.fault('repeats axes that are not there');
	if (times.some((n) => batched(n)))
		return stretchedTo(
			call,
			x,
			x.shape.map((n, i) => n * (times[i] as number))
		);
	if (batched(x.shape[0] ?? 1) && times[0] !== 1) throw new BatchMixed();
	const shape = x.shape.map((n, i) => n * (times[i] as number));
	return call.t.one(
		'Tile',
		[x],
		{ shape, order: x.order, dtype: x.dtype },
		{ attributes: { repeats: x.order.map((axis) => times[axis] as number) } }
	);
};

/** Cells of a border by the mode, as the cells of the axis that they copy. */
function bordered(mode: string, length: number, before: number, after: number): number[] {
	return Array.from({ length: before + length + after }, (_, i) => {
		const at = i - before;
		if (mode === 'edge') return Math.min(length - 1, Math.max(0, at));
		if (mode === 'wrap') return ((at % length) + length) % length;
		const period = Math.max(1, 2 * (length - 1));
		const folded = ((at % period) + period) % period;
		return Math.min(folded, period - folded);
	});
}

const pad: Handler = (call) => {
	const x = call.value(0);
	const rank = x.shape.length;
	const listed = call.ints('pads') ?? call.ints('paddings') ?? call.list(1, 'border') ?? [];
	const axes = call.list(3, 'axes')?.map((axis) => call.checkedAxis(axis, rank)) ?? natural(rank);
	const half = listed.length / 2;
	if (half !== axes.length) throw call.fault('has a border that does not fit its input');
	const pads = natural(rank).map((axis): [number, number] => {
		const k = axes.indexOf(axis);
		return k < 0 ? [0, 0] : [listed[k] as number, listed[half + k] as number];
	});
	if (pads.some(([a, b], axis) => (a || b) && batched(x.shape[axis] as number))) throw new BatchMixed();
	const mode = call.text('mode', 'constant');
	const parts = pads.flatMap(([a, b], axis) =>
		a < 0 || b < 0
			? [{ axis, start: Math.max(0, -a), step: 1, count: (x.shape[axis] as number) + Math.min(0, a) + Math.min(0, b) }]
			: []
	);
	if (parts.some(({ count }) => count < 1)) throw call.fault('cuts everything off');
	const cut = parts.length ? sliced(call, x, parts) : x;
	const added = pads.map(([a, b]): [number, number] => [Math.max(0, a), Math.max(0, b)]);
	if (added.every(([a, b]) => !a && !b)) return parts.length ? cut : call.each('Identity');
	const shape = cut.shape.map((n, axis) => n + (added[axis] as number[])[0]! + (added[axis] as number[])[1]!);
	if (mode === 'constant') {
		const value = call.has(2) ? (call.number(2, 'value') ?? 0) : call.float('value', 0);
		return call.t.one(
			'Pad',
			[cut],
			{ shape, order: x.order, dtype: x.dtype },
			{
				attributes: { paddings: x.order.map((axis) => added[axis] as [number, number]), ...(value ? { value } : {}) }
			}
		);
	}
	return added.reduce((all, [before, after], axis) => {
		if (!before && !after) return all;
		const cells = bordered(mode, all.shape[axis] as number, before, after);
		const at = made([cells.length], 'int', Int32Array.from(cells));
		return call.t.one(
			'Gather',
			[all, { ...at, name: `${call.t.id}/border ${axis}` }],
			{ shape: all.shape.map((n, i) => (i === axis ? cells.length : n)), order: all.order, dtype: x.dtype },
			{ attributes: { axis: all.order.indexOf(axis) } }
		);
	}, cut);
};

/** What lies above or below the diagonal is set to zero. */
const trilu: Handler = (call) => {
	const x = call.value(0);
	const [rows, columns] = x.shape.slice(-2).map(plain) as [number, number];
	const k = call.number(1, 'diagonal') ?? 0;
	const upper = call.int('upper', 1) !== 0;
	const mask = Float32Array.from({ length: rows * columns }, (_, i) => {
		const over = (i % columns) - Math.floor(i / columns);
		return Number(upper ? over >= k : over <= k);
	});
	return combined(
		call.t,
		'Multiply',
		[x, { ...made([rows, columns], 'float', mask), name: `${call.t.id}/mask` }],
		x.dtype
	);
};

const size: Handler = (call) => made([], 'int', Float64Array.of(product(call.operand(0).shape)));

/** Ones on a diagonal, in the shape of the input. */
const eye: Handler = (call) => {
	const [rows, columns] = call.operand(0).shape.map(plain) as [number, number];
	const k = call.int('k', 0);
	const values = Float32Array.from({ length: rows * columns }, (_, i) =>
		Number((i % columns) - Math.floor(i / columns) === k)
	);
	return made([rows, columns], 'float', values);
};

const constantOf: Handler = (call) => {
	const { attributes } = call.node;
	const value = attributes.get('value');
	if (typeof value === 'object' && 'constant' in value) return { ...value, name: value.name || call.t.id, made: true };
	for (const [name, kind] of [
		['value_float', 'float'],
		['value_int', 'int'],
		['value_floats', 'float'],
		['value_ints', 'int']
	] as const) {
		const given = attributes.get(name);
		if (given === undefined) continue;
		const list = [given].flat() as number[];
		return made(
			Array.isArray(given) ? [list.length] : [],
			kind,
			kind === 'float' ? Float32Array.from(list) : Float64Array.from(list)
		);
	}
	throw call.fault('holds a constant that is no tensor of numbers');
};

const handlers: Handlers = {
	Constant: constantOf,
	Reshape: reshape((call, shape) => {
		const asked = call.ints('shape') ?? call.list(1, 'shape') ?? [];
		return arranged(shape, asked, call.int('allowzero', 0) !== 0);
	}),
	Flatten: reshape(flattened),
	Squeeze: reshape(squeezed),
	Unsqueeze: reshape(unsqueezed),
	Transpose: transpose,
	Concat: concat,
	Split: split,
	Slice: slice,
	Expand: expand,
	Tile: tile,
	Pad: pad,
	Trilu: trilu,
	Size: size,
	EyeLike: eye
};

export default handlers;
