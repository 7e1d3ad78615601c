import { describe, expect, it } from 'vitest';
import type { Graph, GraphNode } from '#contracts/graph.ts';
import {
	activationBytes,
	camLayers,
	headSpecs,
	imageLayout,
	inputSpecs,
	longRun,
	parameterCount,
	runWork
} from '#engine/model/inspect.ts';
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

describe('what heads are not', () => {
	const dense = (units: number): Row => ['d', 'Dense', [null, units], ['flat']];
	const last = (type: string, shape: (number | null)[]): Row[] => [...trunk, dense(6), ['last', type, shape, ['d']]];

	it.each(['Relu', 'Relu6', 'Tanh', 'Elu', 'Selu', 'MaxPool2D'])('what ends in %s holds no scores of classes', (type) =>
		expect(headOf(last(type, [null, 6]), 'last')?.kind).toBe('value')
	);

	it.each(['Identity', 'Reshape', 'Flatten', 'Squeeze', 'ExpandDims', 'Cast', 'Transpose', 'IdentityN'])(
		'%s hands on what it is given',
		(type) => {
			const rows: Row[] = [...trunk, dense(6), ['p', 'Softmax', [null, 6], ['d:0']], ['y', type, [null, 6], ['p:0']]];
			expect(headOf(rows, 'y')).toMatchObject({ kind: 'classes', activation: 'softmax', scores: 'd:0' });
		}
	);

	it('grids: lists with axes of one, and sizes that are not known', () => {
		const kind = (shape: (number | null)[]) => {
			const head = headOf(last('Add', shape), 'last');
			return [head?.kind, head?.units];
		};
		expect(kind([null, 5, 1])).toEqual(['classes', 5]);
		expect(kind([null, 1, 1, 5])).toEqual(['classes', 5]);
		expect(kind([null, 1, 5, 1])).toEqual(['classes', 5]);
		expect(kind([null, 5, 2])).toEqual(['grid', 2]);
		expect(kind([null, 2, 2, 1])).toEqual(['grid', 1]);
		expect(kind([null, null, 3])).toEqual(['classes', 3]);
		expect(kind([null, 1])).toEqual(['value', 1]);
		expect(kind([null])).toEqual(['value', 1]);
	});

	it('of text, of a node that is not there', () => {
		const rows: Row[] = [...trunk, dense(6)];
		const whole = graph(rows, ['d', 'nowhere', 'd:1']);
		expect(headSpecs(whole).map(({ output }) => output)).toEqual(['d', 'd:1']);
		const text = { ...whole, nodes: whole.nodes.map((node) => ({ ...node, dtype: 'string' })) };
		expect(headSpecs(text)).toEqual([]);
		expect(inputSpecs(text)).toMatchObject([{ id: 'x', kind: 'values', dtype: 'string' }]);
	});

	it('are called by their names, without what only their activation adds', () => {
		const rows: Row[] = [...trunk, ['a/sigmoid', 'Sigmoid', [null, 2], ['flat']], ['/x', 'Dense', [null, 2], ['flat']]];
		expect(headSpecs(graph(rows, ['a/sigmoid'])).map(({ title }) => title)).toEqual(['Output']);
		expect(headSpecs(graph(rows, ['a/sigmoid', '/x', 'a/sigmoid:1'])).map(({ title }) => title)).toEqual([
			'a',
			'/x',
			'a'
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

	it.each([
		[[null, 8, 8, 4], 'nhwc'],
		[[null, 7, 8, 4], null],
		[[null, null, null, 3], 'nhwc'],
		[[null, null, null, 4], 'nhwc'],
		[[null, 2, 2, 3], 'nhwc'],
		[[null, 64, 64, 2], null],
		[[null, 64, 64, 5], null],
		[[null, 3, 8, 9], 'nchw'],
		[[null, 1, 28, 28], 'nchw'],
		[[null, 3, 7, 9], null],
		[[null, 4, 8, 8], 'nchw'],
		[[null, 4, 7, 7], null],
		[[null, 2, 8, 8], null],
		[[null, 8, 8], 'nhw'],
		[[null, 7, 8], null],
		[[null, 8, 7], null],
		[[null, null, 8], null],
		[[null, 8, null], null],
		[[null, 8], null],
		[[null, 8, 8, 8, 3], null]
	] as const)('%j lies as %s', (shape, layout) => expect(imageLayout(shape)).toBe(layout));
});

describe('layers for class activation maps', () => {
	it('are the last ones with a grid, not what only thins them, and not the scores', () => {
		const rows: Row[] = [...trunk, ['d', 'Dense', [null, 10], ['flat']]];
		expect(camLayers(graph(rows, ['d']), ['d']).map(({ id }) => id)).toEqual(['relu', 'conv']);
		const grid: Row[] = [...trunk.slice(0, 3), ['m', 'Sigmoid', [null, 16, 16, 8], ['relu']]];
		expect(camLayers(graph(grid, ['m']), ['relu']).map(({ id }) => id)).toEqual(['conv']);
		expect(parameterCount(graph(rows, ['d']))).toBe(0);
	});

	it('have more than one cell of known size, and lie between an input and the scores', () => {
		const rows: Row[] = [
			image,
			['constant', 'Range', [1, 4, 4, 8]],
			['row', 'Conv2D', [null, 1, 2, 8], ['x']],
			['cell', 'Conv2D', [null, 1, 1, 8], ['row']],
			['open', 'Conv2D', [null, null, 2, 8], ['x']],
			['beside', 'Conv2D', [null, 4, 4, 8], ['x']],
			['sum', 'Add', [null, 4, 4, 8], ['cell:0', 'open', 'constant']],
			['list', 'Dense', [null, 4, 8], ['sum']],
			['y', 'Dense', [null, 4], ['list']]
		];
		expect(camLayers(graph(rows, ['y']), ['y:0'])).toEqual([
			{ id: 'sum', title: 'sum (Add, 4 × 4 × 8)', grid: [4, 4], channels: 8 },
			{ id: 'row', title: 'row (Conv2D, 1 × 2 × 8)', grid: [1, 2], channels: 8 }
		]);
	});

	it.each(['AveragePool2D', 'Pad', 'Identity', 'Crop2D', 'Upsample2D', 'Reshape', 'Transpose', 'MaxPool', 'AvgPool'])(
		'%s only moves or thins what came before',
		(type) => {
			const rows: Row[] = [
				image,
				['conv', 'Conv2D', [null, 16, 16, 8], ['x']],
				['thin', type, [null, 8, 8, 8], ['conv']],
				['y', 'Dense', [null, 4], ['thin']]
			];
			expect(camLayers(graph(rows, ['y']), ['y']).map(({ id }) => id)).toEqual(['conv']);
		}
	);
});

it('numbers of a model: each weight once, and what its activations take', () => {
	const whole = graph(trunk, ['flat']);
	const kernel = { name: 'k', shape: [3, 3, 3, 8], dtype: 'float32' };
	const nodes = whole.nodes.map((node) => ({ ...node, weights: [kernel, { name: 's', shape: [], dtype: 'float32' }] }));
	expect(parameterCount({ ...whole, nodes })).toBe(216 + 1);
	expect(activationBytes(whole)).toBe(4 * (32 * 32 * 3 + 2 * 16 * 16 * 8 + 8 * 8 * 8 + 512));
	expect(activationBytes(graph([['x', 'Input', [null, null, 3]]], ['x']))).toBe(4 * 3);
});

describe('guesses of preprocessing', () => {
	const guess = (rows: Row[], name: string) => {
		const g = graph(rows, [rows.at(-1)?.[0] as string]);
		return guessPreprocessing({ graph: g, input: inputSpecs(g)[0]!, heads: headSpecs(g), name });
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

describe('what a run computes', () => {
	const padded = (n: number) =>
		graph(
			[
				image,
				...Array.from({ length: n }, (_, i): Row => [`p${i}`, 'Pad', [null, 1000, 1000, 1], [i ? `p${i - 1}` : 'x']])
			],
			[`p${n - 1}`]
		);
	it('is the sum over all nodes', () => {
		const plain = graph(
			[
				['x', 'Input', [null, 20]],
				['y', 'Dense', [null, 10], ['x']]
			],
			['y']
		);
		const kernel = { name: 'k', shape: [20, 10], role: 'kernel' } as unknown as GraphNode['weights'][number];
		const nodes = plain.nodes.map((node) => (node.id === 'y' ? { ...node, weights: [kernel] } : node));
		expect(runWork({ ...plain, nodes })).toEqual({ macs: 200, bytes: 4 * 30 });
		expect(runWork(padded(3)).bytes).toBe(4 * (32 * 32 * 3 + 3e6));
	});

	it('is told where one waits long for it', () => {
		expect([longRun(graph(trunk, ['flat'])), longRun(padded(900))]).toEqual([null, null]);
		expect(longRun(padded(2600))).toMatch(/0 multiply-adds and makes 10.4 GB of numbers on the way/);
	});
});
