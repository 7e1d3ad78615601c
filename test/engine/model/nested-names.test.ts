import { beforeAll, describe, expect, it } from 'vitest';
import { layersModel } from '#engine/model/layers/model.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';
import * as k from '../../tools/keras-files.ts';

/** Models within models whose layers and weights share names, against a forward pass in float64 by hand. */

beforeAll(() => useBackend('cpu'));

type Named = [name: string, weight: StoredWeight];
const relu = (x: number[]) => x.map((v) => Math.max(0, v));
const leaky = (x: number[], slope: number) => x.map((v) => (v > 0 ? v : slope * v));
const x = [0.3, -0.8, 0.5, 1.1];

/** The seeds of the weights say which index of the file they hold. */
const kernel = (seed: number): StoredWeight => k.stored([4, 4], seed);
const bias = (seed: number): StoredWeight => k.stored([4], seed);
const value = ({ values }: StoredWeight) => values as Float32Array;
const step = (input: number[], nth: number) => k.dense(input, value(kernel(2 * nth)), value(bias(2 * nth + 1)));

const units = { units: 4, use_bias: true };
const block = (name: string, slope: number, source: unknown, inner = 'dense') =>
	k.functional(
		name,
		[
			k.input('in', [4]),
			k.layer('Dense', inner, { ...units, activation: 'linear' }, 'in'),
			k.layer('LeakyReLU', 'act', { alpha: slope }, inner)
		],
		['in'],
		['act'],
		source
	);

async function outputOf(model: k.LayerFile, weights: Named[], warn = (_: string) => {}) {
	const opened = layersModel({ topology: k.topology(model), weights, warn });
	const feeds = opened.graph.inputs.map((id) => [id, tf.tensor2d([x])] as const);
	const [y] = opened.run(Object.fromEntries(feeds), opened.graph.outputs);
	const data = [...(await y!.data())];
	const { nodes } = opened.graph;
	expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
	const names = nodes.flatMap((node) => node.weights.map(({ name }) => name));
	opened.dispose();
	return { data, names, ids: nodes.map(({ id }) => id) };
}

/** Three nested models one after the other, then a layer of the same name in the whole. */
const three = () =>
	k.functional(
		'model',
		[
			k.input('image', [4]),
			block('a', 0.1, k.from('image')),
			block('b', 0.3, k.from(['a', 1, 0])),
			block('c', 0.5, k.from(['b', 1, 0])),
			k.layer('Dense', 'dense', units, ['c', 1, 0]),
			k.layer('LeakyReLU', 'act', { alpha: 0.7 }, 'dense')
		],
		['image'],
		['act']
	);
const threeRight = () => leaky(step(leaky(step(leaky(step(leaky(step(x, 0), 0.1), 1), 0.3), 2), 0.5), 3), 0.7);

const pairs = (names: (string | null)[], suffix = ''): Named[] =>
	names.flatMap((name, nth): Named[] => [
		[`${name}/kernel${suffix}`, kernel(2 * nth)],
		[`${name}/bias${suffix}`, bias(2 * nth + 1)]
	]);

