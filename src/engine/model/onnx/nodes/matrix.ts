import { permuted, stretched, worked } from '#engine/model/onnx/arrays.ts';
import { batched, BatchMixed, plain } from '#engine/model/onnx/batch.ts';
import type { Call, Handler, Handlers } from '#engine/model/onnx/call.ts';
import { combined } from '#engine/model/onnx/combined.ts';
import type { Constant } from '#engine/model/onnx/definition.ts';
import { rearranged } from '#engine/model/onnx/rearranged.ts';
import { scalar, type Translation } from '#engine/model/onnx/translation.ts';
import { isConstant, natural, sameOrder, type Operand, type Value } from '#engine/model/onnx/value.ts';

/** A product with a stored matrix is a dense layer; the other axes stay as they lie. */
export function dense(t: Translation, x: Value, kernel: Constant, bias?: Operand): Value {
	const rank = x.shape.length;
	const [inputs, units] = kernel.shape as [number, number];
	if (plain(x.shape.at(-1)) !== inputs) throw new RangeError('The matrix does not fit.');
	const last = x.order.at(-1) === rank - 1 ? x : t.natural(x);
	return t.one(
		'Dense',
		[last],
		{ shape: [...x.shape.slice(0, -1), units], order: last.order },
		{
			roles: { kernel, bias },
			attributes: { units }
		}
	);
}

/** Swapped as a matrix, lies as it is: the product can read it so. */
function swapped({ order, shape }: Value): boolean {
	const rank = shape.length;
	return sameOrder(order, [...natural(rank - 2), rank - 1, rank - 2]);
}

/** The product of two tensors of matrices. */
export function product(call: Call, a: Operand, b: Operand): Value {
	const { t } = call;
	if (a.shape.length < 1 || b.shape.length < 1) throw call.fault('multiplies a number by a matrix');
	if (a.shape.length === 1) {
		const y = product(call, lifted(t, a, [1, a.shape[0] as number]), b);
		return rearranged(
			t,
			y,
			y.shape.filter((_, axis) => axis !== y.shape.length - 2)
		);
	}
	if (b.shape.length === 1) {
		const y = product(call, a, lifted(t, b, [b.shape[0] as number, 1]));
		return rearranged(t, y, y.shape.slice(0, -1));
	}
	const inner = a.shape.at(-1) as number;
	if (batched(inner)) throw new BatchMixed();
	if (inner !== b.shape.at(-2))
		throw call.fault(`multiplies matrices of [${a.shape.join(', ')}] and [${b.shape.join(', ')}]`);
	if (!isConstant(a) && isConstant(b) && b.shape.length === 2) return dense(t, a, b);
	let outer: number[];
	try {
		outer = stretched([a.shape.slice(0, -2), b.shape.slice(0, -2)]);
	} catch (error) {
		if ([...a.shape, ...b.shape].some(batched)) throw new BatchMixed();
		throw error;
	}
	const flip = (one: Operand) => !isConstant(one) && one.shape.length > 1 && swapped(one);
	const flags = { ...(flip(a) ? { transposeA: true } : {}), ...(flip(b) ? { transposeB: true } : {}) };
	// Read as it lies, its last two axes are the other way round.
	const lying = (one: Operand) => (isConstant(one) || flip(one) ? one : t.natural(one));
	return t.one(
		'MatMul',
		[lying(a), lying(b)],
		{ shape: [...outer, a.shape.at(-2) as number, b.shape.at(-1) as number] },
		{ attributes: flags }
	);
}

const lifted = (t: Translation, one: Operand, shape: readonly number[]): Operand =>
	isConstant(one) ? { ...one, shape } : rearranged(t, one, shape);

const scaled = (constant: Constant, factor: number): Constant =>
	factor === 1
		? constant
		: worked([constant], { ...constant, kind: 'float' }, `times ${factor}`, (values) =>
				Float32Array.from(values as ArrayLike<number>, (x) => x * factor)
			);

const turnedValue = (x: Value): Value => ({
	...x,
	shape: [...x.shape].reverse(),
	order: x.order.map((axis) => 1 - axis)
});

