import { made, permuted, product as sizeOf, valuesOf, worked } from '#engine/model/onnx/arrays.ts';
import { plain } from '#engine/model/onnx/batch.ts';
import { Call, type Handler, type Handlers } from '#engine/model/onnx/call.ts';
import { combined } from '#engine/model/onnx/combined.ts';
import type { Constant, OnnxAttribute, Values } from '#engine/model/onnx/definition.ts';
import { folded } from '#engine/model/onnx/fold.ts';
import { headsOf, masked, together } from '#engine/model/onnx/nodes/attention.ts';
import convolution from '#engine/model/onnx/nodes/convolution.ts';
import elementwise from '#engine/model/onnx/nodes/elementwise.ts';
import indexing from '#engine/model/onnx/nodes/indexing.ts';
import matrix, { product } from '#engine/model/onnx/nodes/matrix.ts';
import normalisation from '#engine/model/onnx/nodes/normalisation.ts';
import { realValues } from '#engine/model/onnx/quantised.ts';
import { scalar } from '#engine/model/onnx/translation.ts';
import { isConstant, type Operand, type Value } from '#engine/model/onnx/value.ts';

/** What onnxruntime writes into the files that it has optimised (com.microsoft), as the steps that it put together. */

/** A node of another operator, with these operands. */
function as(
	call: Call,
	op: string,
	handlers: Handlers,
	operands: readonly (Operand | undefined)[],
	attributes: Readonly<Record<string, OnnxAttribute>> = {}
): Value {
	const own = new Map(Object.entries(attributes));
	const inner = new Call(
		call.t,
		{ ...call.node, op, attributes: own, outputs: [call.node.outputs[0] ?? ''] },
		21,
		operands
	);
	const [result] = folded(inner) ?? [handlers[op]?.(inner)].flat();
	if (!result) throw call.fault('cannot be computed');
	return isConstant(result as Operand) ? call.t.computed(result as Constant) : (result as Value);
}

const biased = (call: Call, x: Operand, bias: Operand | undefined): Value =>
	bias ? combined(call.t, 'Add', [x, bias]) : isConstant(x) ? call.t.computed(x) : x;

const after = (call: Call, x: Value, type: string, attributes: Record<string, number | string> = {}): Value =>
	call.t.one(type, [x], { shape: x.shape, order: x.order }, { attributes });

/** The activation that a fused node ends with. */
function activated(call: Call, x: Value): Value {
	const op = call.text('activation', '');
	if (!op) return x;
	const [a, b] = (call.node.attributes.get('activation_params') as number[] | undefined) ?? [
		call.float('activation_alpha', 0.01),
		call.float('activation_beta', 0)
	];
	const handler = elementwise[op];
	if (!handler) throw call.fault(`ends with ${op}, which is not known here`);
	const ends =
		op === 'Clip' ? { min: a ?? 0, max: b ?? 0 } : { alpha: a ?? 0, ...(b === undefined ? {} : { beta: b }) };
	const inner = new Call(call.t, { ...call.node, op, attributes: new Map(Object.entries(ends)) }, 10, [x]);
	return handler(inner) as Value;
}

const fusedConv: Handler = (call) => {
	const attributes = Object.fromEntries(call.node.attributes);
	const y = as(call, 'Conv', convolution, [call.operand(0), call.operand(1), call.operands[2]], attributes);
	return activated(call, biased(call, y, call.operands[3]));
};

const fusedGemm: Handler = (call) =>
	activated(call, as(call, 'Gemm', matrix, call.operands, Object.fromEntries(call.node.attributes)));

const swapped = (x: Operand): Operand => {
	const rank = x.shape.length;
	const order = x.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
	if (isConstant(x)) return permuted(x, order);
	const { shape } = x;
	return { ...x, shape: order.map((axis) => shape[axis] as number), order: x.order.map((axis) => order.indexOf(axis)) };
};

const fusedMatMul: Handler = (call) => {
	if (call.int('transBatchA', 0) || call.int('transBatchB', 0))
		throw call.fault('exchanges its batch with rows, which is not computed here');
	const [a, b] = (['transA', 'transB'] as const).map((name, k) =>
		call.int(name, 0) ? swapped(call.operand(k)) : call.operand(k)
	) as [Operand, Operand];
	const y = product(call, a, b);
	const alpha = call.float('alpha', 1);
	return alpha === 1 ? y : combined(call.t, 'Multiply', [y, scalar(alpha)]);
};

