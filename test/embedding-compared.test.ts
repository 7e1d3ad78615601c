import { describe, expect, it } from 'vitest';
import type { Graph, GraphNode } from '#contracts/graph.ts';
import { traitsOf } from '#engine/model/operators/index.ts';
import {
	changeInWords,
	defaultStages,
	embeddedOf,
	read,
	stagesOf,
	written
} from '../src/views/embedding/aligned/compared.ts';

const node = (id: string, type: string, inputs: string[], shape: (number | null)[]): GraphNode => ({
	id,
	type,
	attributes: {},
	inputs,
	shape,
	dtype: 'float32',
	weights: [],
	group: []
});
const nodes = [
	node('in', 'InputLayer', [], [null, 28, 28, 1]),
	node('conv', 'Conv2D', ['in'], [null, 28, 28, 16]),
	node('relu', 'Relu', ['conv'], [null, 28, 28, 16]),
	node('a,b %', 'Dense', ['relu'], [null, 64]),
	node('scale', 'Const', [], []),
	node('soft', 'Softmax', ['a,b %'], [null, 10])
];
const graph: Graph = { nodes, inputs: ['in'], outputs: ['soft'], operators: traitsOf(nodes) };
const order = graph.nodes.map(({ id }) => id);

describe('stages', () => {
	it('are layers as they leave; any other node can be taken', () => {
		expect(stagesOf(graph)).toEqual({ layers: ['relu', 'soft'], others: ['conv', 'a,b %'] });
		expect(stagesOf(null)).toEqual({ layers: [], others: [] });
	});
	it('are spread over the depth by default, the last among them', () => {
		const many = Array.from({ length: 23 }, (_, k) => `l${k}`);
		const chosen = defaultStages(many);
		expect([chosen.length, chosen[0], chosen.at(-1)]).toEqual([6, 'raw', 'l22']);
		expect(new Set(chosen).size).toBe(6);
		expect(defaultStages(['one'])).toEqual(['raw', 'one']);
		expect(defaultStages([])).toEqual(['raw']);
	});
	it('go through a link whatever their names, in the order of the model', () => {
		const { layers, others } = stagesOf(graph);
		const text = written(['soft', 'a,b %', 'raw']);
		expect(read(text, layers, others, order)).toEqual(['raw', 'a,b %', 'soft']);
		expect(read('%,gone,relu', layers, others, order)).toEqual(['relu']);
		expect(read('', layers, others, order)).toEqual(['raw', 'relu', 'soft']);
	});
	it('keep all numbers where they are few', () => {
		const RAW = { kind: 'raw', standardise: true, columns: '' } as const;
		const pooling = (id: string, count: number) => embeddedOf(id, graph, 'auto', RAW, count);
		expect(pooling('relu', 2000)).toEqual({ kind: 'layer', layer: 'relu', pooling: 'mean' });
		expect(pooling('relu', 500)).toMatchObject({ pooling: 'flat' });
		expect(pooling('soft', 1e6)).toMatchObject({ pooling: 'flat' });
		expect(embeddedOf('relu', graph, 'max', RAW, 9)).toMatchObject({ pooling: 'max' });
		expect(embeddedOf('raw', graph, 'auto', RAW, 9)).toEqual(RAW);
	});
});

it('the figures between two maps are said in words', () => {
	const change = { onto: 1, positions: new Float32Array(0), disparity: 0.03, kept: 0.5, keptOnMap: 0.25 };
	expect(changeInWords(change, 15)).toMatch(
		/nearly the same.*0\.03.*15 nearest, 50\.0 %.*both stages.*25\.0 %.*both maps/
	);
	expect(changeInWords({ ...change, disparity: 0.9 }, 15)).toMatch(/little/);
});
