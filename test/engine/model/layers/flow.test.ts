import { beforeAll, describe, expect, it } from 'vitest';
import type { GraphNode } from '#contracts/graph.ts';
import { layersModel } from '#engine/model/layers/model.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../../../close.ts';
import { useBackend } from '../../../tools/backends.ts';
import * as k from '../../../tools/keras-files.ts';

/** A plan laid out into nodes: their names, types, shapes and sources, and what is said of it. */

beforeAll(() => useBackend('cpu'));

type Weights = readonly (readonly [string, StoredWeight])[];
function opened(layers: k.LayerFile[], outputs: string[], weights: Weights = [], options = {}) {
	const messages: string[] = [];
	const inputs = layers.flatMap(({ class_name, name }) => (class_name === 'InputLayer' ? [name as string] : []));
	const topology = k.topology(k.functional('m', layers, inputs, outputs));
	const model = layersModel({ topology, weights, warn: (sentence) => messages.push(sentence), ...options });
	const nodes = new Map(model.graph.nodes.map((node) => [node.id, node]));
	const node = (id: string) => nodes.get(id) as GraphNode;
	return { model, messages, node, ids: [...nodes.keys()] };
}
const kernel = (name: string, shape: number[], seed = 1): [string, StoredWeight] => [name, k.stored(shape, seed)];

describe('inputs', () => {
	const of = (batch_input_shape: unknown, dtype: unknown = 'float32', options = {}) => {
		const input = { ...k.input('x', []), config: { name: 'x', batch_input_shape, dtype } };
		return opened([input, k.layer('Activation', 'a', { activation: 'relu' }, 'x')], ['a'], [], options).node('x');
	};
	it('have the shape that the file says; what is no size is open', () => {
		expect(of([null, 4]).shape).toEqual([null, 4]);
		expect(of([2, 4]).shape).toEqual([2, 4]);
		expect(of([0, 4]).shape).toEqual([null, 4]);
		expect(of([-1, -1, 3]).shape).toEqual([null, null, 3]);
		expect(of([null, null, null, 3], 'float32', { inputShape: [5, 6, 3] }).shape).toEqual([null, 5, 6, 3]);
		expect(() => of([null, null, null, 3])).toThrow('images of any size');
		expect(() => of(undefined)).toThrow('The input "x" does not say its shape.');
		expect(() => of([null, 0])).toThrow('The layer "x" (InputLayer) makes [?, 0]');
		// A model that does not run is not asked for a size.
		const obstacle = { kind: 'weights', message: 'Missing.', hint: '', nodes: [] };
		expect(of([null, null, null, 3], 'float32', { obstacle }).shape).toEqual([null, null, null, 3]);
	});

	it('hold numbers, whole ones or bits, and no text', () => {
		const types = ['float32', 'float16', 'int32', 'uint8', 'int64', 'bool', undefined, 7];
		expect(types.map((dtype) => of([null, 4], dtype).dtype)).toEqual([
			...['float32', 'float32', 'int32', 'int32', 'int32', 'bool', 'float32', 'float32']
		]);
		expect(() => of([null, 4], 'string')).toThrow('The model takes text');
	});
});

