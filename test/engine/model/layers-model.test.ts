import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '#contracts/model.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { layersModel } from '#engine/model/layers/model.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';

const l = layers.layers;

/** A model of tfjs-layers through its own file format, as the lab would open it. */
async function reopened(model: layers.LayersModel): Promise<Model> {
	let artifacts: tf.io.ModelArtifacts | undefined;
	await model.save({
		save: (a) => {
			artifacts = a;
			return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } });
		}
	});
	const weights = new Map<string, StoredWeight>();
	for (const [k, variable] of model.weights.entries()) {
		// The same weights in every run; variances stay positive.
		const drawn = tf.randomNormal(variable.shape as number[], 0, 0.3, 'float32', k + 1);
		variable.write(variable.originalName.endsWith('variance') ? tf.add(tf.abs(drawn), 0.5) : drawn);
		const tensor = variable.read();
		weights.set(variable.originalName, {
			shape: tensor.shape,
			dtype: 'float32',
			values: (await tensor.data()) as Float32Array
		});
	}
	return layersModel({ topology: artifacts?.modelTopology, weights });
}

function residual(): layers.LayersModel {
	const input = layers.input({ shape: [8, 8, 3], name: 'image' });
	const a = l.conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', name: 'a' }).apply(input);
	const b = l.batchNormalization({ name: 'b' }).apply(a) as layers.SymbolicTensor;
	const c = l.separableConv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'tanh', name: 'c' }).apply(b);
	const d = l.add({ name: 'd' }).apply([a as layers.SymbolicTensor, c as layers.SymbolicTensor]);
	const e = l.maxPooling2d({ poolSize: 2, name: 'e' }).apply(d);
	const f = l.depthwiseConv2d({ kernelSize: 3, strides: 2, padding: 'same', activation: 'elu', name: 'f' }).apply(e);
	const g = l.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', name: 'g' }).apply(f);
	const h = l.leakyReLU({ alpha: 0.1, name: 'h' }).apply(g);
	const i = l.flatten({ name: 'i' }).apply(h);
	return layers.model({
		inputs: input,
		outputs: l.dense({ units: 5, activation: 'softmax', name: 'j' }).apply(i) as layers.SymbolicTensor
	});
}

/** The head of a transfer-learning export: a Sequential in a Sequential, in a functional model with a shared layer. */
function nested(): layers.LayersModel {
	const base = layers.sequential({ name: 'base' });
	base.add(l.conv2d({ inputShape: [6, 6, 1], filters: 2, kernelSize: 3, activation: 'relu', name: 'conv' }));
	base.add(l.globalAveragePooling2d({ name: 'pool' }));
	const whole = layers.sequential({ name: 'whole' });
	whole.add(base);
	whole.add(l.dense({ units: 3, name: 'head', activation: 'sigmoid' }));
	const left = layers.input({ shape: [6, 6, 1], name: 'left' });
	const right = layers.input({ shape: [6, 6, 1], name: 'right' });
	const both = [whole.apply(left), whole.apply(right)] as layers.SymbolicTensor[];
	return layers.model({
		inputs: [left, right],
		outputs: l.concatenate({ name: 'both' }).apply(both) as layers.SymbolicTensor
	});
}

function recurrent(): layers.LayersModel {
	const model = layers.sequential();
	model.add(l.embedding({ inputDim: 7, outputDim: 4, inputLength: 5, name: 'words' }));
	model.add(l.bidirectional({ layer: l.lstm({ units: 3 }) as never, mergeMode: 'concat', name: 'both' }));
	model.add(l.dense({ units: 1, name: 'value' }));
	return model;
}