/** Words, places and segments, added and normalised. */
const embedded: Handler = (call) => {
	const ids = call.value(0);
	const steps = plain(ids.shape[1]);
	if (call.has(8)) throw call.fault('is told the places of its words, which is not computed here');
	const words = as(call, 'Gather', indexing, [call.operand(2), ids]);
	const places = made(
		[steps],
		'int',
		Float64Array.from({ length: steps }, (_, i) => i)
	);
	const positions = as(call, 'Gather', indexing, [call.operand(3), { ...places, name: `${call.t.id}/places` }]);
	const sum = combined(call.t, 'Add', [words, positions]);
	const segments = call.has(1) && call.has(4) ? as(call, 'Gather', indexing, [call.operand(4), call.operand(1)]) : null;
	const all = segments ? combined(call.t, 'Add', [sum, segments]) : sum;
	const epsilon = call.float('epsilon', 1e-12);
	const y = as(call, 'LayerNormalization', normalisation, [all, call.operand(5), call.operand(6)], {
		axis: -1,
		epsilon
	});
	const lengths = call.gives(1) ? [call.t.computed(made([1], 'int', Float64Array.of(steps)))] : [];
	return call.gives(2) ? [y, ...lengths, all] : [y, ...lengths];
};

/** Scores of queries and keys, softmax, values: [batch, heads, steps, size]. */
function attended(
	call: Call,
	[q, k, v]: readonly [Value, Value, Value],
	mask: Operand | undefined,
	added?: Operand
): Value {
	const { t } = call;
	const scale = call.float('scale', 0) || 1 / Math.sqrt(plain(q.shape[3]));
	const raw = product(call, combined(t, 'Multiply', [q, scalar(scale)]), swapped(k) as Value);
	const moved = added ? combined(t, 'Add', [raw, added]) : raw;
	const scores = masked(call, moved, mask, call.int('unidirectional', 0) !== 0, 0);
	return together(call, product(call, t.one('Softmax', [scores], scores), v));
}

/** 1 where a step may be looked at: [batch, steps] as it stretches over the scores. */
function maskOf(call: Call, k: number): Operand | undefined {
	if (!call.has(k)) return undefined;
	const mask = call.operand(k);
	if (mask.shape.length !== 2) throw call.fault('has a mask of another form than one number for each step');
	const shape = [mask.shape[0] as number, 1, 1, mask.shape[1] as number];
	if (isConstant(mask))
		return made(
			shape,
			'bool',
			Uint8Array.from(valuesOf(mask), (n) => Number(n !== 0)),
			mask
		);
	const lying = call.t.reshape(call.t.natural(mask), { shape });
	return call.t.one('Cast', [lying], { shape, dtype: 'bool' }, { attributes: { to: 'bool' } });
}

/** One matrix for queries, keys and values. */
const fusedAttention: Handler = (call) => {
	if (call.has(4)) throw call.fault('takes keys and values of earlier steps, which is not computed here');
	const heads = call.int('num_heads', 0);
	const all = biased(call, product(call, call.operand(0), call.operand(1)), call.operands[2]);
	const width = plain(all.shape[2]);
	const sizes = call.ints('qkv_hidden_sizes') ?? [width / 3, width / 3, width / 3];
	const outputs = sizes.map((size) => ({ shape: [...all.shape.slice(0, 2), size] }));
	const parts = call.t.emit({ type: 'Split', inputs: [call.t.natural(all)], attributes: { axis: 2, sizes }, outputs });
	const inHeads = parts.map((part) => headsOf(call, part, heads)) as [Value, Value, Value];
	return attended(call, inHeads, maskOf(call, 3), call.operands[5]);
};

const multiHead: Handler = (call) => {
	if (call.has(6) || call.has(7))
		throw call.fault('takes keys and values of earlier steps, which is not computed here');
	if (!call.has(1) || !call.has(2)) throw call.fault('has queries, keys and values in one, which is not computed here');
	const heads = call.int('num_heads', 0);
	const bias = call.has(3) ? call.constant(3, 'bias') : null;
	const widths = [0, 1, 2].map((k) => plain(call.value(k).shape.at(-1)));
	const parts = widths.map((width, k) => {
		if (!bias) return headsOf(call, call.value(k), heads);
		const from = widths.slice(0, k).reduce((a, b) => a + b, 0);
		const result = { ...bias, name: `${bias.name}/${k}`, shape: [width], kind: 'float' as const };
		const own = worked([bias], result, `from ${from}`, (all) => (all as Values).slice(from, from + width));
		return headsOf(call, biased(call, call.value(k), own), heads);
	}) as [Value, Value, Value];
	return attended(call, parts, maskOf(call, 4), call.operands[5]);
};

const NOTE = 'The file is quantised: it is computed with real numbers, rounded where the file rounds them.';

/** Activations rounded by their own range, times whole numbers: (A, B, scale of B, zero of B, bias). */
const dynamicProduct: Handler = (call) => {
	const { t } = call;
	t.notes.add(NOTE);
	const x = call.value(0);
	// Scale and zero come of all rows together.
	x.shape.forEach(plain);
	const [rounded, scale, zero] = t.emit({
		type: 'DynamicQuantize',
		inputs: [x],
		outputs: [{ shape: x.shape, order: x.order }, { shape: [] }, { shape: [] }]
	}) as [Value, Value, Value];
	const real = combined(t, 'Multiply', [combined(t, 'Subtract', [rounded, zero]), scale]);
	return biased(call, product(call, real, matrixOf(call, 1, 2, 3)), call.operands[4]);
};

