import { beforeAll, expect, it } from 'vitest';
import { weightBag } from '#engine/model/bag.ts';
import * as tf from '#engine/tf.ts';
import { weightDistances } from '#methods/comparison/weights.ts';
import { compareGraphs } from '#methods/structure/compare.ts';
import { filterRows } from '#methods/weights/matrix.ts';
import { weightShape } from '#methods/weights/shape.ts';
import { useBackend } from '../../tools/backends.ts';

/** Kernels whose outputs come first, as PyTorch has them, beside those whose outputs come last. */

const values = Float32Array.from({ length: 24 }, (_, i) => i);
/** [2 outputs, 3 inputs, 2, 2] of PyTorch, and the same as [2, 2, 3, 2] of TF.js. */
function twoBags() {
	const last = tf.tidy(() => tf.transpose(tf.tensor(values, [2, 3, 2, 2]), [2, 3, 1, 0]).dataSync() as Float32Array);
	const own = { dtype: 'float32' as const, values };
	return [
		weightBag([['conv.weight', { ...own, shape: [2, 3, 2, 2] }]]),
		weightBag([['conv/kernel', { ...own, values: Float32Array.from(last), shape: [2, 2, 3, 2] }]])
	] as const;
}

beforeAll(() => useBackend('cpu'));

it('are compared number by number', async () => {
	const [first, second] = twoBags();
	for (const [one, other, turned] of [
		[first, second, 'first'],
		[second, first, 'second']
	] as const) {
		// prettier-ignore
		const rows = compareGraphs(one.graph, other.graph);
		expect(rows).toHaveLength(1);
		expect(rows[0]!.weights[0]).toMatchObject({ role: 'kernel', comparable: true, turned });
		const before = tf.memory().numTensors;
		for await (const { rows: found } of weightDistances(one, other, rows, new AbortController().signal))
			expect(found[0]!.tensors[0]).toMatchObject({ relative: 0, maxAbs: 0 });
		expect(tf.memory().numTensors).toBe(before);
	}
	first.dispose();
	second.dispose();
});

it('have the same filters', async () => {
	const before = tf.memory().numTensors;
	const rows = await Promise.all(
		twoBags().map(async (bag) => {
			const [node] = bag.graph.nodes;
			const [weight] = node!.weights;
			expect(weightShape(node!, weight!)).toMatchObject({ kind: 'kernels', view: [2, 2, 3, 2], filterAxis: 3 });
			const filters = filterRows(bag.weight(weight!.name), node!, weight!)!;
			const found = [...(await filters.data())];
			filters.dispose();
			bag.dispose();
			return found;
		})
	);
	expect(rows[0]).toEqual(rows[1]);
	expect(tf.memory().numTensors).toBe(before);
});
