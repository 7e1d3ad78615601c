import { made } from '#engine/model/onnx/arrays.ts';
import { plain } from '#engine/model/onnx/batch.ts';
import type { Call, Handler, Handlers } from '#engine/model/onnx/call.ts';
import { combined } from '#engine/model/onnx/combined.ts';
import { product } from '#engine/model/onnx/nodes/matrix.ts';
import { rearranged } from '#engine/model/onnx/rearranged.ts';
import { scalar } from '#engine/model/onnx/translation.ts';
import { isConstant, type Operand, type Value } from '#engine/model/onnx/value.ts';

/** Attention as the steps that it is made of, so that its weights can be looked at. */

const swap = (x: Value, order: readonly number[]): Value => ({
	...x,
	shape: order.map((axis) => x.shape[axis] as number),
	order: x.order.map((axis) => order.indexOf(axis))
});

/** [batch, steps, heads x size] -> [batch, heads, steps, size]. */
export function headsOf(call: Call, x: Value, heads: number): Value {
	if (x.shape.length === 4) return x;
	const [n, steps, width] = x.shape as [number, number, number];
	if (!heads || width % heads) throw call.fault('does not say how many heads it has');
	return swap(rearranged(call.t, x, [n, steps, heads, width / heads]), [0, 2, 1, 3]);
}

/** Each head as often as there are queries for it. */
function shared(call: Call, x: Value, heads: number): Value {
	const [n, own, steps, size] = x.shape as [number, number, number, number];
	if (own === heads) return x;
	if (heads % own) throw call.fault(`has ${heads} heads of queries for ${own} of keys`);
	const { t } = call;
	const natural = rearranged(t, t.natural(x), [n, own, 1, steps * size]);
	const tiled = t.one(
		'Tile',
		[natural],
		{ shape: [n, own, heads / own, steps * size] },
		{ attributes: { repeats: [1, 1, heads / own, 1] } }
	);
	return rearranged(t, tiled, [n, heads, steps, size]);
}

const LOW = -1e9;

/** What is added to the scores: nothing where a step may be looked at, a very low number where not. */
export function masked(call: Call, scores: Value, mask: Operand | undefined, causal: boolean, past: number): Value {
	const { t } = call;
	const [rows, columns] = scores.shape.slice(-2) as [number, number];
	let sum = scores;
	if (causal) {
		const values = Float32Array.from({ length: plain(rows) * plain(columns) }, (_, i) =>
			i % columns <= Math.floor(i / columns) + past ? 0 : LOW
		);
		sum = combined(t, 'Add', [sum, { ...made([rows, columns], 'float', values), name: `${t.id}/causal mask` }]);
	}
	if (!mask) return sum;
	const yes = isConstant(mask) ? mask.kind === 'bool' : mask.dtype === 'bool';
	if (!yes) return combined(t, 'Add', [sum, mask]);
	return combined(t, 'Select', [mask, sum, scalar(LOW)], 'float32');
}

const attention: Handler = (call) => {
	const { t } = call;
	if (call.has(4) || call.has(5))
		throw call.fault('takes keys and values of earlier steps, which is not computed here');
	const given = call.value(0);
	const q = headsOf(call, given, call.int('q_num_heads', 0));
	const heads = plain(q.shape[1]);
	const keyHeads = call.int('kv_num_heads', 0);
	const k = shared(call, headsOf(call, call.value(1), keyHeads), heads);
	const v = shared(call, headsOf(call, call.value(2), keyHeads), heads);
	const scale = call.float('scale', 0) || 1 / Math.sqrt(plain(q.shape[3]));
	const raw = product(call, combined(t, 'Multiply', [q, scalar(scale)]), swap(k, [0, 1, 3, 2]));
	const cap = call.float('softcap', 0);
	const capped = cap
		? combined(t, 'Multiply', [t.one('Tanh', [combined(t, 'Divide', [raw, scalar(cap)])], raw), scalar(cap)])
		: raw;
	const scores = masked(call, capped, call.operands[3], call.int('is_causal', 0) !== 0, 0);
	const weights = t.one('Softmax', [scores], scores);
	const y = product(call, weights, v);
	const out = given.shape.length === 4 ? y : together(call, y);
	if (!call.gives(3)) return call.gives(1) ? [out, k, v] : [out];
	return [out, k, v, [raw, scores, capped, weights][call.int('qk_matmul_output_mode', 0)] ?? raw];
};

/** [batch, heads, steps, size] -> [batch, steps, heads x size]. */
export function together(call: Call, y: Value): Value {
	const [n, heads, steps, size] = y.shape as [number, number, number, number];
	return rearranged(call.t, swap(y, [0, 2, 1, 3]), [n, steps, heads * size]);
}

const handlers: Handlers = { Attention: attention };

export default handlers;
