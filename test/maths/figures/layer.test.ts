import { describe, expect, it } from 'vitest';
import { chain, finishingText, operationLines, operationsOf } from '#maths/figures/chain.ts';
import { parseDocument, readFigure } from '#maths/figures/document.ts';
import { added, changed, example, moved, perceptron, suited, without } from '#maths/figures/edit.ts';
import {
	extent,
	isMap,
	KINDS,
	mapText,
	neurons,
	newLayer,
	sizeText,
	type FigureKind,
	type FigureLayer
} from '#maths/figures/layer.ts';
import { mapLayers, windowOn } from '#maths/figures/map-layers.ts';

const make = (id: string, change: Partial<FigureLayer> = {}) => newLayer(id, change);

describe('sizes of a layer', () => {
	it('are height, width and channels, whatever it has', () => {
		const of = (...shape: (number | null)[]) => extent({ shape });
		expect(of(4, 5, 6)).toEqual([4, 5, 6]);
		expect(of(7, 3)).toEqual([1, 7, 3]);
		expect(of(9)).toEqual([1, 1, 9]);
		expect(of()).toEqual([1, 1, 1]);
		expect(of(2, 3, 4, 5)).toEqual([2, 3, 20]);
		expect(of(2, 3, 4, null, 0)).toEqual([2, 3, 4]);
		expect(of(null, 5, 0)).toEqual([1, 5, 1]);
		expect([[1, 2, 3], [1, 2], [1], [1, 2, 3, 4]].map((shape) => isMap({ shape }))).toEqual([true, true, false, false]);
	});

	it('read as text', () => {
		expect(sizeText([])).toBe('one number');
		expect(sizeText([1000, null])).toBe('1,000 × ?');
		expect([mapText([]), mapText([null]), mapText([5, 4]), mapText([null, 3, 2])]).toEqual([
			'1',
			'NaN',
			'4@5',
			'2@?×3'
		]);
		expect(neurons({ kind: 'input', shape: [null, 3, 2] })).toBe(6);
		expect(neurons({ kind: 'dense', shape: [] })).toBe(1);
	});
});

describe('a new layer', () => {
	const map = make('m', { shape: [9, 7, 20] });
	const vector = make('v', { shape: [20] });
	it.each<[FigureKind, FigureLayer | undefined, object]>([
		['input', undefined, { shape: [28, 28, 1], window: null }],
		['input', map, { shape: [9, 7, 20] }],
		['flatten', map, { shape: [9 * 7 * 20] }],
		['dense', map, { shape: [64] }],
		['dense', vector, { shape: [20] }],
		['dense', undefined, { shape: [64] }],
		['global-pooling', map, { shape: [20] }],
		['activation', map, { shape: [9, 7, 20], window: null }],
		['dropout', undefined, { shape: [1] }],
		['pooling', map, { shape: [4, 3, 20], window: [2, 2], strides: [2, 2] }],
		['pooling', make('one', { shape: [1, 1, 3] }), { shape: [1, 1, 3] }],
		['pooling', vector, { shape: [14, 14, 16], window: [2, 2] }],
		['convolution', map, { shape: [9, 7, 40], window: [3, 3], strides: [1, 1] }],
		['convolution', make('thin', { shape: [9, 7, 2] }), { shape: [9, 7, 16] }],
		['convolution', make('thick', { shape: [9, 7, 400] }), { shape: [9, 7, 512] }],
		['depthwise', map, { shape: [9, 7, 20], window: [3, 3] }],
		['transposed', map, { shape: [9, 7, 40], window: [2, 2] }]
	])('%s fits what stands before it', (kind, before, found) =>
		expect(suited(kind, before)).toMatchObject({ kind, ...found })
	);

	it('has the next free name, and stands where it was asked for', () => {
		const once = added([map, vector], 0, 'dense');
		expect(once.layers.map(({ id }) => id)).toEqual(['m', 'dense-1', 'v']);
		expect(once.layers[1]).toMatchObject({ name: 'dense-1', type: 'Dense', inputs: [''] });
		expect(added(once.layers, 2, 'dense').layers.map(({ id }) => id)).toEqual(['m', 'dense-1', 'v', 'dense-2']);
		expect(added([map], -1, 'input').layers.map(({ id }) => id)).toEqual(['input-1', 'm']);
	});

	it('moves, changes and goes without touching the others', () => {
		const list = [make('a'), make('b'), make('c', { inputs: ['b', 'a'] })];
		expect(changed(list, 'b', { shape: [3] }).map(({ shape }) => shape)).toEqual([[16], [3], [16]]);
		expect(moved(list, 'c', -5).map(({ id }) => id)).toEqual(['c', 'a', 'b']);
		expect(moved(list, 'a', 1).map(({ id }) => id)).toEqual(['b', 'a', 'c']);
		expect(without(list, 'b').at(-1)!.inputs).toEqual(['a']);
		expect(without(list, 'c')).toEqual(list.slice(0, 2));
	});

	it('begins as LeNet-5 and as a perceptron', () => {
		expect(example().map(({ shape }) => mapText(shape))).toEqual([
			'1@32×32',
			'6@28×28',
			'6@14×14',
			'16@10×10',
			'16@5×5',
			'120',
			'84',
			'10'
		]);
		expect(example().map(({ window }) => window?.[0] ?? 0)).toEqual([0, 5, 2, 5, 2, 0, 0, 0]);
		expect(perceptron().map(({ shape }) => shape)).toEqual([[4], [8], [8], [3]]);
	});
});

