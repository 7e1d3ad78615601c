import { product, stretched, valuesOf } from '#engine/model/onnx/arrays.ts';
import { batched, BatchMixed } from '#engine/model/onnx/batch.ts';
import type { Call, Handler, Handlers } from '#engine/model/onnx/call.ts';
import { combined } from '#engine/model/onnx/combined.ts';
import { scalar } from '#engine/model/onnx/translation.ts';
import { isConstant, type Value } from '#engine/model/onnx/value.ts';

/** What works number by number. */

const same =
	(
		type: string,
		attributes: (call: Call) => Record<string, number | string | boolean> = () => ({}),
		dtype?: Value['dtype']
	): Handler =>
	(call) =>
		call.each(type, attributes(call), dtype);

/** Of one or more inputs that stretch to one shape. */
const merged =
	(type: string, dtype?: Value['dtype']): Handler =>
	(call) => {
		const operands = call.operands.filter((operand) => operand !== undefined);
		return operands.length === 1 ? call.each('Identity') : combined(call.t, type, operands, dtype);
	};

/** e.g. an exponent of 2 is a square. */
const power: Handler = (call) => {
	const exponent = call.operand(1);
	const values = isConstant(exponent) ? valuesOf(exponent) : [];
	if (values.length === 1 && values[0] === 2) return call.each('Square');
	if (values.length === 1 && values[0] === 0.5) return call.each('Sqrt');
	return combined(call.t, 'Pow', [call.operand(0), exponent]);
};

const LOWEST = -3.4e38;

/** Ends as attributes in old files, as inputs in others; either may be left out. */
const clip: Handler = (call) => {
	const ends = (['min', 'max'] as const).map((name, k) => {
		const operand = call.operands[k + 1];
		if (operand && !isConstant(operand)) return operand;
		return (operand ? call.number(k + 1, name) : null) ?? call.int(name, k ? -LOWEST : LOWEST);
	});
	const [low, high] = ends as [number | Value, number | Value];
	// WASM cuts whole numbers off as if they were real.
	const real = call.value(0).dtype === 'float32';
	if (real && typeof low === 'number' && typeof high === 'number') {
		if (low === 0 && high === 6) return call.each('Relu6');
		if (low === 0 && high >= -LOWEST) return call.each('Relu');
		return call.each('ClipByValue', { min: Math.max(low, LOWEST), max: Math.min(high, -LOWEST) });
	}
	const operandOf = (end: number | Value) =>
		typeof end === 'number'
			? real
				? scalar(end)
				: scalar(Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, end)), 'int')
			: end;
	const raised = combined(call.t, 'Maximum', [call.value(0), operandOf(low)]);
	return combined(call.t, 'Minimum', [raised, operandOf(high)]);
};

/** One slope for each channel, or for each number. */
const prelu: Handler = (call) => {
	const slope = call.operand(1);
	const x = call.value(0);
	if (!isConstant(slope)) return combined(call.t, 'PReluDynamic', [x, slope]);
	if (stretched([x.shape, slope.shape]).join() !== x.shape.join())
		throw call.fault('has slopes that do not fit its input');
	const rank = x.shape.length;
	const full = [...Array<number>(rank - slope.shape.length).fill(1), ...slope.shape];
	const turned = call.t.turned({ ...slope, shape: full }, x.order);
	// The rows of a batch share them.
	if (turned.shape[0] !== 1 && rank > 1) return combined(call.t, 'PReluDynamic', [x, call.t.computed(slope)]);
	const alpha = rank > 1 ? { ...turned, shape: turned.shape.slice(1) } : turned;
	return call.t.one('PRelu', [x], { shape: x.shape, order: x.order }, { roles: { alpha } });
};

const CASTS: Readonly<Record<number, Value['dtype']>> = {
	...{ 1: 'float32', 10: 'float32', 11: 'float32', 16: 'float32', 9: 'bool' },
	...{ 2: 'int32', 3: 'int32', 4: 'int32', 5: 'int32', 6: 'int32', 7: 'int32', 12: 'int32', 13: 'int32' }
};

function toType(call: Call, dtype: Value['dtype'] | undefined): Value {
	if (!dtype) throw call.fault('makes tensors of a type that is not computed here');
	const x = call.value(0);
	return x.dtype === dtype ? x : call.each('Cast', { to: dtype }, dtype);
}

/** The sign of what is divided, as in C. */
const modulo: Handler = (call) => {
	const operands = [call.operand(0), call.operand(1)];
	if (!call.int('fmod', 0)) return combined(call.t, 'Mod', operands);
	return combined(call.t, 'FMod', operands);
};

const mean: Handler = (call) => {
	const operands = call.operands.filter((operand) => operand !== undefined);
	return operands.length === 1 ? call.each('Identity') : combined(call.t, 'Average', operands);
};

const xor: Handler = (call) => combined(call.t, 'NotEqual', [call.operand(0), call.operand(1)], 'bool');

function hardmax(call: Call): Value {
	const x = call.natural(0);
	const axis = call.axis(x.shape.length, call.opset < 13 ? 1 : -1);
	return call.t.one('Hardmax', [x], { shape: x.shape }, { attributes: { axis } });
}

const softmax =
	(type: string): Handler =>
	(call) => {
		const x = call.value(0);
		const rank = x.shape.length;
		const axis = call.axis(rank, call.opset < 13 ? 1 : -1);
		if (batched(x.shape[axis] as number)) throw new BatchMixed();
		const behind = product(x.shape.slice(axis + 1));
		// Older files mean all axes from this one on.
		if (call.opset >= 13 || behind === 1)
			return call.t.one(type, [x], x, { attributes: attributesOf(x.order.indexOf(axis), rank) });
		const flat = call.t.reshape(call.t.natural(x), {
			shape: [product(x.shape.slice(0, axis)), product(x.shape.slice(axis))]
		});
		const y = call.t.one(type, [flat], { shape: flat.shape });
		return call.t.reshape(y, { shape: x.shape });
	};

