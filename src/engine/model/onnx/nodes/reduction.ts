import { plain } from '#engine/model/onnx/batch.ts';
import type { Call, Handler, Handlers } from '#engine/model/onnx/call.ts';
import { combined } from '#engine/model/onnx/combined.ts';
import { natural, type Value } from '#engine/model/onnx/value.ts';

/** Along some axes, which stay with one entry or go. */

/** What is left of a value's shape and order. */
function without(x: Value, axes: readonly number[], keep: boolean): { shape: number[]; order: number[] } {
	if (keep) return { shape: x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n)), order: [...x.order] };
	const left = natural(x.shape.length).filter((axis) => !axes.includes(axis));
	return {
		shape: left.map((axis) => x.shape[axis] as number),
		order: x.order.filter((axis) => !axes.includes(axis)).map((axis) => left.indexOf(axis))
	};
}

/** Of what takes work or room by the square of a length, or a step for each entry. */
const MAX_LENGTH = 4096;

function few(call: Call, length: number): void {
	if (length > MAX_LENGTH) throw call.fault(`goes along ${length} entries, more than are computed here`);
}

export function reducedAlong(call: Call, type: string, x: Value, axes: readonly number[], keep: boolean): Value {
	const length = axes.reduce((n, axis) => n * plain(x.shape[axis]), 1);
	if (type === 'Prod') few(call, length);
	const lying = axes.map((axis) => x.order.indexOf(axis)).sort((a, b) => a - b);
	// The mean of a whole map is what papers call so.
	const picture = x.shape.length === 4 && lying.join() === '1,2';
	const global = picture && type === 'Mean' ? 'GlobalAveragePool' : picture && type === 'Max' ? 'GlobalMaxPool' : type;
	return call.t.one(
		global,
		[x],
		{ ...without(x, axes, keep), dtype: x.dtype },
		{ attributes: { axes: lying, keepDims: keep } }
	);
}

function axesOf(call: Call, rank: number): number[] | null {
	const given = call.axes(1);
	if (given?.length) return given.map((axis) => call.checkedAxis(axis, rank));
	return call.int('noop_with_empty_axes', 0) ? null : natural(rank);
}

const reduced =
	(
		type: string,
		before: (call: Call, x: Value) => Value = (_, x) => x,
		after: (call: Call, x: Value) => Value = (_, x) => x
	): Handler =>
	(call) => {
		const x = call.value(0);
		const axes = axesOf(call, x.shape.length);
		const prepared = before(call, x);
		if (!axes) return prepared === x ? call.each('Identity') : after(call, prepared);
		return after(call, reducedAlong(call, type, prepared, axes, call.int('keepdims', 1) !== 0));
	};

const each = (type: string) => (call: Call, x: Value) => call.t.one(type, [x], x);

/** Where along an axis the largest or smallest stands. */
const argReduced =
	(type: string): Handler =>
	(call) => {
		const x = call.value(0);
		const axis = call.axis(x.shape.length, 0);
		plain(x.shape[axis]);
		const keep = call.int('keepdims', 1) !== 0;
		return call.t.one(
			type,
			[x],
			{ ...without(x, [axis], keep), dtype: 'int32' },
			{
				attributes: {
					axis: x.order.indexOf(axis),
					keepDims: keep,
					...(call.int('select_last_index', 0) ? { last: true } : {})
				}
			}
		);
	};

const running: Handler = (call) => {
	const x = call.value(0);
	const axis = call.checkedAxis(call.number(1, 'axis') ?? 0, x.shape.length);
	few(call, plain(x.shape[axis]));
	const attributes = {
		axis: x.order.indexOf(axis),
		exclusive: call.int('exclusive', 0) !== 0,
		reverse: call.int('reverse', 0) !== 0
	};
	return call.t.one('Cumsum', [x], x, { attributes });
};

/** The largest along an axis, which is turned to lie last. */
const topK: Handler = (call) => {
	const x = call.value(0);
	const rank = x.shape.length;
	const axis = call.axis(rank, -1);
	const k = call.ints('k')?.[0] ?? call.node.attributes.get('k') ?? call.number(1, 'count');
	const length = plain(x.shape[axis]);
	if (typeof k !== 'number' || !(k >= 1 && k <= length))
		throw call.fault(`asks for the ${String(k)} largest of ${length}`);
	const order = [...natural(rank).filter((one) => one !== axis), axis];
	const lying = call.t.as(x, order);
	const largest = call.int('largest', 1) !== 0;
	const turned = largest ? lying : each('Neg')(call, lying);
	const shape = x.shape.map((n, i) => (i === axis ? k : n));
	const [values, indices] = call.t.emit({
		type: 'TopKV2',
		inputs: [turned],
		attributes: { k },
		outputs: [
			{ shape, order, dtype: x.dtype },
			{ shape, order, dtype: 'int32' }
		]
	}) as [Value, Value];
	return [largest ? values : each('Neg')(call, values), indices];
};

const handlers: Handlers = {
	ReduceMean: reduced('Mean'),
	ReduceSum: reduced('Sum'),
	ReduceProd: reduced('Prod'),
	ReduceMax: reduced('Max'),
	ReduceMin: reduced('Min'),
	ReduceL1: reduced('Sum', each('Abs')),
	ReduceL2: reduced('EuclideanNorm'),
	ReduceSumSquare: reduced('Sum', each('Square')),
	ReduceLogSum: reduced('Sum', undefined, each('Log')),
	ReduceLogSumExp: reduced('LogSumExp'),
	ArgMax: argReduced('ArgMax'),
	ArgMin: argReduced('ArgMin'),
	CumSum: running,
	TopK: topK,
	LpNormalization(call) {
		const x = call.value(0);
		const axis = call.axis(x.shape.length, -1);
		const size =
			call.int('p', 2) === 1
				? reducedAlong(call, 'Sum', each('Abs')(call, x), [axis], true)
				: reducedAlong(call, 'EuclideanNorm', x, [axis], true);
		return combined(call.t, 'Divide', [x, size]);
	}
};

export default handlers;
