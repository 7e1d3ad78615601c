import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';
import { dataFolder, folderSource, loadContext } from '../../tools/files.ts';
import { floatData, intData, tfliteFile, type TfliteSpec } from '../../tools/tflite-writer.ts';
import { samples, sourceOf, type Files } from '../samples.ts';

beforeAll(() => useBackend('wasm'));

const open = (files: Files) => openSource(sourceOf(files), loadContext());
const sample = async (name: string) => open(await samples.get('tflite')!.files[name]!());

async function outputOf(files: Files, feeds: Record<string, tf.Tensor>) {
	const { model, ...rest } = await open(files);
	const outputs = model.run(feeds, model.graph.outputs);
	const values = await Promise.all(outputs.map(async (y) => [...(await y.data())]));
	const shapes = outputs.map(({ shape }) => shape);
	tf.dispose(outputs);
	const graph = model.graph;
	model.dispose();
	return { values, shapes, graph, ...rest };
}

describe('a .tflite file', () => {
	it('says its nodes, its classes of numbers and how pixels are prepared', async () => {
		const { model, format, preprocessing, warnings } = await sample('convolutional');
		expect(format).toBe('TensorFlow Lite model');
		expect(warnings).toEqual([]);
		expect(preprocessing).toEqual({ normalisation: { kind: 'range', low: -1, high: 1 } });
		expect(model.graph.nodes.map(({ id, type, shape }) => [id, type, shape])).toEqual([
			['image', 'Input', [null, 8, 8, 1]],
			['net/conv/Conv2D', 'Conv2D', [null, 8, 8, 2]],
			['net/conv', 'Relu', [null, 8, 8, 2]],
			['net/depthwise', 'DepthwiseConv2D', [null, 4, 4, 2]],
			['net/mean', 'Mean', [null, 2]],
			['net/dense', 'Dense', [null, 3]],
			['net/softmax', 'Softmax', [null, 3]]
		]);
		model.dispose();
	});

	it('computes what its definition says, for several pictures as for one', async () => {
		const { model } = await sample('convolutional');
		const x = tf.tensor4d(
			new Float32Array(128).map((_, i) => Math.cos(i)),
			[2, 8, 8, 1]
		);
		const [y] = model.run({ image: x }, model.graph.outputs);
		// By TF.js's own functions on kernels turned by hand.
		const get = (name: string) => model.weight(name);
		const kernel = tf.tensor4d(new Float32Array(floatData([2, 3, 3, 1]).buffer), [2, 3, 3, 1]).transpose([1, 2, 3, 0]);
		expectClose({ data: await get('kernel').data() }, { data: await kernel.data() }, { atol: 0 });
		const filters = tf.tensor4d(new Float32Array(floatData([1, 3, 3, 2], 3).buffer), [3, 3, 2, 1]);
		const weights = tf.tensor2d(new Float32Array(floatData([3, 2], 5).buffer), [3, 2]).transpose();
		const bias = tf.tensor1d(new Float32Array(floatData([2]).buffer));
		const a = tf.relu(tf.add(tf.conv2d(x, kernel as tf.Tensor4D, 1, 'same'), bias)) as tf.Tensor4D;
		const b = tf.mean(tf.depthwiseConv2d(a, filters, 2, 'same'), [1, 2]);
		const expected = tf.softmax(tf.matMul(b as tf.Tensor2D, weights as tf.Tensor2D));
		expectClose({ data: await y!.data() }, { data: await expected.data() }, { atol: 1e-6 });
		model.dispose();
	});

	it('dequantises per channel and per tensor, and says what pixels become', async () => {
		const { values, preprocessing, format, warnings } = await outputOf(
			await samples.get('tflite')!.files['quantised']!(),
			{ x: tf.tensor2d([[1, -2, 0.5, 3]]) }
		);
		// w = [[1, 2, -3, 4] / 4, [5, -6, 7, 8] * 2], b = [8 / 8, -4]: by hand.
		expectClose({ data: values[0]! }, { data: [2.875, 85 - 0] }, { atol: 1e-5 });
		expect(preprocessing).toEqual({ normalisation: { kind: 'range', low: -62.5, high: 65 } });
		expect(format).toBe('TensorFlow Lite model, quantised to int8');
		expect(warnings[0]).toMatch(/floating point/);
	});

	const chain = (operators: TfliteSpec['operators'], tensors: TfliteSpec['tensors'], outputs: number[]) => ({
		'chain.tflite': tfliteFile({ tensors, operators, inputs: [0], outputs })
	});

	it('reshapes, slices and transposes with the batch left open', async () => {
		const files = chain(
			[
				{ code: 22, inputs: [0, 1], outputs: [2] },
				{ code: 39, inputs: [2, 3], outputs: [4] },
				{ code: 65, inputs: [4, 5, 6], outputs: [7] },
				{ code: 45, inputs: [7, 8, 9, 10], outputs: [11], options: {} }
			],
			[
				{ name: 'x', shape: [1, 6] },
				{ name: 'to', shape: [3], type: 2, data: intData(1, 2, 3) },
				{ name: 'reshaped', shape: [1, 2, 3] },
				{ name: 'order', shape: [3], type: 2, data: intData(0, 2, 1) },
				{ name: 'turned', shape: [1, 3, 2] },
				{ name: 'begin', shape: [3], type: 2, data: intData(0, 1, 0) },
				{ name: 'size', shape: [3], type: 2, data: intData(1, 2, 2) },
				{ name: 'sliced', shape: [1, 2, 2] },
				{ name: 'from', shape: [3], type: 2, data: intData(0, 0, 1) },
				{ name: 'until', shape: [3], type: 2, data: intData(1, 2, 2) },
				{ name: 'steps', shape: [3], type: 2, data: intData(1, 1, 1) },
				{ name: 'last', shape: [1, 2, 1] }
			],
			[11]
		);
		const { values, shapes, graph } = await outputOf(files, {
			x: tf.tensor2d([
				[0, 1, 2, 3, 4, 5],
				[6, 7, 8, 9, 10, 11]
			])
		});
		expect(graph.nodes[0]!.shape).toEqual([null, 6]);
		expect(shapes[0]).toEqual([2, 2, 1]);
		expect(values[0]).toEqual([4, 5, 10, 11]);
	});

	it('keeps a batch of one where an operator mixes the first axis, and takes items one after the other', async () => {
		const files = chain(
			[
				{ code: 22, inputs: [0, 1], outputs: [2] },
				{ code: 39, inputs: [2, 3], outputs: [4] },
				{ code: 22, inputs: [4, 1], outputs: [5] }
			],
			[
				{ name: 'x', shape: [1, 6] },
				{ name: 'to', shape: [2], type: 2, data: intData(2, 3) },
				{ name: 'rows', shape: [2, 3] },
				{ name: 'order', shape: [2], type: 2, data: intData(1, 0) },
				{ name: 'turned', shape: [3, 2] },
				{ name: 'flat', shape: [1, 6] }
			],
			[5]
		);
		const x = tf.tensor2d([
			[0, 1, 2, 3, 4, 5],
			[6, 7, 8, 9, 10, 11]
		]);
		const { values, shapes, graph } = await outputOf(files, { x });
		expect(graph.nodes[0]!.shape).toEqual([1, 6]);
		expect(shapes[0]).toEqual([2, 6]);
		expect(values[0]).toEqual([0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]);
		const { model } = await open(files);
		const weights = tf.tensor2d(await x.data(), [2, 6]);
		const [gradient] = await Promise.all([
			tf
				.grad((input: tf.Tensor) => tf.sum(tf.mul(model.run({ x: input }, model.graph.outputs)[0]!, weights)))(x)
				.data()
		]);
		expect([...gradient]).toEqual([0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11]);
		model.dispose();
	});

	it('names what it does not know, and shows the rest', async () => {
		const { model } = await open(
			chain(
				[
					{ code: 25, inputs: [0], outputs: [1], options: { 0: ['float32', 1] } },
					{ code: 32, custom: 'TFLite_Detection_PostProcess', inputs: [1], outputs: [2] },
					{ code: 48, inputs: [2], outputs: [3] }
				],
				['x', 'soft', 'boxes', 'top'].map((name) => ({ name, shape: [1, 4] })),
				[3]
			)
		);
		expect(model.obstacle?.message).toBe('2 operations are not known: TFLite_Detection_PostProcess, TOPK_V2.');
		expect(model.obstacle?.nodes).toEqual(['boxes', 'top']);
		expect(model.graph.nodes.map(({ type }) => type)).toEqual([
			...['Input', 'Softmax', 'TFLite_Detection_PostProcess', 'TOPK_V2']
		]);
		model.dispose();
	});

	it('turns a transposed convolution back, with its bias', async () => {
		const tensors = [
			{ name: 'x', shape: [1, 2, 2, 1] },
			{ name: 'size', shape: [4], type: 2, data: intData(1, 4, 4, 2) },
			{ name: 'kernel', shape: [2, 2, 2, 1], data: floatData([2, 2, 2, 1]) },
			{ name: 'bias', shape: [2], data: floatData([2], 9) },
			{ name: 'y', shape: [1, 4, 4, 2] }
		];
		const options = { 0: ['int8', 1], 1: ['int32', 2], 2: ['int32', 2] } as const;
		const files = chain([{ code: 67, inputs: [1, 2, 0, 3], outputs: [4], options }], tensors, [4]);
		const { values } = await outputOf(files, { x: tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]) });
		const kernel = [...new Float32Array(floatData([2, 2, 2, 1]).buffer)];
		const bias = [...new Float32Array(floatData([2], 9).buffer)];
		// Stride 2 and a window of 2: each input cell fills a block of its own.
		const expected = Array.from({ length: 32 }, (_, i) => {
			const [row, column, channel] = [Math.floor(i / 8), Math.floor(i / 2) % 4, i % 2];
			const x = 1 + 2 * Math.floor(row / 2) + Math.floor(column / 2);
			return x * kernel[channel * 4 + (row % 2) * 2 + (column % 2)]! + bias[channel]!;
		});
		expectClose({ data: values[0]! }, { data: expected }, { atol: 1e-6 });
	});
});