describe('nodes', () => {
	it('are a layer each, its activation one of its own; a layer that is used twice is two', () => {
		const dense = (name: string, config: object, ...from: string[]) =>
			k.layer('Dense', name, { units: 4, use_bias: false, ...config }, ...from);
		const shared = {
			...dense('d', { activation: 'tanh' }),
			inbound_nodes: [[['x', 0, 0, {}]], [['y', 0, 0, {}]]]
		};
		const sum = k.layer('Add', 'sum', {}, ['d', 0, 0], ['d', 1, 0]);
		const all = [k.input('x', [4]), k.input('y', [4]), shared, sum, dense('last', { activation: 'linear' }, 'sum')];
		const { model, ids, node } = opened(all, ['last'], [kernel('d/kernel', [4, 4]), kernel('last/kernel', [4, 4], 2)]);
		expect(ids).toEqual(['x', 'y', 'd', 'd/tanh', 'd#2', 'd#2/tanh', 'sum', 'last']);
		expect([node('d'), node('d#2')].map(({ weights }) => weights.map(({ name, role }) => [name, role]))).toEqual([
			[['d/kernel', 'kernel']],
			[['d/kernel', 'kernel']]
		]);
		expect(node('sum')).toMatchObject({ type: 'Add', inputs: ['d/tanh', 'd#2/tanh'], shape: [null, 4] });
		expect([model.graph.inputs, model.graph.outputs]).toEqual([['x', 'y'], ['last']]); // prettier-ignore
		model.dispose();
	});

	it('of models within models bear their names in front; a model that is used twice is two groups', () => {
		const inner = (inbound: unknown) =>
			k.functional('in', [k.input('i', [4]), k.layer('Activation', 'a', { activation: 'relu' }, 'i')], ['i'], ['a'], inbound); // prettier-ignore
		const both = inner([[['x', 0, 0, {}]], [['in', 1, 0, {}]]]);
		const { model, node, ids } = opened([k.input('x', [4]), both, k.layer('Activation', 'y', { activation: 'tanh' }, ['in', 2, 0])], ['y']); // prettier-ignore
		expect(ids).toEqual(['x', 'in/a', 'in#2/a', 'y']);
		expect([node('in/a').group, node('in#2/a').group, node('y').group]).toEqual([['in'], ['in#2'], []]);
		expect(node('in#2/a').inputs).toEqual(['in/a']);
		model.dispose();
		const lacking = inner([[['x', 0, 0, {}], ['x', 0, 0, {}]]]); // prettier-ignore
		expect(() => opened([k.input('x', [4]), lacking], ['in'])).toThrow('The model "in" wants 1 inputs and is given 2.');
	});

	it('channels first lie between two transpositions', () => {
		const first = (name: string, type: string, config: object, ...from: string[]) =>
			k.layer(type, name, { data_format: 'channels_first', ...config }, ...from);
		const all = [
			k.input('x', [2, 5, 6]),
			first('p', 'MaxPooling2D', { pool_size: [2, 3] }, 'x'),
			first('g', 'GlobalAveragePooling2D', {}, 'p')
		];
		const { model, node, ids } = opened(all, ['g']);
		expect(ids).toEqual(['x', 'p/channels_last', 'p', 'p/channels_first', 'g/channels_last', 'g']);
		expect(node('p/channels_last')).toMatchObject({ type: 'Transpose', shape: [null, 5, 6, 2], attributes: { permutation: [0, 2, 3, 1] } }); // prettier-ignore
		expect(node('p').shape).toEqual([null, 2, 2, 2]);
		expect(node('p/channels_first')).toMatchObject({ shape: [null, 2, 2, 2], attributes: { permutation: [0, 3, 1, 2] } }); // prettier-ignore
		expect(node('g')).toMatchObject({ shape: [null, 2] });
		model.dispose();
		// A list has no channels that could lie elsewhere.
		const flat = opened(
			[k.input('x', [4]), first('f', 'Dense', { units: 2, use_bias: false }, 'x')],
			['f'],
			[kernel('f/kernel', [4, 2])]
		);
		expect(flat.ids).toEqual(['x', 'f']);
		flat.model.dispose();
	});

	it('whose names are those of outputs, or none, get others', () => {
		const act = (name: string, from: string) => k.layer('Activation', name, { activation: 'relu' }, from);
		const { model, ids } = opened([k.input('x', [4]), act('a:1', 'x'), act('a', 'a:1')], ['a']);
		expect(ids).toEqual(['x', 'a_1', 'a']);
		model.dispose();
	});
});

describe('steps that are padding', () => {
	const masked = (...rest: k.LayerFile[]) => {
		const names = rest.map(({ name }) => name as string);
		return opened([k.input('x', [3, 2]), k.layer('Masking', 'm', {}, 'x'), ...rest], [names.at(-1) ?? 'm']);
	};
	it('are marked by nodes that pools and joined layers read', () => {
		const { model, node, messages } = masked(k.layer('GlobalAveragePooling1D', 'g', {}, 'm'));
		expect(node('m/mask')).toMatchObject({ type: 'StepMask', inputs: ['x'], shape: [null, 3], attributes: { value: 0, last: true } }); // prettier-ignore
		expect(node('m')).toMatchObject({ type: 'Masking', inputs: ['x', 'm/mask'], shape: [null, 3, 2] });
		expect(node('g')).toMatchObject({ type: 'MaskedAveragePool', inputs: ['m', 'm/mask'], shape: [null, 2] });
		expect(messages).toEqual([]);
		model.dispose();
		const kept = masked(k.layer('GlobalAveragePooling1D', 'g', { keepdims: true }, 'm'));
		expect(kept.node('g')).toMatchObject({ shape: [null, 1, 2], attributes: { keepDims: true } });
		kept.model.dispose();
	});

	it('of two sources count where both do', async () => {
		const { model, node } = masked(
			k.layer('Masking', 'n', { mask_value: 5 }, 'x'),
			k.layer('Add', 'sum', {}, 'm', 'n'),
			k.layer('GlobalAveragePooling1D', 'g', {}, 'sum')
		);
		expect(node('sum/mask')).toMatchObject({ type: 'Multiply', inputs: ['m/mask', 'n/mask'], shape: [null, 3] });
		const x = tf.tensor3d([[[0, 0], [5, 5], [1, 2]]]); // prettier-ignore
		const [g] = model.run({ x }, ['g']);
		// Only the third step is marked by neither.
		expect([...(await g!.data())]).toEqual([2, 4]);
		model.dispose();
	});

	it('are said where a layer would leave them out in Keras: one, two, or many', () => {
		const soft = (n: number) =>
			Array.from({ length: n }, (_, i) => k.layer('Softmax', `s${i}`, {}, i ? `s${i - 1}` : 'm'));
		const warningsOf = (n: number) => {
			const { model, messages } = masked(...soft(n));
			model.dispose();
			return messages.join();
		};
		expect(warningsOf(1)).toContain('and the layer "s0" would leave them out');
		expect(warningsOf(2)).toContain('and the layers "s0", "s1" would leave');
		expect(warningsOf(3)).toContain('and the layers "s0", "s1", "s2" would leave');
		expect(warningsOf(5)).toContain('and the layers "s0", "s1", "s2", 2 more would leave');
		expect(warningsOf(0)).toBe('');
	});
});

