import { LabError } from '#contracts/errors.ts';
import { made, valuesOf } from '#engine/model/onnx/arrays.ts';
import { batched, BatchMixed } from '#engine/model/onnx/batch.ts';
import { combined } from '#engine/model/onnx/combined.ts';
import { folded } from '#engine/model/onnx/fold.ts';
import { Call, type Handler, type Handlers } from '#engine/model/onnx/call.ts';
import type { Constant, OnnxNode } from '#engine/model/onnx/definition.ts';
import convolution from '#engine/model/onnx/nodes/convolution.ts';
import matrix from '#engine/model/onnx/nodes/matrix.ts';
import pooling from '#engine/model/onnx/nodes/pooling.ts';
import elementwise from '#engine/model/onnx/nodes/elementwise.ts';
import type { Translation } from '#engine/model/onnx/translation.ts';
import { quantisedBy, realValues } from '#engine/model/onnx/quantised.ts';
import { isConstant, type Operand, type Quantised, type Value } from '#engine/model/onnx/value.ts';

/**
 * Quantised operators, computed with real numbers: kernels are dequantised when they are opened, activations are real and
 * rounded where the file rounds them, and their gradient goes through the rounding as if it were not there (Bengio 2013).
 */

const NOTE = 'The file is quantised: it is computed with real numbers, rounded where the file rounds them.';

/** Rounded as a file rounds it, and real again. */
function rounded(call: Call, x: Value, by: Quantised): Value {
	call.t.notes.add(NOTE);
	const { scale, zero, low, high } = by;
	const y = call.t.one('FakeQuantize', [x], x, { attributes: { scale, zero, low, high } });
	return { ...y, quantised: by };
}

/** The whole numbers that the file has there. */
export function whole(t: Translation, x: Value): Value {
	const by = x.quantised;
	if (!by) return x;
	const { shape, order } = x;
	return t.one('Quantize', [x], { shape, order }, { attributes: { ...by } });
}

function by(call: Call, scale: number, zero: number): Quantised {
	const factors = call.constant(scale, 'scale');
	const given = call.has(zero) ? call.constant(zero, 'zero') : undefined;
	const found = quantisedBy(factors, given);
	if (!found) throw call.fault('rounds each channel of an activation by itself, which is not computed here');
	return found;
}

/** An operand in real numbers: (whole numbers, scale, zero) at k, k + 1, k + 2. */
function real(call: Call, k: number, zeroAt = k + 2, scaleAt = k + 1, axis = 0): Operand {
	const operand = call.operand(k);
	if (isConstant(operand)) {
		const scale = call.constant(scaleAt, 'scale');
		return realValues(
			operand,
			scale,
			call.has(zeroAt) ? call.constant(zeroAt, 'zero') : undefined,
			scale.shape.length ? axis : 0
		);
	}
	if (operand.quantised) return plainly(operand);
	return dequantise(call, operand, by(call, scaleAt, zeroAt));
}

const plainly = ({ ref, shape, order, dtype }: Value): Value => ({ ref, shape, order, dtype });

/** Of whole numbers that came from elsewhere, an input of the model say. */
function dequantise(call: Call, x: Value, { scale, zero }: Quantised): Value {
	call.t.notes.add(NOTE);
	return call.t.one('Dequantize', [x], { shape: x.shape, order: x.order }, { attributes: { scale, zero } });
}

/** A node of another operator, with these operands. */
function as(
	call: Call,
	op: string,
	handlers: Handlers,
	operands: readonly (Operand | undefined)[],
	outputs = 1
): Value {
	const node: OnnxNode = { ...call.node, op, outputs: call.node.outputs.slice(0, outputs) };
	const inner = new Call(call.t, node, 21, operands);
	const [result] = folded(inner) ?? [handlers[op]?.(inner)].flat();
	if (!result) throw call.fault('cannot be computed');
	return isConstant(result as Operand) ? call.t.computed(result as Constant) : (result as Value);
}