describe.runIf(dataFolder)('TensorFlow Lite models made by others', () => {
	const folder = join(dataFolder ?? '', 'real-models/tflite/mlperf-tiny-resnet8');
	const answer = async (name: string) => {
		const source = folderSource(folder);
		const files = source.files.filter(({ path }) => path.endsWith(name));
		const { model, ...rest } = await openSource({ ...source, files }, loadContext());
		const [input] = model.graph.inputs;
		const fed = rest.preprocessing ? tf.fill([1, 32, 32, 3], 100) : tf.fill([1, 32, 32, 3], 0.5);
		const [y] = model.run({ [input!]: fed }, model.graph.outputs);
		const values = [...(await y!.data())];
		model.dispose();
		return { values, ...rest, graph: model.graph };
	};

	it('answers as the Keras model does that it was made of', async () => {
		const { values } = await answer('pretrainedResnet.tflite');
		expectClose({ data: values.slice(0, 5) }, { data: [0.40013, 0.00074, 0.00109, 0.04627, 0.28444] }, { atol: 1e-4 });
	});

	it('answers nearly the same when it is quantised', async () => {
		const { values, preprocessing, format } = await answer('pretrainedResnet_quant.tflite');
		expect(format).toBe('TensorFlow Lite model, quantised to int8');
		const pixels = preprocessing?.normalisation;
		expect(pixels?.kind === 'range' ? [Math.round(pixels.low), Math.round(pixels.high)] : null).toEqual([0, 255]);
		expect(values.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
	});
});