describe('what layers do', () => {
	it('is said in a paper’s words', () => {
		const operations = (change: Partial<FigureLayer>) => operationsOf(make('x', change));
		expect(operations({ type: 'Dense', activation: 'ReLU' })).toEqual([
			{ title: 'Dense', finishing: false },
			{ title: 'ReLU', finishing: true }
		]);
		expect(operations({ kind: 'activation', type: 'Relu', activation: 'Swish' })).toEqual([
			{ title: 'Swish', finishing: true }
		]);
		expect(operations({ kind: 'activation', type: 'Relu', word: 'ReLU' })).toEqual([
			{ title: 'ReLU', finishing: true }
		]);
		expect(operations({ type: '' })).toEqual([{ title: 'Dense', finishing: false }]);
		expect(operations({ kind: 'normalisation', type: 'BiasAdd', word: 'Bias' })).toEqual([
			{ title: 'Bias', finishing: true }
		]);
		expect(operations({ type: 'Mine' })).toEqual([{ title: 'Mine', finishing: false }]);
		expect(operations({ type: 'Identity', word: '' })).toEqual([]);
		expect(operations({ kind: 'input' })).toEqual([]);
		expect(operations({ kind: 'pooling', type: 'MaxPool', word: 'Max-pooling', window: [2, 3] })).toEqual([
			{ title: 'Max-pooling 2×3', finishing: false }
		]);
	});

	it('is counted where it is much, and finished by the last two', () => {
		const main = (title: string) => ({ title, finishing: false });
		const end = (title: string) => ({ title, finishing: true });
		expect(operationLines([main('a'), end('b'), end('c'), end('b'), end('d')])).toEqual(['a', 'c, d']);
		expect(operationLines([main('a'), main('b')])).toEqual(['a', 'b']);
		expect(operationLines([main('a'), main('b'), main('c')])).toEqual(['3 layers']);
		expect(finishingText([end('x'), main('a')])).toBe('');
		expect(finishingText([end('x')])).toBe('x');
	});

	it('is told by the next layer that is drawn, or by the one that it finishes', () => {
		const list = [
			make('in', { kind: 'input' }),
			make('norm', { kind: 'normalisation', type: 'Norm' }),
			make('a', { type: 'A' }),
			make('relu', { kind: 'activation', type: 'Relu', word: 'ReLU' }),
			make('b', { type: 'B' }),
			make('drop', { kind: 'dropout', type: 'Drop' }),
			make('c', { type: 'C' })
		];
		const shown = new Set(['in', 'a', 'c']);
		const drawn = chain(list, ({ id }) => shown.has(id));
		expect(drawn.map(({ id, from, operations }) => [id, from, operations.map(({ title }) => title)])).toEqual([
			['in', [], []],
			['a', ['in'], ['Norm', 'A', 'ReLU']],
			['c', ['a'], ['B', 'Drop', 'C']]
		]);
	});
});

describe('maps that are shown', () => {
	const ids = (layers: readonly FigureLayer[], detail: string) =>
		layers.filter(mapLayers(layers, detail)).map(({ id }) => id);
	const map = (id: string, size: number, channels: number, change: Partial<FigureLayer> = {}) =>
		make(id, { kind: 'convolution', shape: [size, size, channels], ...change });
	const list = [
		map('in', 8, 3, { kind: 'input' }),
		map('a', 8, 3),
		map('norm', 8, 3, { kind: 'normalisation' }),
		map('bias', 8, 3, { kind: 'normalisation', type: 'BiasAdd' }),
		map('b', 8, 6),
		map('sum', 8, 6, { kind: 'merge', type: 'Add' }),
		map('joined', 4, 12, { kind: 'merge', type: 'Concat', sign: '' }),
		make('v', { shape: [12] }),
		make('w', { shape: [4] }),
		make('number', { shape: [] })
	];
	it('are all that have a size of their own, or the last of equal ones', () => {
		expect(ids(list, 'all')).toEqual(['in', 'a', 'b', 'sum', 'joined', 'v', 'w']);
		expect(ids(list, 'sizes')).toEqual(['in', 'a', 'b', 'joined', 'v', 'w']);
		expect(ids(list, 'grids')).toEqual(['in', 'b', 'joined', 'v', 'w']);
		expect(ids(list, 'auto')).toEqual(ids(list, 'all'));
	});
	it('are eighteen at most, where leaving out helps', () => {
		const many = (n: number) => Array.from({ length: n }, (_, i) => map(`m${i}`, 64, i >> 1));
		expect(ids(many(18), 'auto')).toHaveLength(18);
		expect(ids(many(19), 'auto')).toHaveLength(10);
		expect(ids(many(80), 'auto')).toEqual(['m79']);
	});
	it('have a window where one step leads to them', () => {
		const [before, layer] = [map('x', 4, 1), map('y', 4, 1, { window: [3, 9] })];
		expect(windowOn(before, layer, 1)).toEqual([3, 4]);
		expect(windowOn(before, layer, 2)).toBeNull();
		expect(windowOn(before, before, 1)).toBeNull();
		expect(windowOn(undefined, layer, 1)).toBeNull();
		expect(windowOn(make('v'), layer, 1)).toBeNull();
	});
});