/** (A, B, scale of A, scale of B, zero of A, zero of B, bias). */
const integerProduct: Handler = (call) => {
	const { t } = call;
	t.notes.add(NOTE);
	const x = t.one('Cast', [call.value(0)], { ...call.value(0), dtype: 'float32' }, { attributes: { to: 'float32' } });
	const zero = call.operands[4];
	const centred = zero ? combined(t, 'Subtract', [x, zero], 'float32') : x;
	const real = combined(t, 'Multiply', [centred, call.operand(2)], 'float32');
	return biased(call, product(call, real, matrixOf(call, 1, 3, 5)), call.operands[6]);
};

function matrixOf(call: Call, k: number, scale: number, zero: number): Constant {
	const factors = call.constant(scale, 'scale');
	const zeros = call.has(zero) ? call.constant(zero, 'zero') : undefined;
	return realValues(call.constant(k, 'matrix'), factors, zeros, factors.shape.length ? -1 : 0);
}

interface Packed {
	K: number;
	N: number;
	bits: 4 | 8;
	size: number;
	blocks: number;
}

function unpacked({ K, N, bits, size, blocks }: Packed, bytes: Values, scales: Values, zeros?: Values): Float32Array {
	const at = (list: Values, i: number) =>
		bits === 8 ? (list[i] as number) : ((list[i >> 1] as number) >> (4 * (i & 1))) & 15;
	const rowOfZeros = bits === 8 ? blocks : 2 * Math.ceil(blocks / 2);
	const out = new Float32Array(K * N);
	for (let n = 0; n < N; n++)
		for (let k = 0; k < K; k++) {
			const block = Math.floor(k / size);
			const zero = zeros ? at(zeros, n * rowOfZeros + block) : 2 ** (bits - 1);
			out[k * N + n] =
				(at(bytes, (n * blocks + block) * size + (k % size)) - zero) * (scales[n * blocks + block] as number);
		}
	return out;
}

/** Rows of B [N, blocks, bytes] of few bits, each block with its own scale: a matrix [K, N]. */
const packedProduct: Handler = (call) => {
	const [K, N] = [call.int('K', 0), call.int('N', 0)];
	const [bits, size] = [call.int('bits', 4), call.int('block_size', 32)];
	if (bits !== 4 && bits !== 8) throw call.fault(`has a matrix of ${bits} bits, which is not computed here`);
	if (call.has(4)) throw call.fault('has its blocks in an order of its own, which is not computed here');
	call.t.notes.add(NOTE);
	const blocks = Math.ceil(K / size);
	const [packed, scale] = [call.constant(1, 'matrix'), call.constant(2, 'scale')];
	const zero = call.has(3) ? [call.constant(3, 'zero')] : [];
	if (sizeOf(packed.shape) !== (N * blocks * size * bits) / 8 || sizeOf(scale.shape) !== N * blocks)
		throw call.fault(`has a packed matrix that is none of ${K} × ${N}`);
	const result = { ...packed, shape: [K, N], kind: 'float' as const, stored: bits === 4 ? 'int4' : 'int8' };
	const recipe = `${bits} bits of ${K} × ${N}, ${size} at a time`;
	const kernel = worked([packed, scale, ...zero], result, recipe, (bytes, scales, zeros) =>
		unpacked({ K, N, bits, size, blocks }, bytes as Values, scales as Values, zeros)
	);
	return biased(call, product(call, call.operand(0), kernel), call.operands[5]);
};

const quick: Handler = (call) => {
	const x = call.value(0);
	const scaled = combined(call.t, 'Multiply', [x, scalar(call.float('alpha', 1.702))]);
	return combined(call.t, 'Multiply', [x, after(call, scaled, 'Sigmoid')]);
};

const handlers: Handlers = {
	'com.microsoft/Attention': fusedAttention,
	'com.microsoft/MultiHeadAttention': multiHead,
	'com.microsoft/EmbedLayerNormalization': embedded,
	'com.microsoft/BiasGelu': (call) => after(call, biased(call, call.operand(0), call.operand(1)), 'Gelu'),
	'com.microsoft/FastGelu': (call) => after(call, biased(call, call.operand(0), call.operands[1]), 'GeluTanh'),
	'com.microsoft/QuickGelu': quick,
	'com.microsoft/FusedConv': fusedConv,
	'com.microsoft/FusedGemm': fusedGemm,
	'com.microsoft/FusedMatMul': fusedMatMul,
	'com.microsoft/DynamicQuantizeMatMul': dynamicProduct,
	'com.microsoft/MatMulIntegerToFloat': integerProduct,
	'com.microsoft/MatMulNBits': packedProduct
};

export default handlers;