const attributesOf = (axis: number, rank: number): Record<string, number> => (axis === rank - 1 ? {} : { axis });

const selu: Handler = (call) => {
	const [alpha, gamma] = [call.float('alpha', 1.6732632), call.float('gamma', 1.050701)];
	if (Math.abs(alpha - 1.6732632) < 1e-4 && Math.abs(gamma - 1.050701) < 1e-4) return call.each('Selu');
	const y = call.each('Elu', { alpha });
	return combined(call.t, 'Multiply', [y, scalar(gamma)]);
};

/** Nothing within a threshold, and what is beyond moved by a bias. */
const shrink: Handler = (call) => {
	const [threshold, bias] = [call.float('lambd', 0.5), call.float('bias', 0)];
	if (bias === threshold) return call.each('SoftShrink', { threshold });
	if (bias === 0) return call.each('HardShrink', { threshold });
	throw call.fault(`has a bias of ${bias} and a threshold of ${threshold}, which is not known here`);
};

const handlers: Handlers = {
	Identity: (call) => (isConstant(call.operand(0)) ? call.operand(0) : call.each('Identity')),
	Dropout(call) {
		const x = call.each('Identity');
		// The mask, which hides nothing.
		return call.gives(1) ? [x, call.t.one('OnesLike', [call.value(0)], { ...call.value(0), dtype: 'bool' })] : x;
	},
	Relu: same('Relu'),
	LeakyRelu: same('LeakyRelu', (call) => ({ slope: call.float('alpha', 0.01) })),
	ThresholdedRelu: same('ThresholdedReLU', (call) => ({ threshold: call.float('alpha', 1) })),
	PRelu: prelu,
	Elu: same('Elu', (call) => ({ alpha: call.float('alpha', 1) })),
	Celu: same('Celu', (call) => ({ alpha: call.float('alpha', 1) })),
	Selu: selu,
	Shrink: shrink,
	Sigmoid: same('Sigmoid'),
	HardSigmoid: same('HardSigmoid', (call) => ({ slope: call.float('alpha', 0.2), offset: call.float('beta', 0.5) })),
	HardSwish: same('HardSwish'),
	Swish(call) {
		const alpha = call.float('alpha', 1);
		if (alpha === 1) return call.each('Swish');
		const x = call.value(0);
		const scaled = combined(call.t, 'Multiply', [x, scalar(alpha)]);
		return combined(call.t, 'Multiply', [x, call.t.one('Sigmoid', [scaled], scaled)]);
	},
	Tanh: same('Tanh'),
	Softplus: same('Softplus'),
	Softsign: same('Softsign'),
	Mish: same('Mish'),
	Gelu: (call) => call.each(call.text('approximate', 'none') === 'tanh' ? 'GeluTanh' : 'Gelu'),
	Softmax: softmax('Softmax'),
	LogSoftmax: softmax('LogSoftmax'),
	Hardmax: hardmax,
	Exp: same('Exp'),
	Log: same('Log'),
	Sqrt: same('Sqrt'),
	Abs: same('Abs'),
	Neg: same('Neg'),
	Reciprocal: same('Reciprocal'),
	Erf: same('Erf'),
	Sin: same('Sin'),
	Sinh: same('Sinh'),
	Asin: same('Asin'),
	Asinh: same('Asinh'),
	Cos: same('Cos'),
	Cosh: same('Cosh'),
	Acos: same('Acos'),
	Acosh: same('Acosh'),
	Tan: same('Tan'),
	Atan: same('Atan'),
	Atanh: same('Atanh'),
	Sign: same('Sign'),
	Floor: same('Floor'),
	Ceil: same('Ceil'),
	Round: same('Round'),
	IsNaN: same('IsNan', undefined, 'bool'),
	IsInf(call) {
		if (!call.int('detect_negative', 1) || !call.int('detect_positive', 1))
			throw call.fault('looks for infinities of one sign, which is not known here');
		return call.each('IsInf', {}, 'bool');
	},
	Not: same('LogicalNot', undefined, 'bool'),
	Cast: (call) => toType(call, CASTS[call.int('to', 1)]),
	CastLike: (call) => {
		const like = call.operand(1);
		return toType(call, isConstant(like) ? CASTS[{ float: 1, int: 6, bool: 9 }[like.kind]] : like.dtype);
	},
	Clip: clip,
	Add: merged('Add'),
	Sum: merged('Add'),
	Sub: merged('Subtract'),
	Mul: merged('Multiply'),
	Div: merged('Divide'),
	Max: merged('Maximum'),
	Min: merged('Minimum'),
	Mean: mean,
	Pow: power,
	Mod: modulo,
	And: merged('LogicalAnd', 'bool'),
	Or: merged('LogicalOr', 'bool'),
	Xor: xor,
	Equal: merged('Equal', 'bool'),
	Greater: merged('Greater', 'bool'),
	GreaterOrEqual: merged('GreaterEqual', 'bool'),
	Less: merged('Less', 'bool'),
	LessOrEqual: merged('LessEqual', 'bool'),
	Where(call) {
		const [, a, b] = [0, 1, 2].map((k) => call.operand(k));
		const typed = [a, b].find((one) => one && !isConstant(one)) as Value | undefined;
		return combined(call.t, 'Select', [call.operand(0), call.operand(1), call.operand(2)], typed?.dtype ?? 'float32');
	}
};

export default handlers;