describe('a figure in a file', () => {
	const valid = { id: 'x', kind: 'dense', shape: [3] };
	const read = (layer: object, more: object = {}) =>
		typeof parseDocument(
			JSON.stringify({ format: 'vitrine-figure', version: 1, layers: [{ ...valid, ...layer }], ...more })
		) !== 'string';
	it('may be as large as is said, and no larger', () => {
		expect(read({ shape: Array(6).fill(0) })).toBe(true);
		expect(read({ shape: Array(7).fill(1) })).toBe(false);
		expect([read({ shape: [1e9] }), read({ shape: [1e9 + 1] })]).toEqual([true, false]);
		expect([read({ id: '' }), read({ id: 'x'.repeat(300) }), read({ id: 'x'.repeat(301) })]).toEqual([
			false,
			true,
			false
		]);
		expect([read({ window: [1, 1e4] }), read({ window: [0, 1] }), read({ window: [1, 10_001] })]).toEqual([
			true,
			false,
			false
		]);
		expect([read({ window: [1, 0] }), read({ window: [10_001, 1] }), read({ window: null })]).toEqual([
			false,
			false,
			true
		]);
		expect([read({ parameters: 0 }), read({ parameters: -1 }), read({ parameters: 1e15 })]).toEqual([
			true,
			false,
			true
		]);
		expect([read({ parameters: 2e15 }), read({ parameters: 1.5 })]).toEqual([false, false]);
		expect([read({ inputs: Array(64).fill('') }), read({ inputs: Array(65).fill('') })]).toEqual([true, false]);
		expect([read({ group: Array(24).fill('g') }), read({ group: Array(25).fill('g') })]).toEqual([true, false]);
		expect([read({ colour: '' }), read({ colour: '#abcdef' }), read({ colour: 'red' })]).toEqual([true, true, false]);
		const key = (length: number) => ({ settings: { ['k'.repeat(length)]: 'v' } });
		expect([read({}, key(100)), read({}, key(101))]).toEqual([true, false]);
	});
	it('that says only what operators are called in code is drawn in a paper’s words', () => {
		const figure = parseDocument(
			JSON.stringify({
				format: 'vitrine-figure',
				version: 1,
				layers: [
					{ ...valid, type: 'Conv2D' },
					{ ...valid, id: 'own', type: 'Conv2D', word: 'Kernels' },
					{ ...valid, id: 'mine', type: 'Mine' },
					{ ...valid, id: 'silent', type: 'Identity' },
					...['Add', 'Multiply', 'Concatenate'].map((type) => ({ ...valid, id: type, kind: 'merge', type })),
					{ ...valid, id: 'block', kind: 'merge', type: 'Add', sign: '' }
				]
			})
		);
		const layers = typeof figure === 'string' ? [] : figure.layers;
		expect(layers.slice(0, 4).map(({ word }) => word)).toEqual(['Convolution', 'Kernels', null, '']);
		expect(layers.map(({ sign }) => sign)).toEqual(['', '', '', '', '+', '×', '', '']);
		expect(read({ sign: '/' })).toBe(false);
	});
	it('says where the fault is', () => {
		expect(parseDocument('{')).toBe('It is not valid JSON.');
		expect(
			parseDocument(JSON.stringify({ format: 'vitrine-figure', version: 1, layers: [{ ...valid, shape: [-1] }] }))
		).toMatch(/^layers\.0\.shape\.0: /);
	});
	it('is not read where no list of layers is so large', async () => {
		const text = JSON.stringify({ format: 'vitrine-figure', version: 1, layers: [valid] });
		const padded = (bytes: number) => new Blob([text, ' '.repeat(bytes - text.length)]);
		expect(await readFigure(padded(16 << 20))).toMatchObject({ layers: [{ id: 'x' }] });
		expect(await readFigure(padded((16 << 20) + 1))).toBe('It has more than 16 MB.');
	});
	it('may have every kind, and what is not said is as new layers are', () => {
		expect(KINDS.every((kind) => read({ kind }))).toBe(true);
		const figure = parseDocument(JSON.stringify({ format: 'vitrine-figure', version: 1, layers: [valid] }));
		expect(figure).toEqual({
			title: '',
			networkStyle: '',
			settings: {},
			layers: [newLayer('x', { shape: [3], type: '' })]
		});
	});
});
