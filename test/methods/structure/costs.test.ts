import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { serialization } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Graph, GraphNode } from '#contracts/graph.ts';
import { mapLayer } from '#engine/model/layers/mapping.ts';
import { plainType } from '#engine/model/graph/mapping.ts';
import { operatorOf, operators } from '#engine/model/operators/index.ts';
import { openSource } from '#loaders/open-source.ts';
import { nodeCosts } from '#methods/structure/costs.ts';
import { useBackend } from '../../tools/backends.ts';
import { dataFolder, folderSource, loadContext } from '../../tools/files.ts';
import { graph, mobileNetV1, node } from '../../tools/networks.ts';

const WEIGHTED = /Conv|Dense|MatMul/;
const sum = (g: Graph, types: RegExp) => {
	const costs = nodeCosts(g);
	return g.nodes.filter(({ type }) => types.test(type)).reduce((all, { id }) => all + (costs.get(id)?.macs ?? NaN), 0);
};

const input = (shape: GraphNode['shape']) => node('x', 'Input', [], { shape });

describe('multiply-adds', () => {
	it('of MobileNetV1 are the published ones', () => {
		// Howard et al. 2017, tables 6 and 7: 569, 418 and 41 millions; 4.2 and 0.5 million parameters (with biases, norms).
		expect(sum(mobileNetV1(1), WEIGHTED)).toBe(568_740_352);
		expect(Math.round(sum(mobileNetV1(1, 192), WEIGHTED) / 1e6)).toBe(418);
		expect(Math.round(sum(mobileNetV1(0.25), WEIGHTED) / 1e6)).toBe(41);
		const parameters = [...nodeCosts(mobileNetV1(1)).values()].reduce((all, cost) => all + cost.parameters, 0);
		expect(parameters).toBe(4_209_088);
	});

	it('receptive fields are the published ones', () => {
		// Araujo, Norris & Sim 2019, table of MobileNet v1: 315.
		expect(nodeCosts(mobileNetV1(1)).get('b12/pw/relu')?.receptive).toEqual([315, 315]);
		expect(nodeCosts(mobileNetV1(1)).get('fc')?.receptive).toEqual([Infinity, Infinity]);
	});

	const kernel = (...shape: number[]) => [{ name: 'w', shape, dtype: 'float32', role: 'kernel' }];
	const cases: [string, Partial<GraphNode>, GraphNode['shape'], number | null][] = [
		['Conv1D', { shape: [null, 10, 4], weights: kernel(3, 2, 4) }, [null, 10, 2], 10 * 3 * 2 * 4],
		[
			'Conv3D',
			{ shape: [null, 2, 3, 4, 5], weights: [{ ...kernel(1, 2, 2, 3, 5)[0]!, role: '' }] },
			[null, 2, 3, 4, 3],
			24 * 60
		],
		['Conv2D', { shape: [null, 4, 4, 8], weights: kernel(3, 3, 2, 8) }, [null, 4, 4, 4], 16 * 9 * 2 * 8],
		['Conv2DTranspose', { shape: [null, 8, 8, 3], weights: kernel(2, 2, 3, 5) }, [null, 4, 4, 5], 16 * 4 * 15],
		['Dense', { shape: [null, 7, 5], weights: kernel(3, 5) }, [null, 7, 3], 7 * 15],
		['MatMul', { shape: [null, 4, 6] }, [null, 4, 9], 24 * 9],
		['MatMul', { shape: [null, 4, 6], attributes: { transposeA: true } }, [null, 9, 4], 24 * 9],
		['AveragePool2D', { shape: [null, 2, 2, 3], attributes: { size: [2, 2] } }, [null, 4, 4, 3], 12 * 4],
		['GlobalAveragePool', { shape: [null, 3] }, [null, 4, 4, 3], 48],
		['BatchNormalization', { shape: [null, 4, 4, 3] }, [null, 4, 4, 3], 48],
		['MaxPool2D', { shape: [null, 2, 2, 3] }, [null, 4, 4, 3], 0],
		['Upsample2D', { shape: [null, 8, 8, 3], attributes: { method: 'bilinear' } }, [null, 4, 4, 3], 4 * 192],
		[
			'LSTM',
			{ shape: [null, 5], weights: [kernel(3, 20)[0]!, { ...kernel(5, 20)[0]!, name: 'r', role: 'recurrent_kernel' }] },
			[null, 6, 3],
			6 * (60 + 100)
		],
		// A square of 9 per channel, then 1 × 1 from 3 to 5 channels, at each of 16 positions.
		[
			'SeparableConv2D',
			{
				shape: [null, 4, 4, 5],
				weights: [
					{ ...kernel(3, 3, 3, 1)[0]!, role: 'depthwise' },
					{ ...kernel(1, 1, 3, 5)[0]!, name: 'p', role: 'pointwise' }
				]
			},
			[null, 4, 4, 3],
			16 * (9 * 3 + 3 * 5)
		],
		['ResizeBilinear', { shape: [null, 8, 8, 3] }, [null, 4, 4, 3], 4 * 192],
		['Upsample2D', { shape: [null, 8, 8, 3], attributes: { method: 'nearest' } }, [null, 4, 4, 3], 0],
		['Add', { shape: [null, 8], inputs: ['x', 'x', 'x'] }, [null, 8], 2 * 8],
		['Subtract', { shape: [null, 8], inputs: ['x', 'x'] }, [null, 8], 8],
		['Conv2DDynamic', { shape: [null, 5, 5, 6], inputs: ['x', 'k'] }, [null, 5, 5, 2], 25 * 3 * 3 * 2 * 6],
		// Both matrices at each of six steps; its bias of two rows is added.
		[
			'GRU',
			{
				shape: [null, 5],
				weights: [
					kernel(3, 15)[0]!,
					{ ...kernel(5, 15)[0]!, name: 'r', role: 'recurrent_kernel' },
					{ ...kernel(2, 15)[0]!, name: 'b', role: 'bias' }
				]
			},
			[null, 6, 3],
			6 * (45 + 75)
		],
		['Einsum', { shape: [null, 5] }, [null, 6], null]
	];
	it.each(cases)('of %s (%#) by hand', (type, change, from, expected) => {
		const computed = node('k', 'Input', [], { shape: [3, 3, 2, 6] });
		expect(nodeCosts(graph([input(from), computed, node('y', type, ['x'], change)])).get('y')?.macs).toBe(expected);
	});

	it('count a shared weight once', () => {
		const weights = kernel(8, 8);
		const shared = graph([
			input([null, 8]),
			node('a', 'Dense', ['x'], { weights }),
			node('b', 'Dense', ['a'], { weights })
		]);
		expect([...nodeCosts(shared).values()].map(({ parameters }) => parameters)).toEqual([0, 64, 0]);
	});
});