/** A bias in whole numbers of scale x times scale w. */
function bias(call: Call, k: number, x: number, w: number): Constant | undefined {
	if (!call.has(k)) return undefined;
	const values = valuesOf(call.constant(k, 'bias'));
	const [sx = 1] = call.list(x, 'scale') ?? [];
	const sw = call.list(w, 'scale') ?? [1];
	const own = call.constant(k, 'bias');
	return made(
		own.shape,
		'float',
		Float32Array.from(values, (n, i) => n * sx * (sw[i] ?? (sw[0] as number))),
		{ ...own, stored: 'int32' }
	);
}

const quantizeLinear: Handler = (call) => rounded(call, call.value(0), by(call, 1, 2));

const dequantizeLinear: Handler = (call) => {
	const x = call.operand(0);
	if (isConstant(x)) throw call.fault('gets its scale only while it runs, which is not computed here');
	return x.quantised ? plainly(x) : dequantise(call, x, by(call, 1, 2));
};

const convolve: Handler = (call) => {
	const operands = [real(call, 0), real(call, 3, 5, 4), bias(call, 8, 1, 4)];
	return rounded(call, as(call, 'Conv', convolution, operands), by(call, 6, 7));
};

const multiply: Handler = (call) =>
	rounded(call, as(call, 'MatMul', matrix, [real(call, 0), real(call, 3, 5, 4, 1)]), by(call, 6, 7));

/** a, scale, zero, b, scale, zero, scale, zero of the result (com.microsoft). */
const joined =
	(op: string): Handler =>
	(call) =>
		rounded(call, as(call, op, elementwise, [real(call, 0), real(call, 3)]), by(call, 6, 7));

/** x, scale, zero, scale, zero of the result (com.microsoft). */
const single =
	(op: string, handlers: Handlers): Handler =>
	(call) =>
		rounded(call, as(call, op, handlers, [real(call, 0)]), by(call, 3, 4));

/** A, B, and the zeros of each: whole numbers times whole numbers. */
const integers =
	(op: string, handlers: Handlers): Handler =>
	(call) => {
		call.t.notes.add(NOTE);
		const [x, y] = [0, 1].map((k) => {
			const operand = call.operand(k);
			const given = call.operands[k + 2];
			if (given && !isConstant(given) && !isConstant(operand)) return combined(call.t, 'Subtract', [operand, given]);
			const zero = given ? call.constant(k + 2, 'zero') : undefined;
			const one = made([], 'float', Float32Array.of(1));
			if (isConstant(operand)) return realValues(operand, one, zero, 0);
			const zeros = zero ? valuesOf(zero) : [0];
			if (zeros.length !== 1) throw call.fault('has a zero for each row of an activation, which is not computed here');
			const scale = { scale: 1, zero: zeros[0] as number, low: 0, high: 0 };
			return dequantise(call, whole(call.t, operand), scale);
		}) as [Operand, Operand];
		return as(call, op, handlers, [x, y]);
	};

/** Scale and zero come of the numbers: of all rows together, so that a batch is none. */
const dynamic: Handler = (call) => {
	call.t.notes.add(NOTE);
	const x = call.value(0);
	if (x.shape.some(batched)) throw new BatchMixed();
	return call.t.emit({
		type: 'DynamicQuantize',
		inputs: [x],
		outputs: [{ shape: x.shape, order: x.order }, { shape: [] }, { shape: [] }]
	});
};

const concat: Handler = (call) => {
	throw new LabError(
		`The node “${call.t.id}” (${call.node.op}) joins quantised tensors, which is not computed here.`,
		'Export the model without quantisation.'
	);
};

const handlers: Handlers = {
	QuantizeLinear: quantizeLinear,
	DequantizeLinear: dequantizeLinear,
	DynamicQuantizeLinear: dynamic,
	QLinearConv: convolve,
	QLinearMatMul: multiply,
	QLinearAdd: joined('Add'),
	QLinearMul: joined('Mul'),
	QLinearSigmoid: single('Sigmoid', elementwise),
	QLinearLeakyRelu: single('LeakyRelu', elementwise),
	QLinearAveragePool: single('AveragePool', pooling),
	QLinearGlobalAveragePool: single('GlobalAveragePool', pooling),
	QLinearConcat: concat,
	ConvInteger: integers('Conv', convolution),
	MatMulInteger: integers('MatMul', matrix)
};

export default handlers;
