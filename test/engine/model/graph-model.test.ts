import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { graphModel } from '#engine/model/graph/model.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';
import { conv, float, ints, list, s } from '../../tools/graph-attributes.ts';

interface Def {
	name: string;
	op: string;
	input?: string[];
	attr?: Record<string, unknown>;
}

const drawn = ([...shape]: number[], seed: number): number[] => {
	const size = shape.reduce((a, b) => a * b, 1);
	return Array.from({ length: size }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed) * 0.6);
};
const weights = new Map<string, StoredWeight>();
function constant(name: string, shape: number[], values: number[], dtype: 'float32' | 'int32' = 'float32'): Def {
	weights.set(name, { shape, dtype, values: dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values) });
	const type = { type: dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT' };
	return {
		name,
		op: 'Const',
		attr: {
			dtype: type,
			value: { tensor: { dtype: type.type, tensorShape: { dim: shape.map((n) => ({ size: String(n) })) } } }
		}
	};
}

/** A residual network as converters write it: fused operations, folded norms, a skip, control edges, dynamic reshape. */
function definition(): Def[] {
	return [
		{
			name: 'x',
			op: 'Placeholder',
			attr: { dtype: float, shape: { shape: { dim: [-1, 6, 6, 2].map((size) => ({ size: String(size) })) } } }
		},
		constant('k1', [3, 3, 2, 4], drawn([3, 3, 2, 4], 1)),
		constant('b1', [4], drawn([4], 2)),
		{
			name: 'net/a',
			op: '_FusedConv2D',
			input: ['x', 'k1', 'b1'],
			attr: { ...conv, fused_ops: list('BiasAdd', 'Relu6'), num_args: { i: '1' }, epsilon: { f: 0 } }
		},
		constant('k2', [3, 3, 4, 1], drawn([3, 3, 4, 1], 3)),
		constant('b2', [4], drawn([4], 4)),
		{
			name: 'net/b',
			op: 'FusedDepthwiseConv2dNative',
			input: ['net/a', 'k2', 'b2', '^x'],
			attr: { ...conv, fused_ops: list('BiasAdd', 'Elu'), num_args: { i: '1' } }
		},
		{ name: 'net/c', op: 'AddV2', input: ['net/a', 'net/b'], attr: { T: float } },
		...['gamma', 'beta', 'mean'].map((name, i) => constant(name, [4], drawn([4], 5 + i))),
		constant('variance', [4], [0.5, 1, 2, 0.7]),
		{
			name: 'net/d',
			op: 'FusedBatchNormV3',
			input: ['net/c', 'gamma', 'beta', 'mean', 'variance'],
			attr: { T: float, epsilon: { f: 0.001 }, data_format: s('NHWC'), is_training: { b: false } }
		},
		{
			name: 'net/e',
			op: 'MaxPool',
			input: ['net/d'],
			attr: {
				ksize: ints(1, 2, 2, 1),
				strides: ints(1, 2, 2, 1),
				padding: s('VALID'),
				data_format: s('NHWC'),
				T: float
			}
		},
		constant('kt', [2, 2, 3, 4], drawn([2, 2, 3, 4], 9)),
		constant('size', [4], [1, 6, 6, 3], 'int32'),
		{
			name: 'net/t',
			op: 'Conv2DBackpropInput',
			input: ['size', 'kt', 'net/e'],
			attr: { ...conv, strides: ints(1, 2, 2, 1) }
		},
		constant('axes', [2], [1, 2], 'int32'),
		{ name: 'net/f', op: 'Mean', input: ['net/t', 'axes'], attr: { keep_dims: { b: false }, T: float } },
		constant('w', [3, 5], drawn([3, 5], 10)),
		constant('bw', [5], drawn([5], 11)),
		{
			name: 'logits',
			op: '_FusedMatMul',
			input: ['net/f', 'w', 'bw'],
			attr: {
				fused_ops: list('BiasAdd'),
				num_args: { i: '1' },
				transpose_a: { b: false },
				transpose_b: { b: false },
				T: float
			}
		},
		{ name: 'y', op: 'Softmax', input: ['logits'], attr: { T: float } },
		{ name: 'out', op: 'Identity', input: ['y:0'], attr: { T: float } }
	];
}