describe('names that repeat across models', () => {
	it.each<[string, Named[]]>([
		['all equal', pairs(['dense', 'dense', 'dense', 'dense'])],
		['with the model in front', pairs(['a/dense', 'b/dense', 'c/dense', 'dense'])],
		['with the model in front, in another order', pairs(['a/dense', 'b/dense', 'c/dense', 'dense']).reverse()],
		['with the whole in front, too', pairs(['model/a/dense', 'model/b/dense', 'model/c/dense', 'model/dense'])],
		['numbered by layer', pairs(['dense', 'dense_1', 'dense_2', 'dense_3'])],
		[
			'numbered by weight',
			['', '_1', '_2', '_3'].flatMap((end, nth) =>
				pairs(['dense'], end).map(([name], i): Named => [name, i ? bias(2 * nth + 1) : kernel(2 * nth)])
			)
		],
		['in part with the model in front', pairs(['a/dense', 'dense', 'c/dense', 'dense'])]
	])('%s: the order in the file decides', async (_, weights) => {
		const { data, names, ids } = await outputOf(three(), weights);
		expectClose({ data }, { data: threeRight() }, { atol: 1e-6 });
		expect(new Set(names).size).toBe(8);
		expect(ids).toContain('b/act');
	});

	it('renamed, of one order and shape: accepted, and said', async () => {
		const messages: string[] = [];
		const weights = pairs(['x', 'y', 'z', 'w']).map(([, weight], i): Named => [`weight ${i}`, weight]);
		const { data } = await outputOf(three(), weights, (sentence) => messages.push(sentence));
		expectClose({ data }, { data: threeRight() }, { atol: 1e-6 });
		expect(messages.join()).toMatch(/do not bear the names/);
	});

	it.each<[string, Named[], RegExp]>([
		['one too few', pairs(['dense', 'dense', 'dense']), /cannot be told apart|is missing/],
		['one too many', pairs(['dense', 'dense', 'dense', 'dense', 'dense']), /cannot be told apart|could be/],
		[
			'names of the file in an order that is not the network’s',
			[pairs(['dense_3'])[0]!, ...pairs(['dense_2', 'dense_1', 'dense', 'dense'])],
			/cannot be told apart|is missing|could be/
		],
		[
			'another shape',
			[...pairs(['dense', 'dense', 'dense']), ['dense/kernel', k.stored([4, 5], 1)], ['dense/bias', bias(1)]],
			/has the shape \[4, 5\]/
		],
		['none', [], /"a\/dense\/kernel" is missing/]
	])('%s: refused by name', (_, weights, message) => {
		const before = tf.memory().numTensors;
		expect(() => layersModel({ topology: k.topology(three()), weights })).toThrow(message);
		expect(tf.memory().numTensors).toBe(before);
	});

	it('nested in nested, names equal across depth, a model that is used twice', async () => {
		// deep = dense -> (dense -> leaky .2) -> leaky .4; used twice in a Sequential in the whole.
		const deep = k.functional(
			'deep',
			[
				k.input('in', [4]),
				k.layer('Dense', 'dense', { ...units, activation: 'relu' }, 'in'),
				block('deep', 0.2, k.from('dense')),
				k.layer('LeakyReLU', 'act', { alpha: 0.4 }, ['deep', 1, 0])
			],
			['in'],
			['act']
		);
		const shared = { ...deep, inbound_nodes: [k.from('image')[0], k.from(['deep', 1, 0])[0]] };
		const whole = k.functional(
			'model',
			[k.input('image', [4]), shared, k.layer('Dense', 'dense', units, ['deep', 2, 0])],
			['image'],
			['dense']
		);
		const once = (v: number[]) => leaky(leaky(step(relu(step(v, 0)), 1), 0.2), 0.4);
		const right = step(once(once(x)), 2);
		for (const names of [
			['dense', 'dense', 'dense'],
			['deep/dense', 'deep/deep/dense', 'dense']
		]) {
			const { data, ids } = await outputOf(whole, pairs(names));
			expectClose({ data }, { data: right }, { atol: 1e-6 });
			expect(ids.filter((id) => id.endsWith('/act'))).toHaveLength(4);
		}
	});

	it('a Sequential in a Functional in a Sequential, uses counted from nought as some writers do', async () => {
		const inner = k.sequential(
			's',
			[k.layer('Dense', 'dense', { ...units, batch_input_shape: [null, 4] })],
			k.from('in')
		);
		const middle = k.functional(
			'm',
			[k.input('in', [4]), inner, k.layer('Dense', 'dense', { ...units, activation: 'relu' }, 's')],
			['in'],
			['dense']
		);
		const whole = k.sequential('whole', [middle, k.layer('Dense', 'dense', units)]);
		const { data } = await outputOf(whole, pairs(['dense', 'dense', 'dense']));
		expectClose({ data }, { data: step(relu(step(step(x, 0), 1)), 2) }, { atol: 1e-6 });
	});

	it('batch norms of one name: what is trained first, as Keras and TF.js write it, or layer by layer', async () => {
		const norm = (name: string, source: unknown) =>
			k.functional(
				name,
				[k.input('in', [4]), k.layer('BatchNormalization', 'bn', { epsilon: 0.001, axis: [1] }, 'in')],
				['in'],
				['bn'],
				source
			);
		const whole = k.functional(
			'model',
			[k.input('image', [4]), norm('a', k.from('image')), norm('b', k.from(['a', 1, 0]))],
			['image'],
			[['b', 1, 0]]
		);
		const roles = ['gamma', 'beta', 'moving_mean', 'moving_variance'];
		const positive = (weight: StoredWeight) => ({ ...weight, values: value(weight).map((v) => Math.abs(v) + 0.5) });
		const of = (nth: number, role: number): Named => {
			const weight = bias(10 * nth + role);
			return [`bn/${roles[role]}`, role === 3 ? positive(weight) : weight];
		};
		const norms = (v: number[], nth: number) => {
			const [gamma, beta, mean, variance] = roles.map((_, role) => value(of(nth, role)[1])) as [
				Float32Array,
				Float32Array,
				Float32Array,
				Float32Array
			];
			return v.map((n, i) => (gamma[i]! * (n - mean[i]!)) / Math.sqrt(variance[i]! + 0.001) + beta[i]!);
		};
		const layerwise = [0, 1].flatMap((nth) => [0, 1, 2, 3].map((role) => of(nth, role)));
		const trainedFirst = [
			[0, 1],
			[2, 3]
		].flatMap((some) => [0, 1].flatMap((nth) => some.map((role) => of(nth, role))));
		for (const weights of [layerwise, trainedFirst]) {
			const { data } = await outputOf(whole, weights);
			expectClose({ data }, { data: norms(norms(x, 0), 1) }, { atol: 1e-5 });
		}
		// Nameless, all eight are alike in shape: the orders contradict each other.
		const nameless = layerwise.map(([, weight], i): Named => [`w${i}`, weight]);
		expect(() => layersModel({ topology: k.topology(whole), weights: nameless })).toThrow(/cannot be told apart/);
	});

	it('names that every object has', async () => {
		const whole = k.functional(
			'__proto__',
			[
				k.input('constructor', [4]),
				k.layer('Dense', 'toString', { ...units, activation: 'relu' }, 'constructor'),
				k.layer('Dense', '__proto__', units, 'toString')
			],
			['constructor'],
			['__proto__']
		);
		const { data, ids } = await outputOf(whole, pairs(['toString', '__proto__']));
		expectClose({ data }, { data: step(relu(step(x, 0)), 1) }, { atol: 1e-6 });
		expect(ids).toEqual(['constructor', 'toString', 'toString/relu', '__proto__']);
	});
});
