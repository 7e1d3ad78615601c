import { beforeAll, describe, expect, it } from 'vitest';
import { layersModel } from '#engine/model/layers/model.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';
import * as k from '../../tools/keras-files.ts';

/** Settings of Keras 2 and 3 that TF.js does not know or reads otherwise, against their formulas in float64. */

beforeAll(() => useBackend('cpu'));

const xs = [-7, -3.2, -2.5, -1, -0.51, -0.5, -0.2, 0, 0.3, 0.5, 0.9, 1.7, 2.6, 3.4, 8];
type Weights = readonly (readonly [string, StoredWeight])[];

async function run(topology: unknown, x: tf.Tensor, weights: Weights = []) {
	const model = layersModel({ topology, weights });
	const [y] = model.run({ [model.graph.inputs[0]!]: x }, model.graph.outputs);
	const result = { shape: y!.shape, data: [...(await y!.data())] };
	const declared = model.graph.nodes.find(({ id }) => id === model.graph.outputs[0])?.shape;
	expect(declared?.slice(1)).toEqual(y!.shape.slice(1));
	model.dispose();
	return result;
}

const erf = (x: number) => {
	// Its series; exact enough within 5.
	if (Math.abs(x) > 5) return Math.sign(x);
	let [sum, term] = [x, x];
	for (let n = 1; n < 120; n++) sum += (term *= (-x * x) / n) / (2 * n + 1);
	return (2 / Math.sqrt(Math.PI)) * sum;
};
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const clip = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);
const softplus = (x: number) => Math.log1p(Math.exp(x));

const ELEMENTWISE: Readonly<Record<string, (x: number) => number>> = {
	relu: (x) => Math.max(0, x),
	relu6: (x) => clip(x, 0, 6),
	leaky_relu: (x) => (x > 0 ? x : 0.2 * x),
	elu: (x) => (x > 0 ? x : Math.expm1(x)),
	selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
	celu: (x) => Math.max(0, x) + Math.min(0, Math.expm1(x)),
	sigmoid,
	log_sigmoid: (x) => Math.log(sigmoid(x)),
	sparse_sigmoid: (x) => clip((x + 1) / 2, 0, 1),
	tanh: Math.tanh,
	hard_tanh: (x) => clip(x, -1, 1),
	tanh_shrink: (x) => x - Math.tanh(x),
	soft_shrink: (x) => (x > 0.5 ? x - 0.5 : x < -0.5 ? x + 0.5 : 0),
	hard_shrink: (x) => (Math.abs(x) > 0.5 ? x : 0),
	softplus,
	sparse_plus: (x) => (x <= -1 ? 0 : x >= 1 ? x : (x + 1) ** 2 / 4),
	squareplus: (x) => (x + Math.sqrt(x * x + 4)) / 2,
	softsign: (x) => x / (1 + Math.abs(x)),
	exponential: Math.exp,
	swish: (x) => x * sigmoid(x),
	silu: (x) => x * sigmoid(x),
	hard_silu: (x) => (x * clip(x + 3, 0, 6)) / 6,
	hard_swish: (x) => (x * clip(x + 3, 0, 6)) / 6,
	mish: (x) => x * Math.tanh(softplus(x)),
	gelu: (x) => (x * (1 + erf(x / Math.SQRT2))) / 2
};