describe('every operator that a model can have', () => {
	const folder = 'node_modules/@tensorflow/tfjs-converter/dist/operations/op_list';
	const refused =
		/^(LoopCond|Switch|Merge|Enter|Exit|NextIteration|(Stateless)?(If|While)|TensorArray\w*|TensorList\w*|EmptyTensorList|NonMaxSuppression\w*|Where|ListDiff|HashTable\w*|LookupTable\w*|InitializeTable\w*|String\w*|StaticRegexReplace|Ragged\w*|SimpleML\w*)$/;

	it('of TensorFlow has its entry', async () => {
		const files = readdirSync(folder).filter((name) => name.endsWith('.js') && !name.includes('test'));
		const lists = await Promise.all(
			files.map(
				async (file) =>
					((await import(join(process.cwd(), folder, file))) as { json?: { tfOpName: string }[] }).json ?? []
			)
		);
		const ops = lists.flat().map(({ tfOpName }) => tfOpName);
		expect(ops.length).toBeGreaterThan(200);
		const types = ops.filter((op) => !refused.test(op)).map(plainType);
		expect(types.filter((type) => !operators.has(type))).toEqual([]);
	});

	it('of Keras has its entry', () => {
		const classes = Object.keys(serialization.SerializationMap.getMap().classNameMap);
		const config = {
			axis: -1,
			padding: [
				[1, 1],
				[1, 1]
			],
			dims: [1, 2],
			activation: 'relu'
		};
		const types = classes
			.filter((name) => isLayer(name) && !name.startsWith('Vitrine'))
			.map((name) => mapLayer(name, config as never, {}, { shape: [null, 8, 8, 4], byTfjs: false })?.type ?? name);
		expect(types.length).toBeGreaterThan(50);
		expect(types.filter((type) => !operators.has(type))).toEqual([]);
	});

	it('that is unknown says so', () => {
		expect(operators.has('toString')).toBe(false);
		expect(operatorOf('toString')).toMatchObject({ family: 'other', figure: 'other', compute: null });
		expect(operatorOf('MyOwnOp').note).toContain('MyOwnOp');
		expect(operatorOf('MyOwnConv2D')).toMatchObject({ family: 'weighted', figure: 'convolution', word: 'MyOwnConv2D' });
		expect(nodeCosts(graph([input([null, 4]), node('y', 'MyOwnOp', ['x'])])).get('y')?.macs).toBeNull();
	});
});

