import { expect, it } from 'vitest';
import type { Graph, GraphNode } from '#contracts/graph.ts';
import { startEngine } from '#engine/device.ts';
import { weightDistances } from '#methods/comparison/weights.ts';
import { compareGraphs } from '#methods/structure/compare.ts';
import { median, ms, row } from '../measure.ts';
import { shippedModel } from '../../tools/shipped.ts';

const chain = (length: number, prefix: string): Graph => {
	const nodes = Array.from({ length }, (_, k): GraphNode => {
		const id = (n: number) => (n ? `${prefix}${n}x` : 'image');
		return {
			id: id(k),
			type: k ? (k % 2 ? 'Conv2D' : 'Relu') : 'Input',
			attributes: k % 2 ? { strides: [1, 1] } : {},
			inputs: k ? [id(k - 1)] : [],
			shape: [null, 8, 8, 4],
			dtype: 'float32',
			weights: [],
			group: []
		};
	});
	return { nodes, inputs: ['image'], outputs: [nodes.at(-1)!.id], operators: new Map() };
};

it('graphs compared', async () => {
	const time = (n: number) =>
		median(5, () => Promise.resolve(compareGraphs(chain(n, 'a'), chain(Math.round(n * 1.02), 'b'))));
	const [small, large] = [await time(1000), await time(5000)];
	row('5,000 renamed nodes matched', ms(large), `1,000 nodes ${ms(small)}`, large / small);
	expect(large).toBeLessThan(2000);
});

it('weights compared', async () => {
	await startEngine(null);
	const [first, second] = [(await shippedModel('photos')).model, (await shippedModel('photos')).model];
	const rows = compareGraphs(first.graph, second.graph);
	const here = await median(5, async () => {
		for await (const step of weightDistances(first, second, rows, new AbortController().signal)) void step;
	});
	// All weights read back and compared in plain float64.
	const there = await median(5, async () => {
		let sum = 0;
		for (const { weights } of rows)
			for (const { first: a, second: b } of weights) {
				const [x, y] = [await first.weight(a).data(), await second.weight(b).data()];
				for (let i = 0; i < x.length; i++) sum += (x[i]! - y[i]!) ** 2 + x[i]! ** 2 + x[i]! * y[i]!;
			}
		return sum;
	});
	row('distances of 456 k weights where they lie', ms(here), `read back and compared ${ms(there)}`, here / there);
	first.dispose();
	second.dispose();
});