describe.each(['cpu', 'wasm'] as const)('a layers model on %s', (backend) => {
	beforeAll(() => useBackend(backend));

	it.each([
		{ name: 'residual', build: residual, shapes: [[2, 8, 8, 3]] },
		{
			name: 'nested and shared',
			build: nested,
			shapes: [
				[2, 6, 6, 1],
				[2, 6, 6, 1]
			]
		},
		{ name: 'recurrent', build: recurrent, shapes: [[2, 5]] }
	])('computes what tfjs-layers computes: $name', async ({ build, shapes }) => {
		const original = build();
		const model = await reopened(original);
		const xs = shapes.map((shape, i) =>
			shape.length === 2 ? tf.randomUniform(shape, 0, 7, 'int32', 1) : tf.randomNormal(shape, 0, 1, 'float32', i + 1)
		);
		const expected = original.predict(xs.length === 1 ? xs[0]! : xs) as tf.Tensor;
		const feeds = Object.fromEntries(model.graph.inputs.map((id, i) => [id, xs[i] as tf.Tensor]));
		const before = tf.memory().numTensors;
		const [actual] = model.run(feeds, model.graph.outputs);
		expect(tf.memory().numTensors).toBe(before + 1);
		expectClose(
			{ shape: actual!.shape, data: await actual!.data() },
			{ shape: expected.shape, data: await expected.data() },
			{ atol: 1e-6 }
		);
		const shape = model.graph.nodes.at(-1)?.shape;
		expect(shape?.slice(1)).toEqual(expected.shape.slice(1));
	});

	it('runs from a fed activation, replaces one, and gives the gradient of any', async () => {
		const model = await reopened(residual());
		const x = tf.randomNormal<tf.Rank.R4>([1, 8, 8, 3], 0, 1, 'float32', 3);
		const scores = (feeds: Record<string, tf.Tensor>, options = {}) =>
			tf.slice(model.run(feeds, ['j'], options)[0] as tf.Tensor2D, [0, 2], [1, 1]).asScalar();
		const [a, j] = model.run({ image: x }, ['a/relu', 'j']) as [tf.Tensor, tf.Tensor];
		const cut = model.run({ image: x, 'a/relu': a }, ['j'])[0] as tf.Tensor;
		expectClose({ data: await cut.data() }, { data: await j.data() });
		const without = model.run({ image: x }, ['j'], {
			replace: { 'c/tanh': (value) => tf.mul(value, 0) }
		})[0] as tf.Tensor;
		const byHand = model.run({ image: x, 'c/tanh': tf.zeros([1, 8, 8, 4]) }, ['j'])[0] as tf.Tensor;
		expectClose({ data: await without.data() }, { data: await byHand.data() });

		// Chain rule through a cut with a bypass: the gradient at d leads to the same input gradient as the direct one.
		const direct = tf.grad((input) => scores({ image: input }))(x);
		const [d] = model.run({ image: x }, ['d']) as [tf.Tensor];
		const atD = tf.grad((value) => scores({ image: x, d: value }))(d);
		const through = tf.grad((input) => tf.sum(tf.mul(model.run({ image: input }, ['d'])[0] as tf.Tensor, atD)))(x);
		expectClose({ data: await through.data() }, { data: await direct.data() }, { rtol: 1e-3, atol: 1e-5 });

		// A directional derivative of the input gradient against a central difference.
		const v = tf.randomNormal(x.shape, 0, 1, 'float32', 9);
		const eps = 2e-3;
		const difference = tf.div(
			tf.sub(scores({ image: tf.add(x, tf.mul(v, eps)) }), scores({ image: tf.sub(x, tf.mul(v, eps)) })),
			2 * eps
		);
		expectClose(
			{ data: await tf.sum(tf.mul(direct, v)).data() },
			{ data: await difference.data() },
			{ rtol: 3e-2, atol: 3e-3 }
		);

		const kernel = model.weight('j/bias');
		const weightGradient = tf.grad((bias) => scores({ image: x, 'j/bias': bias }))(kernel);
		expectClose({ data: await weightGradient.data() }, { data: [0, 0, 1, 0, 0] });
	});

	it('names what is missing', async () => {
		const model = await reopened(residual());
		const x = tf.zeros([1, 8, 8, 3]);
		expect(() => model.run({ image: x }, ['nowhere'])).toThrow('no node "nowhere"');
		expect(() => model.run({ d: tf.zeros([1, 8, 8, 4]) }, ['c'])).toThrow('input "image" is needed');
		expect(() => model.run({ image: tf.zeros([1, 8, 8, 5]) }, ['j'])).toThrow('"a" (Conv2D) could not run');
		const before = tf.memory().numTensors;
		expect(() =>
			model.run({ image: x }, ['j'], {
				replace: {
					d: () => {
						throw new Error('no');
					}
				}
			})
		).toThrow('no');
		expect(tf.memory().numTensors).toBe(before);
	});
});

it('a network of thousands of layers opens', async () => {
	await useBackend('cpu');
	const config = (k: number) => ({
		class_name: 'Activation',
		config: { name: `a${k}`, activation: 'relu', ...(k ? {} : { batch_input_shape: [null, 4] }) }
	});
	const made = Array.from({ length: 3000 }, (_, k) => config(k));
	const topology = { class_name: 'Sequential', config: { name: 'deep', layers: made } };
	const model = layersModel({ topology: { model_config: topology }, weights: new Map() });
	expect(model.graph.nodes).toHaveLength(3001);
	const input = tf.tensor2d([[1, -1, 2, -2]]);
	const [output] = model.run({ [model.graph.inputs[0]!]: input }, model.graph.outputs);
	expectClose({ data: await output!.data() }, { data: [1, 0, 2, 0] });
	tf.dispose([input, output!]);
	model.dispose();
});
