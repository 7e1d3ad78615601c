import { made, product, valuesOf } from '#engine/model/onnx/arrays.ts';
import { batched, BatchMixed, plain } from '#engine/model/onnx/batch.ts';
import type { Call, Handler, Handlers } from '#engine/model/onnx/call.ts';
import { sliced } from '#engine/model/onnx/nodes/shape.ts';
import { rearranged } from '#engine/model/onnx/rearranged.ts';
import { isConstant, natural, type Operand, type Value } from '#engine/model/onnx/value.ts';

/** What picks values by their indices, or puts them there. */

const gather: Handler = (call) => {
	const data = call.operand(0);
	const indices = call.operand(1);
	const rank = data.shape.length;
	const axis = call.axis(rank, 0);
	if (isConstant(data) && !isConstant(indices) && axis === 0 && rank === 2 && data.kind === 'float')
		return call.t.one(
			'Embedding',
			[call.t.natural(indices)],
			{ shape: [...indices.shape, data.shape[1] as number] },
			{
				roles: { embeddings: data }
			}
		);
	const length = plain(data.shape[axis]);
	if (isConstant(indices)) return picked(call, call.value(0), axis, length, indices);
	const x = call.natural(0);
	const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
	const inputs = [isConstant(data) ? data : x, call.t.natural(indices)];
	return call.t.one('Gather', inputs, { shape, dtype: x.dtype }, { attributes: { axis } });
};

/** By indices that are known. */
function picked(call: Call, x: Value, axis: number, length: number, indices: ReturnType<Call['constant']>): Value {
	const wanted = Array.from(valuesOf(indices), (i) => (i < 0 ? i + length : i));
	if (wanted.some((i) => !(i >= 0 && i < length))) throw call.fault(`picks what lies outside of ${length} entries`);
	const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
	if (wanted.length === 1) {
		const one = sliced(call, x, [{ axis, start: wanted[0] as number, step: 1, count: 1 }]);
		return rearranged(call.t, one, shape);
	}
	const at = { ...made([wanted.length], 'int', Int32Array.from(wanted)), name: indices.name || `${call.t.id}/indices` };
	const flat = x.shape.map((n, i) => (i === axis ? wanted.length : n));
	const y = call.t.one(
		'Gather',
		[x, at],
		{ shape: flat, order: x.order, dtype: x.dtype },
		{ attributes: { axis: x.order.indexOf(axis) } }
	);
	return indices.shape.length === 1 ? y : rearranged(call.t, y, shape);
}

/** Rows of a batch are told apart by nothing in an index. */
function still(...operands: Operand[]): void {
	if (operands.some(({ shape }) => shape.some(batched))) throw new BatchMixed();
}

/** Indices or a mask as they are given. */
const asGiven = (call: Call, k: number): Operand => {
	const operand = call.operand(k);
	return isConstant(operand) ? operand : call.t.natural(operand);
};

const gatherElements: Handler = (call) => {
	const x = call.natural(0);
	const indices = asGiven(call, 1);
	still(x, indices);
	const axis = call.axis(x.shape.length, 0);
	return call.t.one(
		'GatherElements',
		[x, indices],
		{ shape: indices.shape, dtype: x.dtype },
		{ attributes: { axis, sizes: [...x.shape] } }
	);
};

const gatherNd: Handler = (call) => {
	if (call.int('batch_dims', 0)) throw call.fault('picks for each row of a batch, which is not computed here');
	const x = call.natural(0);
	const indices = asGiven(call, 1);
	still(x, indices);
	const depth = indices.shape.at(-1) as number;
	return call.t.one('GatherNd', [x, indices], {
		shape: [...indices.shape.slice(0, -1), ...x.shape.slice(depth)],
		dtype: x.dtype
	});
};

function plainReduction(call: Call): string {
	const reduction = call.text('reduction', 'none');
	if (reduction !== 'none' && reduction !== 'add')
		throw call.fault(`puts values by ${reduction}, which is not computed here`);
	return reduction;
}

const scatterNd: Handler = (call) => {
	const x = call.natural(0);
	const inputs = [x, asGiven(call, 1), asGiven(call, 2)];
	still(...inputs);
	return call.t.one('ScatterNdUpdate', inputs, x, { attributes: { adds: plainReduction(call) === 'add' } });
};

const scatterElements: Handler = (call) => {
	const x = call.natural(0);
	const inputs = [x, asGiven(call, 1), asGiven(call, 2)];
	still(...inputs);
	const axis = call.axis(x.shape.length, 0);
	return call.t.one('ScatterElements', inputs, x, { attributes: { axis, adds: plainReduction(call) === 'add' } });
};

const oneHot: Handler = (call) => {
	const indices = call.natural(0);
	const depth = call.number(1, 'depth') ?? 0;
	const [off = 0, on = 1] = call.list(2, 'values') ?? [];
	const rank = indices.shape.length + 1;
	if (!(depth >= 1 && depth <= 1e6)) throw call.fault(`makes rows of ${depth}`);
	const axis = call.axis(rank, -1);
	const shape = [...indices.shape.slice(0, axis), depth, ...indices.shape.slice(axis)];
	// The new axis lies last in memory.
	const order = [...natural(rank).filter((one) => one !== axis), axis];
	return call.t.one('OneHot', [indices], { shape, order }, { attributes: { depth, on, off } });
};

const compress: Handler = (call) => {
	const x = call.value(0);
	const flat = call.node.attributes.get('axis') === undefined;
	const condition = call.list(1, 'condition') ?? [];
	const axis = flat ? 0 : call.axis(x.shape.length, 0);
	const kept = condition.flatMap((keeps, i) => (keeps ? [i] : []));
	if (flat) still(x);
	const given = flat ? rearranged(call.t, x, [product(x.shape)]) : x;
	return picked(call, given, axis, plain(given.shape[axis]), made([kept.length], 'int', Int32Array.from(kept)));
};

const handlers: Handlers = {
	Gather: gather,
	GatherElements: gatherElements,
	GatherND: gatherNd,
	ScatterND: scatterNd,
	ScatterElements: scatterElements,
	Scatter: scatterElements,
	OneHot: oneHot,
	Compress: compress
};

export default handlers;