describe('activations by name', () => {
	const all = Object.entries(ELEMENTWISE).flatMap(([name, f]) =>
		(['2.15.0', '3.5.0'] as const).map((version) => [name, version, f] as const)
	);
	it.each([
		...all,
		['hard_sigmoid', '2.15.0', (x: number) => clip(0.2 * x + 0.5, 0, 1)] as const,
		['hard_sigmoid', '3.5.0', (x: number) => clip(x / 6 + 0.5, 0, 1)] as const
	])('%s of Keras %s', async (activation, version, f) => {
		const model = k.sequential('s', [k.input('x', [xs.length]), k.layer('Activation', 'act', { activation })]);
		const { data } = await run(k.topology(model, version), tf.tensor2d([xs]));
		expectClose({ data }, { data: xs.map(f) }, { rtol: 1e-5, atol: 2e-6 });
	});

	it.each([
		['softmax', (e: number, sum: number) => e / sum],
		['log_softmax', (e: number, sum: number) => Math.log(e / sum)]
	] as const)('%s', async (activation, f) => {
		const model = k.sequential('s', [k.input('x', [xs.length]), k.layer('Activation', 'act', { activation })]);
		const sum = xs.reduce((total, x) => total + Math.exp(x), 0);
		const { data } = await run(k.topology(model), tf.tensor2d([xs]));
		expectClose({ data }, { data: xs.map((x) => f(Math.exp(x), sum)) }, { rtol: 1e-5, atol: 1e-6 });
	});

	it('of a recurrent layer, in the place of its gates too: as Keras 3 defines it', async () => {
		const weights: Weights = [
			['rnn/simple_rnn_cell/kernel', k.stored([2, 1], 1)],
			['rnn/simple_rnn_cell/recurrent_kernel', k.stored([1, 1], 2)],
			['rnn/simple_rnn_cell/bias', k.stored([1], 3)]
		];
		const model = k.sequential('s', [
			k.input('x', [3, 2]),
			k.layer('SimpleRNN', 'rnn', { units: 1, activation: 'hard_sigmoid' })
		]);
		const [w, u, b] = weights.map(([, { values }]) => values as Float32Array) as [
			Float32Array,
			Float32Array,
			Float32Array
		];
		const steps = [
			[0.2, -0.4],
			[1, 0.5],
			[-2, 0.7]
		] as const;
		const { data } = await run(k.topology(model, '3.3.1'), tf.tensor3d([steps.map((step) => [...step])]), weights);
		const right = steps.reduce((h, [a, c]) => clip((w[0]! * a + w[1]! * c + u[0]! * h + b[0]!) / 6 + 0.5, 0, 1), 0);
		expectClose({ data }, { data: [right] }, { atol: 1e-6 });
	});

	it('named as objects and layers; an unknown one is refused by name', async () => {
		const given = (activation: unknown) =>
			k.topology(k.sequential('s', [k.input('x', [xs.length]), k.layer('Activation', 'act', { activation })]));
		const relu6 = { module: 'keras.activations', class_name: 'function', config: 'relu6', registered_name: 'function' };
		const first = await run(given(relu6), tf.tensor2d([xs]));
		expectClose(first, { data: xs.map((x) => clip(x, 0, 6)) });
		const second = await run(given({ class_name: 'LeakyReLU', config: { alpha: 0.1 } }), tf.tensor2d([xs]));
		expectClose(second, { data: xs.map((x) => (x > 0 ? x : 0.1 * x)) });
		expect(() => layersModel({ topology: given('constructor'), weights: [] })).toThrow(
			/"act" .* "constructor" is not known/
		);
	});
});

describe('layers that change nothing when nothing is trained', () => {
	it.each([
		...['RandomFlip', 'RandomRotation', 'RandomZoom', 'RandomTranslation', 'RandomContrast', 'RandomBrightness'],
		...['GaussianNoise', 'GaussianDropout', 'AlphaDropout', 'SpatialDropout2D', 'Dropout', 'ActivityRegularization']
	])('%s', async (name) => {
		const settings = { rate: 0.5, stddev: 0.5, factor: [-0.2, 0.2], height_factor: 0.1, mode: 'horizontal' };
		const model = k.sequential('s', [k.input('x', [2, 2, 1]), k.layer(name, 'l', settings)]);
		const x = tf.tensor4d([1, -2, 3, 4], [1, 2, 2, 1]);
		expect(await run(k.topology(model), x)).toEqual({ shape: [1, 2, 2, 1], data: [1, -2, 3, 4] });
	});

	it('a random crop takes the middle, or resizes as Keras does', async () => {
		const x = tf.reshape(tf.range(0, 24), [1, 6, 4, 1]);
		const crop = (height: number, width: number, name = 'RandomCrop') =>
			run(k.topology(k.sequential('s', [k.input('x', [6, 4, 1]), k.layer(name, 'l', { height, width })])), x);
		expect((await crop(6, 4)).data).toEqual([...Array(24).keys()]);
		expect((await crop(4, 4)).data).toEqual([...Array(16).keys()].map((n) => n + 4));
		expect((await crop(4, 2, 'CenterCrop')).data).toEqual([5, 6, 9, 10, 13, 14, 17, 18]);
		// The middle of one aspect, 4 x 4, by bilinear halves at half pixels: means of 2 x 2.
		expect((await crop(2, 2)).data).toEqual([6.5, 8.5, 14.5, 16.5]);
	});
});

