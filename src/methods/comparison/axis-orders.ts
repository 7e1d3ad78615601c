import type { AxisOrder } from '#contracts/parting.ts';
import { parseReference, type Graph } from '#contracts/graph.ts';
import * as tf from '#engine/tf.ts';
import { product } from '#maths/product.ts';

/** The ways in which the numbers of one layer may lie beside those of another: channels last here, first there. */

export interface Ordering {
	order: AxisOrder;
	/** b as these sides, then with its axes so, is in a's order; empty where it is already. */
	sides: readonly number[];
	axes: readonly number[];
}

const SAME: Ordering = { order: 'same', sides: [], axes: [] };

/**
 * @param a shape without the batch; `b` too
 * @param grid height, width and channels of what was flattened, where both are flat
 * @returns none where they have not the same number of elements
 */
export function orderings(
	a: readonly number[],
	b: readonly number[],
	grid: readonly number[] | null = null
): readonly Ordering[] {
	if (product(a) !== product(b)) return [];
	// What has one axis longer than one lies in one way alone.
	const grids = [a, b, grid ?? []].map((shape) => (shape.filter((n) => n > 1).length > 1 ? shape : null));
	const [ga, gb, flat] = grids;
	const found: Ordering[] = [SAME];
	const bFirst = (last: readonly number[]) => {
		const [channels, positions] = [last.at(-1) as number, last.slice(0, -1)];
		const axes = [...positions.map((_, k) => k + 1), 0];
		found.push({ order: 'b-channels-first', sides: [channels, ...positions], axes });
	};
	const aFirst = (last: readonly number[]) => {
		const rank = last.length;
		found.push({ order: 'a-channels-first', sides: last, axes: [rank - 1, ...last.slice(1).map((_, k) => k)] });
	};
	if (ga && gb) {
		if (ga.length !== gb.length || ga.join() === gb.join()) return found;
		if ([...gb.slice(1), gb[0]].join() === ga.join()) bFirst(ga);
		if ([gb.at(-1), ...gb.slice(0, -1)].join() === ga.join()) aFirst(gb);
		return found;
	}
	if (ga) bFirst(ga);
	else if (gb) aFirst(gb);
	else if (flat && product(flat) === product(a)) {
		bFirst(flat);
		aFirst(flat);
	}
	return found;
}

/** b in a's order, flat; the caller disposes. */
export function inOrderOf(b: tf.Tensor, { sides, axes }: Ordering): tf.Tensor1D {
	return tf.tidy(() => {
		const whole = tf.cast(b, 'float32');
		return axes.length
			? tf.reshape(tf.transpose(tf.reshape(whole, [...sides]), [...axes]), [-1])
			: tf.reshape(whole, [-1]);
	});
}

/** What a flat layer was before it was flattened: the nearest grid upstream with as many numbers; null for none. */
export function flattenedFrom(graph: Graph): (id: string, size: number) => readonly number[] | null {
	const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
	return (id, size) => {
		let node = nodes.get(id);
		for (let steps = 0; node && steps < 64; steps++) {
			const shape = node.shape.slice(1).map((n) => n ?? 1);
			if (product(shape) !== size) return null;
			if (shape.filter((n) => n > 1).length > 1) return shape;
			node = nodes.get(parseReference(node.inputs[0] ?? '')[0]);
		}
		return null;
	};
}