/** Not models, cells' bases and helpers of training. */
function isLayer(name: string): boolean {
	return !/^([a-z].*|Ada\w+|SGD|RMSProp|Momentum|Sequential|Functional|Model|InputLayer|L1L2|.*(Constraint|Norm|Initializer|Optimizer|Uniform|Normal|Cell|Task|Preprocessor|Tokenizer|LM|Backbone|Packer|Decoder|PipelineModel)|Zeros|Ones|Constant|Identity|Orthogonal|NonNeg|VarianceScaling|CustomInit|SeparableConv|GPT2\w*)$/.test(
		name
	);
}

describe('shipped models', () => {
	beforeAll(() => useBackend('wasm'));
	it.each(['digits', 'photos', 'shortcut'])('%s is counted whole', async (name) => {
		const only = (path: string) => /model\.(json|bin)$/.test(path);
		const { model } = await openSource(folderSource(join('models', name), only), loadContext());
		const costs = nodeCosts(model.graph);
		expect([...costs.values()].every(({ macs }) => macs !== null)).toBe(true);
		const weights = new Map(
			model.graph.nodes.flatMap((one) => one.weights.map((weight) => [weight.name, weight.shape]))
		);
		const size = [...weights.values()].reduce((all, shape) => all + shape.reduce((a, b) => a * b, 1), 0);
		expect([...costs.values()].reduce((all, cost) => all + cost.parameters, 0)).toBe(size);
		// Every convolution by its own formula, from the tensors' true shapes.
		let hand = 0;
		for (const one of model.graph.nodes) {
			const own = one.weights.find(({ role }) => role === 'kernel');
			if (!own) continue;
			const cells = one.shape.slice(1, -1).reduce<number>((a, b) => a * (b ?? 1), 1);
			hand += cells * own.shape.reduce((a, b) => a * b, 1);
		}
		expect(sum(model.graph, WEIGHTED)).toBe(hand);
		model.dispose();
	});

	it.runIf(dataFolder)(
		'MobileNetV1 0.25 as published has 41 million multiply-adds and 0.47 million parameters',
		async () => {
			const path = join(dataFolder as string, 'real-models/tfjs-layers/mobilenet_v1_025_224-imagenet');
			const { model } = await openSource(folderSource(path), loadContext());
			expect(Math.round(sum(model.graph, WEIGHTED) / 1e6)).toBe(41);
			const parameters = [...nodeCosts(model.graph).values()].reduce((all, cost) => all + cost.parameters, 0);
			// Keras' own summary of this model: 475,544.
			expect(parameters).toBe(475_544);
			model.dispose();
		}
	);
});
