import { plain } from '#engine/model/onnx/batch.ts';
import type { Call } from '#engine/model/onnx/call.ts';
import type { AttributeValue } from '#contracts/graph.ts';

/** Where a convolution or a pooling looks, by the attributes of its node. */
export interface Window {
	size: number[];
	strides: number[];
	dilations: number[];
	/** Before and after along each axis of the grid. */
	pads: [number, number][];
	/** Sizes of the grid that comes out. */
	out: number[];
}

/** More padding than any picture that is computed here has. */
const MAX_PADDING = 1e5;

/** @param grid sizes of the input @param size of the window @param ceil whether a part of a window counts as one */
export function windowOf(call: Call, grid: readonly number[], size: readonly number[], ceil = false): Window {
	const rank = grid.length;
	grid.forEach(plain);
	const strides = call.ints('strides') ?? size.map(() => 1);
	const dilations = call.ints('dilations') ?? size.map(() => 1);
	const given = call.ints('pads') ?? Array<number>(2 * rank).fill(0);
	const auto = call.text('auto_pad', 'NOTSET');
	const proper = (list: readonly number[], length: number, min: number) =>
		list.length === length && list.every((n) => Number.isSafeInteger(n) && n >= min && n <= MAX_PADDING);
	if (
		size.length !== rank ||
		!proper(size, rank, 1) ||
		!proper(strides, rank, 1) ||
		!proper(dilations, rank, 1) ||
		!proper(given, 2 * rank, 0)
	)
		throw call.fault('has a window, steps or a border that cannot be');
	const reach = size.map((n, i) => (n - 1) * (dilations[i] as number) + 1);
	const pads = grid.map((n, i): [number, number] => {
		if (auto === 'VALID') return [0, 0];
		if (!auto.startsWith('SAME')) return [given[i] as number, given[rank + i] as number];
		const stride = strides[i] as number;
		const total = Math.max(0, (Math.ceil(n / stride) - 1) * stride + (reach[i] as number) - n);
		const small = Math.floor(total / 2);
		return auto === 'SAME_LOWER' ? [total - small, small] : [small, total - small];
	});
	const out = grid.map((n, i) => {
		const [before, after] = pads[i] as [number, number];
		const stride = strides[i] as number;
		const steps = (n + before + after - (reach[i] as number)) / stride;
		if (!ceil) return Math.floor(steps) + 1;
		const count = Math.ceil(steps) + 1;
		// A window that would begin in the border behind is none.
		return (count - 1) * stride >= n + before ? count - 1 : count;
	});
	if (out.some((n) => n < 1))
		throw call.fault(`looks through a window of ${reach.join(' × ')} at ${grid.join(' × ')} cells`);
	return { size: [...size], strides, dilations, pads, out };
}

/** As operators of the table have it. */
export const padding = (pads: readonly (readonly [number, number])[]): AttributeValue =>
	pads.every(([a, b]) => !a && !b) ? 'valid' : pads.map((pair) => [...pair]);

/** A grid of one axis as one of two, of height 1. */
export const flat = <T>(list: readonly T[], one: T): [T, T] =>
	list.length === 1 ? [one, list[0] as T] : [list[0] as T, list[1] as T];