describe('what cannot be laid out', () => {
	it.each<[string, k.LayerFile[], string, string]>([
		[
			'a layer without inputs',
			[{ ...k.layer('Dense', 'd', { units: 2 }), inbound_nodes: [[]] }],
			'd',
			'The layer "d" (Dense) is given nothing.'
		],
		[
			'a shape without cells',
			[k.layer('Conv2D', 'c', { filters: 2, kernel_size: 5, padding: 'valid' }, 'x')],
			'c',
			'The layer "c" (Conv2D) makes [?, 0, 0, 2] of [?, 4, 4, 1], which is no shape.'
		],
		[
			'more than memory holds',
			[k.layer('UpSampling2D', 'u', { size: [8192, 8192] }, 'x')],
			'u',
			'which is more than memory holds.'
		],
		[
			'an output that a layer has not',
			[k.layer('Flatten', 'e', {}, 'x'), k.layer('Flatten', 'f', {}, ['e', 0, 1])],
			'f',
			'reads output 1 of the layer "e", which has none by that number'
		]
	])('%s', (_, layers, output, message) =>
		expect(() => opened([k.input('x', [4, 4, 1]), ...layers], [output])).toThrow(message)
	);
});

describe('settings of layers within', () => {
	const steps = [null, 2, 3];
	const within = (layer: object) => [k.input('x', steps.slice(1)), k.layer('TimeDistributed', 't', { layer }, 'x')];
	const dense = { units: 2, use_bias: false };
	it.each<[string, unknown]>([
		['a name that TF.js does not take', 'ü d'],
		['no name', undefined],
		['a number', 7],
		['a direction', 'forward_d'],
		['a direction alone', 'forward_']
	])('%s', async (_, name) => {
		const { model } = opened(
			within({ class_name: 'Dense', config: { ...dense, name } }),
			['t'],
			[kernel('t/kernel', [3, 2])]
		);
		const [y] = model.run({ x: tf.tensor3d([[[1, 0, 0], [0, 0, 2]]]) }, ['t']); // prettier-ignore
		const values = k.values([3, 2], 1);
		expectClose({ data: await y!.data() }, { data: [values[0]!, values[1]!, 2 * values[4]!, 2 * values[5]!] });
		model.dispose();
	});

	it('what has no type or no settings is not known', () => {
		for (const layer of [{ config: dense }, { class_name: 'Dense' }, { class_name: 7, config: {} }])
			expect(() => opened(within(layer), ['t'])).toThrow(
				'The layer "t" (TimeDistributed) wraps something that is no layer.'
			);
		for (const name of ['Nothing', 'toString']) {
			const { model } = opened(within({ class_name: name, config: {} }), ['t']);
			expect(model.obstacle).toMatchObject({
				kind: 'operations',
				message: `The layer "t" cannot be computed: its type "${name}" is not known to TF.js.`,
				nodes: ['t']
			});
			model.dispose();
		}
	});

	it('an activation that is a layer has that layer’s own slope', async () => {
		const outputOf = async (activation: object) => {
			const { model } = opened([k.input('x', [2]), k.layer('Activation', 'a', { activation }, 'x')], ['a']);
			const [y] = model.run({ x: tf.tensor2d([[-2, 3]]) }, ['a']);
			model.dispose();
			return [...(await y!.data())];
		};
		const elu = [Math.expm1(-2), 3];
		expectClose({ data: await outputOf({ class_name: 'ELU', config: {} }) }, { data: elu });
		expectClose({ data: await outputOf({ class_name: 'LeakyReLU', config: {} }) }, { data: [-0.6, 3] });
		expectClose({ data: await outputOf({ class_name: 'ELU', config: { alpha: 2 } }) }, { data: [2 * elu[0]!, 3] });
	});
});
