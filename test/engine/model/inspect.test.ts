import { describe, expect, it } from 'vitest';
import type { Graph, GraphNode } from '#contracts/graph.ts';
import { camLayers, headSpecs, inputSpecs, parameterCount } from '#engine/model/inspect.ts';
import { guessPreprocessing } from '#engine/model/guess.ts';

type Row = [
	id: string,
	type: string,
	shape: (number | null)[],
	inputs?: string[],
	attributes?: GraphNode['attributes']
];

function graph(rows: readonly Row[], outputs: readonly string[]): Graph {
	const nodes = rows.map(([id, type, shape, inputs = [], attributes = {}]) => ({
		id,
		type,
		shape,
		inputs,
		attributes,
		dtype: 'float32',
		weights: [],
		group: []
	}));
	return {
		nodes,
		inputs: nodes.filter(({ type }) => type === 'Input').map(({ id }) => id),
		outputs,
		operators: new Map()
	};
}
const image: Row = ['x', 'Input', [null, 32, 32, 3]];
const trunk: Row[] = [
	image,
	['conv', 'Conv2D', [null, 16, 16, 8], ['x']],
	['relu', 'Relu', [null, 16, 16, 8], ['conv']],
	['pool', 'MaxPool2D', [null, 8, 8, 8], ['relu']],
	['flat', 'Flatten', [null, 512], ['pool']]
];
const headOf = (rows: Row[], output: string) => headSpecs(graph(rows, [output]))[0];

describe('what outputs mean', () => {
	it.each<[string, Row[], string, object]>([
		[
			'softmax',
			[...trunk, ['d', 'Dense', [null, 10], ['flat']], ['p', 'Softmax', [null, 10], ['d']]],
			'p',
			{ kind: 'classes', activation: 'softmax', scores: 'd', units: 10 }
		],
		[
			'softmax, reshaped',
			[
				...trunk,
				['c', 'Conv2D', [null, 1, 1, 5], ['flat']],
				['p', 'Softmax', [null, 1, 1, 5], ['c']],
				['r', 'Reshape', [null, 5], ['p']]
			],
			'r',
			{ kind: 'classes', scores: 'c', units: 5 }
		],
		[
			'logits',
			[...trunk, ['d', 'Dense', [null, 10], ['flat']]],
			'd',
			{ kind: 'classes', activation: 'none', scores: 'd' }
		],
		[
			'one sigmoid',
			[...trunk, ['d', 'Dense', [null, 1], ['flat']], ['p', 'Sigmoid', [null, 1], ['d']]],
			'p',
			{ kind: 'binary', units: 1 }
		],
		[
			'many sigmoids',
			[...trunk, ['d', 'Dense', [null, 4], ['flat']], ['p', 'Sigmoid', [null, 4], ['d']]],
			'p',
			{ kind: 'labels', units: 4 }
		],
		['regression', [...trunk, ['d', 'Dense', [null, 1], ['flat']]], 'd', { kind: 'value', units: 1 }],
		[
			'a grid',
			[...trunk.slice(0, 3), ['m', 'Sigmoid', [null, 16, 16, 8], ['relu']]],
			'm',
			{ kind: 'grid', units: 8, scores: 'relu' }
		],
		[
			'features',
			[...trunk, ['d', 'Dense', [null, 6], ['flat']], ['r', 'Relu', [null, 6], ['d']]],
			'r',
			{ kind: 'value', units: 6 }
		]
	])('%s', (_, rows, output, expected) => expect(headOf(rows, output)).toMatchObject(expected));

	it('each output is one head', () => {
		const heads = headSpecs(
			graph([...trunk, ['a', 'Dense', [null, 2], ['flat']], ['b', 'Dense', [null, 1], ['flat']]], ['a', 'b'])
		);
		expect(heads.map(({ kind, title }) => [kind, title])).toEqual([
			['classes', 'a'],
			['value', 'b']
		]);
	});
});

describe('what inputs mean', () => {
	it.each([
		[[null, 28, 28], 'image'],
		[[null, 3, 64, 64], 'image'],
		[[null, 64, 64, 1], 'image'],
		[[null, 4], 'values'],
		[[null], 'values'],
		[[null, 64, 64, 4], 'image'],
		[[null, 4, 64, 64], 'image'],
		[[null, 4, 4, 4], 'values'],
		[[null, 64, 64, 7], 'values']
	] as const)('%j is %s', (shape, kind) =>
		expect(inputSpecs(graph([['x', 'Input', [...shape]]], ['x']))[0]?.kind).toBe(kind)
	);
});

describe('layers for class activation maps', () => {
	it('are the last ones with a grid, not what only thins them, and not the scores', () => {
		const rows: Row[] = [...trunk, ['d', 'Dense', [null, 10], ['flat']]];
		expect(camLayers(graph(rows, ['d']), ['d']).map(({ id }) => id)).toEqual(['relu', 'conv']);
		const grid: Row[] = [...trunk.slice(0, 3), ['m', 'Sigmoid', [null, 16, 16, 8], ['relu']]];
		expect(camLayers(graph(grid, ['m']), ['relu']).map(({ id }) => id)).toEqual(['conv']);
		expect(parameterCount(graph(rows, ['d']))).toBe(0);
	});
});

describe('guesses of preprocessing', () => {
	const guess = (rows: Row[], name: string) => {
		const g = graph(rows, [rows.at(-1)?.[0] as string]);
		return guessPreprocessing({ graph: g, inputs: inputSpecs(g), heads: headSpecs(g), name });
	};
	it('read the first layers, too', () => {
		const rescaled: Row[] = [
			image,
			['r', 'Rescale', [null, 32, 32, 3], ['x']],
			['c', 'Conv2D', [null, 16, 16, 8], ['r']]
		];
		expect(guess(rescaled, 'model')?.preprocessing.normalisation).toEqual({ kind: 'range', low: 0, high: 255 });
		const mobile = Array.from({ length: 9 }, (_, i): Row => [
			`dw${i}`,
			'DepthwiseConv2D',
			[null, 16, 16, 8],
			[i ? `dw${i - 1}` : 'x']
		]);
		expect(
			guess([image, ...mobile, ['six', 'Relu', [null, 16, 16, 8], ['dw8'], { max: 6 }]], 'model')?.preprocessing
				.normalisation
		).toEqual({ kind: 'range', low: -1, high: 1 });
		expect(guess([['x', 'Input', [null, 4]]], 'iris')).toBeNull();
		expect(guess([['x', 'Input', [null, 28, 28, 1]]], 'mobilenet digits')?.preprocessing).toMatchObject({
			channels: 1,
			fit: 'pad',
			width: 28
		});
	});
});