/** Keras 3 as it writes: objects for words, tensors with their history. */
const keras3 = (data_format: string) => {
	const tensor = (name: string) => ({
		class_name: '__keras_tensor__',
		config: { shape: [null, 1], dtype: 'float32', keras_history: [name, 0, 0] }
	});
	const dtype = { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' }, registered_name: null };
	const made = (class_name: string, name: string, config: object, ...given: string[]) => ({
		module: 'keras.layers',
		class_name,
		name,
		registered_name: null,
		config: { name, trainable: true, dtype, ...config },
		inbound_nodes: given.length
			? [{ args: given.length > 1 ? [given.map(tensor)] : given.map(tensor), kwargs: { mask: null, training: false } }]
			: []
	});
	const shape = data_format === 'channels_first' ? [null, 2, 5, 4] : [null, 5, 4, 2];
	const conv = {
		filters: 3,
		kernel_size: [3, 3],
		strides: [1, 1],
		padding: 'same',
		data_format,
		dilation_rate: [1, 1],
		groups: 1,
		use_bias: true,
		activation: { module: 'keras.activations', class_name: 'function', config: 'relu6' },
		kernel_initializer: { module: 'keras.initializers', class_name: 'GlorotUniform', config: { seed: null } }
	};
	return {
		keras_version: '3.5.0',
		model_config: {
			module: 'keras.src.models.functional',
			class_name: 'Functional',
			config: {
				name: 'f',
				layers: [
					made('InputLayer', 'x', { batch_shape: shape, sparse: false, ragged: false }),
					made('Conv2D', 'a', conv, 'x'),
					made('Conv2D', 'b', conv, 'x'),
					made('Subtract', 'd', {}, 'a', 'b'),
					made('MaxPooling2D', 'p', { pool_size: [2, 2], strides: [2, 2], padding: 'valid', data_format }, 'd'),
					made('LeakyReLU', 'l', { negative_slope: 0.1 }, 'p'),
					made('Flatten', 'flat', { data_format }, 'l')
				],
				input_layers: ['x', 0, 0],
				output_layers: { only: ['flat', 0, 0] }
			}
		}
	};
};

describe('Keras 3', () => {
	const weights: Weights = [
		['a/kernel', k.stored([3, 3, 2, 3], 1)],
		['a/bias', k.stored([3], 2)],
		['b/kernel', k.stored([3, 3, 2, 3], 3)],
		['b/bias', k.stored([3], 4)]
	];
	const values = k.values([1, 5, 4, 2], 9);

	/** In float64, channels last. */
	function right(): number[] {
		const at = (i: number, j: number, c: number) =>
			i < 0 || j < 0 || i > 4 || j > 3 ? 0 : values[(i * 4 + j) * 2 + c]!;
		const conv = (index: number, i: number, j: number, f: number) => {
			const [kernel, bias] = [weights[index]![1].values!, weights[index + 1]![1].values!];
			let sum = bias[f]!;
			for (let di = 0; di < 3; di++)
				for (let dj = 0; dj < 3; dj++)
					for (let c = 0; c < 2; c++) sum += at(i + di - 1, j + dj - 1, c) * kernel[((di * 3 + dj) * 2 + c) * 3 + f]!;
			return clip(sum, 0, 6);
		};
		const flat: number[] = [];
		for (let i = 0; i < 2; i++)
			for (let j = 0; j < 2; j++)
				for (let f = 0; f < 3; f++) {
					const cells = [0, 1].flatMap((a) =>
						[0, 1].map((b) => conv(0, 2 * i + a, 2 * j + b, f) - conv(2, 2 * i + a, 2 * j + b, f))
					);
					const max = Math.max(...cells);
					flat.push(max > 0 ? max : 0.1 * max);
				}
		return flat;
	}

	it.each(['channels_last', 'channels_first'])('a model.json as it stands, %s', async (format) => {
		const x = tf.tensor4d(values, [1, 5, 4, 2]);
		const { data } = await run(
			keras3(format),
			format === 'channels_first' ? tf.transpose(x, [0, 3, 1, 2]) : x,
			weights
		);
		expectClose({ data }, { data: right() }, { rtol: 1e-5, atol: 1e-6 });
	});

	it('a class of one’s own is named, and what comes before it runs', () => {
		const topology = keras3('channels_last');
		topology.model_config.config.layers[4]!.registered_name = 'Custom>Pool' as never;
		const messages: string[] = [];
		const model = layersModel({ topology, weights, warn: (sentence) => messages.push(sentence) });
		expect(messages).toEqual([
			'The layer "p" is of the class "Custom>Pool", which is code that the file does not hold: what comes before it runs, and what it would be given is shown as the answer.'
		]);
		const at = model.graph.nodes.findIndex(({ id }) => id === 'p');
		expect(model.graph.outputs).toEqual([model.graph.nodes[at - 1]!.id]);
		const [y] = model.run({ [model.graph.inputs[0]!]: tf.zeros([1, 5, 4, 2]) }, model.graph.outputs);
		expect(y!.shape[0]).toBe(1);
		y!.dispose();
		model.dispose();
	});
});