const gemm: Handler = (call) => {
	const { t } = call;
	const [alpha, beta] = [call.float('alpha', 1), call.float('beta', 1)];
	const flat = call.value(0);
	const given =
		flat.shape.length === 2
			? flat
			: rearranged(t, flat, [flat.shape[0] as number, flat.shape.slice(1).reduce((n, m) => n * m, 1)]);
	const a = call.int('transA', 0) ? turnedValue(given) : given;
	const b = call.operand(1);
	const bias = call.operands[2];
	if (b.shape.length !== 2) throw call.fault('multiplies by what is no matrix');
	if (isConstant(b)) {
		const kernel = scaled(call.int('transB', 0) ? permuted(b, [1, 0]) : b, alpha);
		if (plain(a.shape[1]) !== kernel.shape[0])
			throw call.fault(`multiplies ${a.shape[1]} numbers by a matrix of ${kernel.shape.join(' × ')}`);
		const units = kernel.shape[1] as number;
		const row =
			isConstant(bias) && bias.shape.at(-1) === units && bias.shape.slice(0, -1).every((n) => n === 1)
				? { ...bias, shape: [units] }
				: undefined;
		const y = dense(t, a, kernel, row && scaled(row, beta));
		return row || !bias ? y : added(call, y, bias, beta);
	}
	const y = product(call, a, call.int('transB', 0) ? turnedValue(b) : b);
	const times = alpha === 1 ? y : combined(t, 'Multiply', [y, scalar(alpha)]);
	return bias ? added(call, times, bias, beta) : times;
};

function added(call: Call, y: Value, bias: Operand, beta: number): Value {
	const part = isConstant(bias)
		? scaled(bias, beta)
		: beta === 1
			? bias
			: combined(call.t, 'Multiply', [bias, scalar(beta)]);
	return combined(call.t, 'Add', [y, part]);
}

/** `...` becomes letters of its own. */
function spelled(call: Call, operands: readonly Operand[]): { parts: string[]; output: string } {
	const [left = '', right] = call.text('equation', '').replace(/\s/g, '').split('->');
	const parts = left.split(',');
	if (parts.length !== operands.length) throw call.fault('has an equation for another number of inputs');
	const max = Math.max(
		0,
		...parts.map((part, k) =>
			part.includes('...') ? (operands[k] as Operand).shape.length - part.replace('...', '').length : 0
		)
	);
	const dots = 'αβγδεζηθ'.slice(0, max);
	const full = parts.map((part, k) => {
		const own = (operands[k] as Operand).shape.length - part.replace('...', '').length;
		return part.replace('...', own > 0 ? dots.slice(-own) : '');
	});
	const letters = [...full.join('')];
	const once = [...new Set(letters)].filter(
		(letter) => !dots.includes(letter) && letters.filter((one) => one === letter).length === 1
	);
	const output = right === undefined ? dots + once.sort().join('') : right.replace('...', dots);
	return { parts: full, output };
}

const einsum: Handler = (call) => {
	const operands = call.operands.filter((one) => one !== undefined);
	const { parts, output } = spelled(call, operands);
	const sizes = new Map<string, number>();
	for (const [k, part] of parts.entries()) {
		const { shape } = operands[k] as Operand;
		if (part.length !== shape.length || new Set(part).size < part.length)
			throw call.fault('has an equation that does not fit its inputs, or takes a diagonal');
		[...part].forEach((letter, i) => sizes.set(letter, Math.max(sizes.get(letter) ?? 1, shape[i] as number)));
	}
	for (const [letter, n] of sizes) if (!output.includes(letter) && batched(n)) throw new BatchMixed();
	const shape = [...output].map((letter) => sizes.get(letter) ?? 0);
	if (shape.includes(0)) throw call.fault('has an equation that gives what no input has');
	const inputs = operands.map((one) => (isConstant(one) ? one : call.t.natural(one)));
	return call.t.one('Einsum', inputs, { shape }, { attributes: { equation: `${parts.join(',')}->${output}` } });
};

const handlers: Handlers = {
	MatMul: (call) => product(call, call.operand(0), call.operand(1)),
	Gemm: gemm,
	Einsum: einsum
};

export default handlers;
