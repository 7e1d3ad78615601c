import { describe, expect, it } from 'vitest';
import type { Graph, GraphNode } from '#contracts/graph.ts';
import { sizeObstacle } from '#engine/model/fit.ts';

const node = (
	id: string,
	shape: GraphNode['shape'],
	weights: readonly number[][] = [],
	inputs: string[] = []
): GraphNode => ({
	id,
	type: inputs.length ? 'Dense' : 'Input',
	attributes: {},
	inputs,
	shape,
	dtype: 'float32',
	weights: weights.map((own, k) => ({ name: `${id}/${k}`, shape: own, dtype: 'float32' })),
	group: []
});
const graph = (...nodes: GraphNode[]): Graph => ({
	nodes,
	inputs: ['x'],
	outputs: [nodes.at(-1)!.id],
	operators: new Map()
});
const MB = 2 ** 20;
const M = 2 ** 18;

describe('whether a model fits the device', () => {
	const dense = graph(
		node('x', [null, 8]),
		node('a', [null, 8], [[10, M]], ['x']),
		node('b', [null, 8], [[10, M]], ['a']),
		node('c', [null, 8], [[10, M]], ['b'])
	);

	it('is not said of one that does', () => {
		expect(sizeObstacle({ graph: dense, bytes: 30 * MB }, { tensor: 10 * MB, total: 31 * MB })).toBeNull();
	});

	it('says which weight is too large for one buffer', () => {
		const found = sizeObstacle({ graph: dense, bytes: 30 * MB }, { tensor: 10 * MB - 1, total: 100 * MB });
		expect(found).toMatchObject({ kind: 'size', nodes: [] });
		expect(found?.message).toBe(
			'It does not fit this device: the weight “a/0” takes 10.5 MB, and one of 10.5 MB fits.'
		);
	});

	it('says how many layers would fit', () => {
		const found = sizeObstacle({ graph: dense, bytes: 30 * MB }, { tensor: 100 * MB, total: 25 * MB });
		expect(found?.message).toContain('its weights take 31.5 MB, and 26.2 MB fit');
		expect(found?.hint).toBe(
			'The first 2 of its 3 layers with weights, up to “b”, would fit. Structure, Parameters, Figures and Compare work without running it.'
		);
	});

	it('counts a weight that layers share once', () => {
		const shared = graph(
			...dense.nodes.map((one) => ({ ...one, weights: one.weights.map((w) => ({ ...w, name: 'w' })) }))
		);
		expect(sizeObstacle({ graph: shared, bytes: 30 * MB }, { tensor: 100 * MB, total: 25 * MB })?.hint).toMatch(
			/^Structure/
		);
	});

	it('says for which input its values would fit, beside the weights', () => {
		const picture = graph(
			node('x', [null, 1024, 1024, 3]),
			node('conv', [null, 1024, 1024, 64], [[3, 3, 3, 64]], ['x'])
		);
		// 256 MB of values, three at a time; with half the side, a fourth of them.
		const room = { tensor: 4096 * MB, total: 3 * 64 * MB + 1 };
		const found = sizeObstacle({ graph: picture, bytes: 1 }, room);
		expect(found?.message).toBe(
			'A prediction does not fit this device: “conv” makes 268.4 MB of numbers, and 67.1 MB fit beside the weights.'
		);
		expect(found?.hint).toMatch(/^With an input of about 512 × 512, it would fit\. Structure/);
		expect(sizeObstacle({ graph: picture, bytes: 1 }, { ...room, total: 3 * 256 * MB + 1 })).toBeNull();
	});

	it('says for which batch, where the file fixes a larger one', () => {
		const rows = graph(node('x', [16, 1024]), node('y', [16, M], [], ['x']));
		expect(sizeObstacle({ graph: rows, bytes: 0 }, { tensor: 5 * MB, total: 1000 * MB })?.hint).toMatch(
			/^Exported for a batch of 5, it would fit\./
		);
	});
});
