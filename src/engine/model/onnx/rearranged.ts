import { batched } from '#engine/model/onnx/batch.ts';
import type { Translation } from '#engine/model/onnx/translation.ts';
import { natural, type Value } from '#engine/model/onnx/value.ts';

/** Axes of a shape whose numbers lie in those of another: `[12, 64]` in `[768]`. */
interface Group {
	from: number[];
	to: number[];
}

const long = (shape: readonly number[]) => natural(shape.length).filter((axis) => shape[axis] !== 1);

/** @returns null for tensors without numbers */
function groups(from: readonly number[], to: readonly number[]): Group[] | null {
	const [left, right] = [long(from), long(to)];
	const found: Group[] = [];
	while (left.length || right.length) {
		const group: Group = { from: [], to: [] };
		let [a, b] = [1, 1];
		do {
			const small = a <= b && left.length ? left : right;
			const axis = small.shift();
			if (axis === undefined) return null;
			if (small === left) {
				a *= from[axis] as number;
				group.from.push(axis);
			} else {
				b *= to[axis] as number;
				group.to.push(axis);
			}
			if (!a || !b) return null;
		} while (a !== b);
		found.push(group);
	}
	return found;
}

/** Axes of one are put behind the axis that they stand behind in the file. */
function withOnes(order: readonly number[], rank: number): number[] {
	const full = [...order];
	for (let axis = 0; axis < rank; axis++) {
		if (full.includes(axis)) continue;
		const before = full.indexOf(axis - 1);
		full.splice(axis ? before + 1 : 0, 0, axis);
	}
	return full;
}

/**
 * The same numbers in another shape. Where axes that belong together lie together in memory, nothing moves: a flattened map
 * of one cell, channels taken apart for a shuffle, a picture laid out as a row of patches.
 */
export function rearranged(t: Translation, x: Value, shape: readonly number[]): Value {
	const parts = groups(x.shape, shape);
	if (!parts) return t.reshape(t.natural(x), { shape });
	const firstAxis = (group: Group) => Math.min(...group.from.map((axis) => x.order.indexOf(axis)));
	const sorted = [...parts].sort((a, b) => firstAxis(a) - firstAxis(b));
	const target = sorted.flatMap(({ from }) => from);
	const moving = x.order.filter((axis) => x.shape[axis] !== 1);
	// Axes of one may lie anywhere.
	const lies = moving.every((axis, i) => axis === target[i]);
	const batchFirst = !x.shape.some(batched) || batched(x.shape[target[0] as number] ?? 0);
	const own = lies && batchFirst ? x : t.as(x, batchFirst ? withOnes(target, x.shape.length) : natural(x.shape.length));
	const order = batchFirst
		? withOnes(
				sorted.flatMap(({ to }) => to),
				shape.length
			)
		: natural(shape.length);
	return t.reshape(own, { shape, order });
}