const build = (node: Def[] = definition()) => graphModel({ topology: { node }, weights });

describe.each(['cpu', 'wasm'] as const)('a graph model on %s', (backend) => {
	beforeAll(() => useBackend(backend));

	it('computes what the converter computes, also in the middle, and its gradient matches a central difference', async () => {
		const model = build();
		const specs = [...weights].map(([name, { shape, dtype }]) => ({ name, shape, dtype }));
		const weightData = await new Blob(
			[...weights.values()].map(({ values }) => new Uint8Array(values!.buffer as ArrayBuffer))
		).arrayBuffer();
		const original = await loadGraphModel({
			load: () =>
				Promise.resolve({
					modelTopology: { node: definition(), versions: { producer: 1 } },
					weightSpecs: specs,
					weightData
				})
		});
		const x = tf.randomNormal<tf.Rank.R4>([1, 6, 6, 2], 0, 1, 'float32', 21);
		const names = ['out', 'net/d', 'logits', 'net/a'];
		// The reference runs on the CPU: the fused depthwise kernel of WASM leaves its output unwritten for Elu.
		await tf.setBackend('cpu');
		const expected = original.execute({ x }, names) as tf.Tensor[];
		await tf.setBackend(backend);
		const before = tf.memory().numTensors;
		const actual = model.run({ x }, names);
		expect(tf.memory().numTensors).toBe(before + names.length);
		for (const [i, tensor] of actual.entries())
			expectClose(
				{ shape: tensor.shape, data: await tensor.data() },
				{ shape: expected[i]!.shape, data: await expected[i]!.data() },
				{ rtol: 1e-4, atol: 1e-5 }
			);

		const score = (input: tf.Tensor) =>
			tf.sum(tf.slice(model.run({ x: input }, ['logits'])[0] as tf.Tensor2D, [0, 1], [1, 1]));
		const gradient = tf.grad(score)(x);
		const v = tf.randomNormal(x.shape, 0, 1, 'float32', 22);
		const eps = 2e-3;
		const difference = tf.div(tf.sub(score(tf.add(x, tf.mul(v, eps))), score(tf.sub(x, tf.mul(v, eps)))), 2 * eps);
		expectClose(
			{ data: await tf.sum(tf.mul(gradient, v)).data() },
			{ data: await difference.data() },
			{ rtol: 3e-2, atol: 3e-3 }
		);

		// From a fed node on, with the skip's other end computed from the input.
		const [b] = model.run({ x }, ['net/b']) as [tf.Tensor];
		const cut = model.run({ x, 'net/b': b }, ['out'])[0] as tf.Tensor;
		expectClose({ data: await cut.data() }, { data: await actual[0]!.data() }, { atol: 1e-6 });
		model.dispose();
	});

	it('is plain data: neutral types, weights by node, parts of fused operations, shapes from a run', () => {
		const { graph } = build();
		expect(structuredClone(graph)).toEqual(graph);
		const types = Object.fromEntries(graph.nodes.map(({ id, type }) => [id, type]));
		expect(types).toMatchObject({
			'net/a/Conv2D': 'Conv2D',
			'net/a': 'Relu6',
			'net/b/DepthwiseConv2D': 'DepthwiseConv2D',
			'net/c': 'Add',
			'net/t': 'Conv2DTranspose',
			logits: 'Dense'
		});
		const node = graph.nodes.find(({ id }) => id === 'net/e');
		expect(node?.shape).toEqual([null, 3, 3, 4]);
		expect(graph.nodes.find(({ id }) => id === 'logits')?.weights.map(({ name }) => name)).toEqual(['w', 'bw']);
		expect(graph.inputs).toEqual(['x']);
		expect(graph.outputs).toEqual(['out']);
	});

	it.each<[string, Def[], RegExp]>([
		['a missing node', [...definition(), { name: 'z', op: 'Relu', input: ['nowhere'] }], /"z" reads "nowhere"/],
		['nothing', [], /no graph in it/]
	])('refuses %s by name', (_, node, message) => {
		const before = tf.memory().numTensors;
		expect(() => build(node)).toThrow(message);
		expect(tf.memory().numTensors).toBe(before);
	});

	it.each<[string, Def[], string[], RegExp]>([
		[
			'a loop',
			[...definition(), { name: 'loop', op: 'While', input: ['out'] }],
			['loop'],
			/^The operation “loop” \(While\) decides while it runs what is computed\.$/
		],
		[
			'an unknown operation',
			[...definition(), { name: 'z', op: 'Fancy', input: ['out'] }],
			['z'],
			/^The operation “z” \(Fancy\) is not known\.$/
		],
		[
			'a name of all objects',
			[...definition(), { name: 'z', op: 'constructor', input: ['out'] }],
			['z'],
			/\(constructor\)/
		],
		[
			'channels first',
			definition().map((def) =>
				def.name === 'net/e' ? { ...def, attr: { ...def.attr, data_format: s('NCHW') } } : def
			),
			['net/e'],
			/"net\/e" \(MaxPool\) is laid out channels first/
		]
	])('with %s opens, names it, and does not run', async (_, node, nodes, message) => {
		// Of the tests before.
		tf.disposeVariables();
		const before = tf.memory().numTensors;
		const model = build(node);
		expect(model.obstacle?.message).toMatch(message);
		expect(model.obstacle?.nodes).toEqual(nodes);
		expect(() => model.run({ x: tf.zeros([1, 6, 6, 2]) }, model.graph.outputs)).toThrow(message);
		const shapes = new Map(model.graph.nodes.map((one) => [one.id, one.unknown ? null : one.shape]));
		expect(shapes.get('net/d')).toEqual([null, 6, 6, 4]);
		expect(shapes.get(nodes[0]!)).toBeNull();
		expect((await model.weight('k1').data()).length).toBe(72);
		model.dispose();
		tf.disposeVariables();
		expect(tf.memory().numTensors).toBe(before + 1);
	});
});

