import { product } from '#engine/model/onnx/arrays.ts';
import { batched, BatchMixed } from '#engine/model/onnx/batch.ts';
import type { Call } from '#engine/model/onnx/call.ts';
import { natural } from '#engine/model/onnx/value.ts';

/** How nodes that move numbers change a shape, whether the numbers are known or not. */

interface Cut {
	axis: number;
	start: number;
	step: number;
	count: number;
}

/** What a Slice takes of each of its axes. */
export function cuts(call: Call, shape: readonly number[]): Cut[] {
	const old = call.opset < 10;
	const starts = old ? call.ints('starts') : call.list(1, 'starts');
	const ends = old ? call.ints('ends') : call.list(2, 'ends');
	const axes = (old ? call.ints('axes') : call.list(3, 'axes')) ?? natural(starts?.length ?? 0);
	const steps = (old ? null : call.list(4, 'steps')) ?? axes.map(() => 1);
	if (!starts || !ends || starts.length !== axes.length || ends.length !== axes.length)
		throw call.fault('does not say where it cuts');
	return axes.flatMap((given, k): Cut[] => {
		const axis = call.checkedAxis(given, shape.length);
		const length = shape[axis] as number;
		const step = steps[k] || 1;
		const inside = (n: number, low: number, high: number) => Math.min(high, Math.max(low, n < 0 ? n + length : n));
		const start = step > 0 ? inside(starts[k] as number, 0, length) : inside(starts[k] as number, 0, length - 1);
		const end = step > 0 ? inside(ends[k] as number, 0, length) : inside(ends[k] as number, -1, length - 1);
		const count = Math.max(0, Math.ceil((end - start) / step));
		return start === 0 && step === 1 && count === length ? [] : [{ axis, start, step, count }];
	});
}

export function splitSizes(call: Call, length: number): number[] {
	const given = call.ints('split') ?? call.list(1, 'sizes');
	const parts = call.int('num_outputs', call.node.outputs.length);
	const size = Math.ceil(length / parts);
	const sizes = given ?? Array.from({ length: parts }, (_, k) => Math.max(0, Math.min(size, length - k * size)));
	if (sizes.reduce((a, b) => a + b, 0) !== length || sizes.length < call.node.outputs.length)
		throw call.fault(`cuts ${length} entries into ${sizes.join(' and ')}`);
	return sizes;
}

/** How a Squeeze or Unsqueeze changes a shape. */
export function squeezed(call: Call, shape: readonly number[]): number[] {
	const axes = call.axes(1)?.map((axis) => call.checkedAxis(axis, shape.length));
	if (axes?.some((axis) => batched(shape[axis] as number))) throw new BatchMixed();
	if (axes?.some((axis) => shape[axis] !== 1)) throw call.fault('takes an axis away that is longer than one');
	return shape.filter((n, axis) => (axes ? !axes.includes(axis) : n !== 1));
}

export function unsqueezed(call: Call, shape: readonly number[]): number[] {
	const given = call.axes(1) ?? [];
	const rank = shape.length + given.length;
	const axes = new Set(given.map((axis) => call.checkedAxis(axis, rank)));
	if (axes.size < given.length) throw call.fault('names an axis twice');
	let next = 0;
	return natural(rank).map((axis) => (axes.has(axis) ? 1 : (shape[next++] as number)));
}

export function flattened(call: Call, shape: readonly number[]): number[] {
	const given = call.int('axis', 1);
	const axis = given === shape.length ? given : call.checkedAxis(given, shape.length);
	return [product(shape.slice(0, axis)), product(shape.slice(axis))];
}

export function permutation(call: Call, rank: number): number[] {
	const order = call.ints('perm') ?? natural(rank).reverse();
	if (order.length !== rank || !natural(rank).every((axis) => order.includes(axis)))
		throw call.fault('exchanges axes that are not there');
	return order;
}
