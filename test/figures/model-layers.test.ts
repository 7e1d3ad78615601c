import { readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Graph } from '#contracts/graph.ts';
import { traitsOf } from '#engine/model/operators/index.ts';
import { validParameters } from '#contracts/parameter.ts';
import { parameterCount } from '#engine/model/inspect.ts';
import { openSource } from '#loaders/open-source.ts';
import { skipsOf } from '#maths/figures/chain.ts';
import { mapText, sizeText } from '#maths/figures/layer.ts';
import { DEFAULT_STYLE } from '#maths/figures/style.ts';
import { svgText } from '#maths/figures/svg.ts';
import { kernelSlices } from '#workers/compute/kernels.ts';
import * as tf from '#engine/tf.ts';
import { drawnLayers, figureScene } from '../../src/views/figures/figure.ts';
import { networkStyles, type NetworkStyle } from '../../src/views/figures/network-style.ts';
import { modelLayers } from '../../src/views/figures/model-layers.ts';
import { useBackend } from '../tools/backends.ts';
import { dataFolder, folderSource, loadContext } from '../tools/files.ts';
import { colliding, sceneTexts } from './boxes.ts';

const only = (path: string) => /(^|\/)model\.(json|bin)$/.test(path);

async function graphOf(folder: string, filter: (path: string) => boolean = () => true): Promise<Graph> {
	const { model } = await openSource(folderSource(folder, filter), loadContext());
	const { graph } = model;
	model.dispose();
	return graph;
}

function figure(graph: Graph, networkStyle: NetworkStyle, given: Record<string, unknown> = {}) {
	const layers = modelLayers(graph);
	const options = validParameters(networkStyle.options, given);
	const scene = figureScene({ title: 'T', layers, networkStyle, options, style: DEFAULT_STYLE, slices: new Map() });
	return { layers, scene, drawn: drawnLayers({ layers, networkStyle, options }), words: sceneTexts(scene) };
}

const get = (id: string) => networkStyles.get(id) as NetworkStyle;

beforeAll(() => useBackend('cpu'));

const names = readdirSync('models').filter((name) => existsSync(join('models', name, 'model.json')));

describe.each(names)('figures of the sample model %s', (name) => {
	let graph: Graph;
	beforeAll(async () => {
		graph = await graphOf(join('models', name), only);
	});

	it('have its layers, each once, with all its parameters', () => {
		const layers = modelLayers(graph);
		expect(new Set(layers.map(({ id }) => id)).size).toBe(layers.length);
		expect(layers.reduce((sum, layer) => sum + layer.parameters, 0)).toBe(parameterCount(graph));
		expect(layers.at(-1)).toMatchObject({ kind: 'dense', activation: 'Softmax' });
	});

	it.each([...networkStyles.keys()])('in the style %s name them and their sizes', (id) => {
		const { drawn, words, scene } = figure(graph, get(id));
		expect(drawn.length).toBeGreaterThan(1);
		for (const layer of drawn) {
			if (layer.kind === 'merge' && id !== 'blocks') continue;
			expect(words.join('\n')).toContain(layer.name);
			if (id === 'lenet') expect(words).toContain(mapText(layer.shape));
			if (id === 'blocks') expect(words).toContain(`(None, ${layer.shape.join(', ')})`);
			if (id === 'alexnet') for (const n of layer.shape) expect(words).toContain((n ?? 0).toLocaleString('en'));
			expect(scene.description).toContain(sizeText(layer.shape));
		}
		expect(colliding(scene.elements)).toEqual([]);
	});
});

