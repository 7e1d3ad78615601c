import { product, stretched } from '#engine/model/onnx/arrays.ts';
import { batched, BatchMixed } from '#engine/model/onnx/batch.ts';
import type { Constant } from '#engine/model/onnx/definition.ts';
import type { Translation } from '#engine/model/onnx/translation.ts';
import { isConstant, natural, sameOrder, type Operand, type Value } from '#engine/model/onnx/value.ts';

const ranked = (shape: readonly number[], rank: number) => [...Array<number>(rank - shape.length).fill(1), ...shape];

/** @throws BatchMixed where a batch meets rows of another kind */
function shapeOf(operands: readonly Operand[]): number[] {
	try {
		return stretched(operands.map(({ shape }) => shape));
	} catch (error) {
		if (operands.some(({ shape }) => shape.some(batched))) throw new BatchMixed();
		throw error;
	}
}

/** A constant as it stretches over values of that order. */
function alongside(t: Translation, constant: Constant, order: readonly number[]): Constant {
	if (product(constant.shape) === 1) return constant.shape.length ? { ...constant, shape: [] } : constant;
	if (sameOrder(order, natural(order.length))) return constant;
	return t.turned({ ...constant, shape: ranked(constant.shape, order.length) }, order);
}

/** A value with leading axes of one, in an order. */
function raised(t: Translation, value: Value, order: readonly number[]): Value {
	const rank = order.length;
	if (value.shape.length === rank) return t.as(value, order);
	const plain = sameOrder(order, natural(rank));
	const own = t.natural(value);
	if (plain) return own;
	return t.as(t.reshape(own, { shape: ranked(own.shape, rank) }), order);
}

/** One step of several operands that stretch to one shape: in the order that the first turned one has. */
export function combined(t: Translation, type: string, operands: readonly Operand[], dtype?: Value['dtype']): Value {
	const shape = shapeOf(operands);
	const rank = shape.length;
	const full = operands.filter((one): one is Value => !isConstant(one) && one.shape.length === rank);
	const turned = full.find(({ order }) => !sameOrder(order, natural(rank)));
	const order = turned?.order ?? natural(rank);
	const typed = operands.find((one): one is Value => !isConstant(one));
	const inputs = operands.map((one) => (isConstant(one) ? alongside(t, one, order) : raised(t, one, order)));
	return t.one(type, inputs, { shape, order, dtype: dtype ?? typed?.dtype ?? 'float32' });
}