/** `while (i < 3) { i += 1 }` as TF1 writes it: frames, a ring through NextIteration. */
const loop = (): Def[] => [
	{ name: 'x', op: 'Placeholder', attr: { dtype: float, shape: { shape: { dim: [{ size: '1' }] } } } },
	{ name: 'loop/Enter', op: 'Enter', input: ['x'], attr: { frame_name: s('frame') } },
	{ name: 'loop/Merge', op: 'Merge', input: ['loop/Enter', 'loop/Next'] },
	constant('three', [], [3]),
	{ name: 'loop/Less', op: 'Less', input: ['loop/Merge', 'three'] },
	{ name: 'loop/Cond', op: 'LoopCond', input: ['loop/Less'] },
	{ name: 'loop/Switch', op: 'Switch', input: ['loop/Merge', 'loop/Cond'] },
	{ name: 'loop/Add', op: 'AddV2', input: ['loop/Switch:1', 'three'] },
	{ name: 'loop/Next', op: 'NextIteration', input: ['loop/Add'] },
	{ name: 'loop/Exit', op: 'Exit', input: ['loop/Switch'] },
	{ name: 'out', op: 'Identity', input: ['loop/Exit'] }
];

describe('control flow of TF1', () => {
	beforeAll(() => useBackend('cpu'));

	it('opens as a graph without rings whose loop is named', () => {
		const { graph, obstacle } = build(loop());
		expect(obstacle?.message).toBe(
			'6 operations decide while they run what is computed: Enter, Merge, LoopCond, Switch, Exit and 1 more kind.'
		);
		expect(new Set(obstacle?.nodes)).toEqual(
			new Set(['loop/Enter', 'loop/Merge', 'loop/Cond', 'loop/Switch', 'loop/Next', 'loop/Exit'])
		);
		expect(graph.nodes.map(({ id }) => id)).toEqual(expect.arrayContaining(['loop/Less', 'loop/Add', 'out']));
		const indices = new Map(graph.nodes.map(({ id }, i) => [id, i]));
		for (const [i, node] of graph.nodes.entries())
			for (const input of node.inputs)
				expect(indices.get(input.split(':')[0]!), `${node.id} reads ${input}`).toBeLessThan(i);
	});

	it('leaves an open size open: there is no use in asking for it', () => {
		const node = loop();
		node[0] = {
			...node[0]!,
			attr: { dtype: float, shape: { shape: { dim: [1, -1, -1, 3].map((n) => ({ size: String(n) })) } } }
		};
		expect(build(node).graph.nodes.find(({ id }) => id === 'x')?.shape).toEqual([1, null, null, 3]);
	});
});