describe('figures of known networks', () => {
	it('digits: the dense part in circles, the rest in maps', async () => {
		const graph = await graphOf('models/digits', only);
		expect(figure(graph, get('fcnn')).drawn.map(({ id }) => id)).toEqual(['flatten', 'hidden', 'digits']);
		expect(figure(graph, get('lenet')).drawn.map(({ id }) => id)).toEqual([
			'image',
			'conv1',
			'pool1',
			'conv2',
			'pool2',
			'hidden',
			'digits'
		]);
		const { words } = figure(graph, get('lenet'));
		expect(words.filter((word) => word === 'Convolution 3×3')).toHaveLength(2);
		expect(words).toEqual(expect.arrayContaining(['16@28×28', '32@7×7', 'Max-pooling 2×2']));
	});

	it('photos: its three residual blocks are three skips', async () => {
		const graph = await graphOf('models/photos', only);
		for (const id of ['lenet', 'alexnet']) {
			const { drawn } = figure(graph, get(id));
			const ids = skipsOf(drawn).map(({ from, to }) => [drawn[from]?.id, drawn[to]?.id]);
			expect(ids).toEqual([
				['stage1_pool', 'stage1_add'],
				['stage2_pool', 'stage2_add'],
				['stage3_conv', 'stage3_add']
			]);
		}
	});

	it('digits: edges are the weights of the file', async () => {
		const { model } = await openSource(folderSource('models/digits', only), loadContext());
		const [{ kernel, rows, columns, layer }] = (get('fcnn').slices?.(
			figure(model.graph, get('fcnn'), { most: 5 }).drawn,
			validParameters(get('fcnn').options, { most: 5 })
		) ?? []) as [{ kernel: string; rows: number[]; columns: number[]; layer: string }];
		expect({ kernel, layer, rows, columns }).toEqual({
			kernel: 'hidden/kernel',
			layer: 'hidden',
			rows: [0, 1, 2, 1566, 1567],
			columns: [0, 1, 2, 62, 63]
		});
		const before = tf.memory().numTensors;
		const [slice] = await kernelSlices(model, [{ kernel, rows, columns }], new AbortController().signal);
		expect(tf.memory().numTensors).toBe(before);
		const whole = await model.weight(kernel).data();
		rows.forEach((row, i) => columns.forEach((column, j) => expect(slice?.[i * 5 + j]).toBe(whole[row * 64 + column])));
		const bad = [
			{ kernel: 'hidden/bias', rows: [0], columns: [0] },
			{ kernel, rows: [1568], columns: [0] },
			{ kernel, rows: [0.5], columns: [0] },
			{ kernel, rows: [], columns: [0] }
		];
		for (const one of bad)
			await expect(kernelSlices(model, [one], new AbortController().signal)).rejects.toThrow(/has no such part/);
		model.dispose();
	});
});

describe('reading a graph', () => {
	const node = (id: string, type: string, inputs: string[], more: Partial<Graph['nodes'][number]> = {}) => ({
		id,
		type,
		inputs,
		attributes: {},
		shape: [null, 4],
		dtype: 'float32',
		weights: [],
		group: [],
		...more
	});

	it('joins an activation of the layer itself, not one that stands alone or is used twice', () => {
		const nodes = [
			node('x', 'Input', []),
			node('a', 'Dense', ['x']),
			node('a/relu', 'Relu', ['a']),
			node('b', 'Dense', ['a/relu']),
			node('act', 'Relu', ['b']),
			node('c', 'Dense', ['act']),
			node('c/tanh', 'Tanh', ['c']),
			node('sum', 'Add', ['c', 'c/tanh']),
			// Fused operations of graph models: the whole has the short name.
			node('d/Conv2D', 'Conv2D', ['sum']),
			node('d', 'Relu', ['d/Conv2D'], { attributes: { max: 6 } })
		];
		const graph: Graph = { nodes, inputs: ['x'], outputs: ['d'], operators: traitsOf(nodes) };
		const layers = modelLayers(graph);
		expect(layers.map(({ id, activation }) => `${id}:${activation}`)).toEqual([
			'x:',
			'a:ReLU',
			'b:',
			'act:',
			'c:',
			'c/tanh:',
			'sum:',
			'd/Conv2D:ReLU6'
		]);
		expect(layers.at(-1)?.name).toBe('d');
		expect(layers.find(({ id }) => id === 'sum')?.inputs).toEqual(['c', '']);
		expect(layers.find(({ id }) => id === 'b')?.inputs).toEqual(['']);
	});

	it('puts nested models into frames, folds them, or does neither', () => {
		const nodes = [
			node('x', 'Input', []),
			node('m/a', 'Dense', ['x'], { group: ['m'], weights: [{ name: 'k', shape: [4, 4], dtype: 'float32' }] }),
			node('m/b', 'Dense', ['m/a'], { group: ['m'] }),
			node('y', 'Dense', ['m/b'])
		];
		const graph: Graph = { nodes, inputs: ['x'], outputs: ['y'], operators: traitsOf(nodes) };
		expect(figure(graph, get('blocks')).words).toEqual(expect.arrayContaining(['m', 'a (Dense)', 'b (Dense)']));
		const folded = figure(graph, get('blocks'), { nested: 'folded' }).words;
		expect(folded).toContain('m (2 layers)');
		expect(folded).toContain('16 parameters');
		expect(folded).not.toContain('a (Dense)');
		expect(figure(graph, get('blocks'), { nested: 'flat' }).words).not.toContain('m');
	});
});

describe.runIf(dataFolder)('figures of public models', () => {
	const folders = ['mobilenet_v1_025_128', 'mobilenet_v2_100_224'];
	it.each(folders)('%s fits a page and draws fast enough', async (name) => {
		const graph = await graphOf(join(dataFolder as string, 'imagenet-models', name));
		for (const networkStyle of networkStyles.values()) {
			const { drawn, scene, layers } = figure(graph, networkStyle);
			expect(colliding(scene.elements)).toEqual([]);
			expect(layers.reduce((sum, layer) => sum + layer.parameters, 0)).toBe(parameterCount(graph));
			if (networkStyle.id !== 'blocks') expect(drawn.length).toBeLessThanOrEqual(18);
			expect(svgText(scene)).toContain('</svg>');
		}
	});
});
