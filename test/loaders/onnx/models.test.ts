import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TensorProto_DataType as T } from 'onnx-buf';
import { beforeAll, describe, expect, it } from 'vitest';
import { fileShape } from '#contracts/graph.ts';
import type { LoadedModel } from '#contracts/loader.ts';
import * as tf from '#engine/tf.ts';
import { camLayers, headSpecs, inputSpecs } from '#engine/model/inspect.ts';
import loader from '#loaders/formats/onnx.ts';
import { constantOf } from '#loaders/onnx/tensors.ts';
import { openSource } from '#loaders/open-source.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';
import { direction, testInput } from '../../tools/conformance.ts';
import { dataFolder, folderSource, loadContext } from '../../tools/files.ts';
import { onnxFile, tensorOf } from '../../tools/onnx-files.ts';
import { judged } from '../../tools/onnx-judge.ts';
import onnx from '../samples/onnx.ts';
import { sourceOf } from '../samples.ts';

/** Whole networks: what PyTorch exports (test/tools/onnx-exports.py), and what others made. */
const folder = 'test/loaders/onnx/exports';
const read = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
const open = (name: string): Promise<LoadedModel> => openSource(sourceOf({ [name]: read(name) }), loadContext());
const types = ({ model }: LoadedModel) => model.graph.nodes.map(({ type }) => type);

beforeAll(() => useBackend('wasm'));

describe('networks that PyTorch exported', () => {
	const names = readdirSync(folder);

	it.each(names)('%s answers as onnxruntime does, and frees what it took', async (name) => {
		const before = tf.memory().numTensors;
		const loaded = await open(name);
		expect(loaded.model.obstacle).toBeNull();
		await judged(loaded, read(name));
		loaded.model.dispose();
		expect(tf.memory().numTensors).toBe(before);
	});

	it.each(names.filter((name) => name !== 'words.onnx'))('%s has the gradient of its numbers', async (name) => {
		const { model } = await open(name);
		const [input] = inputSpecs(model.graph);
		const x = testInput(
			input!.shape.map((n) => n ?? 1),
			0
		);
		const score = (at: tf.Tensor) => {
			const [y] = model.run({ [input!.id]: at }, model.graph.outputs.slice(0, 1)) as [tf.Tensor];
			return tf.sum(tf.mul(y, direction(y.shape, 1)));
		};
		const gradient = tf.grad(score)(x);
		const walk = direction(x.shape, 2);
		const at = async (by: number) => (await tf.tidy(() => score(tf.add(x, tf.mul(walk, by)))).data())[0]!;
		const numeric = ((await at(1e-2)) - (await at(-1e-2))) / 2e-2;
		const analytic = (await tf.sum(tf.mul(gradient, walk)).data())[0]!;
		const size = Math.sqrt((await tf.sum(tf.square(gradient)).data())[0]!);
		expect(size).toBeGreaterThan(0);
		expect(Math.abs(analytic - numeric), `${analytic} against ${numeric}`).toBeLessThan(0.02 * size + 0.01);
		model.dispose();
	});

	it('keep their channels last from end to end, and say their shapes as the file does', async () => {
		const residual = await open('residual.onnx');
		expect(types(residual)).not.toContain('Transpose');
		// For what flattens whole maps alone: the file's own two of the block are gone.
		expect(types(await open('next.onnx')).filter((type) => type === 'Transpose').length).toBeLessThan(4);
		const { nodes } = residual.model.graph;
		const [input] = inputSpecs(residual.model.graph);
		expect(input).toMatchObject({ kind: 'image', shape: [null, 32, 32, 3] });
		expect(fileShape(nodes[0]!)).toEqual([null, 3, 32, 32]);
		const convolution = nodes.find(({ type }) => type === 'Conv2D')!;
		expect(convolution.weights[0]!.shape).toEqual([7, 7, 3, 8]);
		expect(fileShape(convolution)).toEqual([null, 8, 16, 16]);
		expect(headSpecs(residual.model.graph)).toMatchObject([{ kind: 'classes', units: 5, activation: 'softmax' }]);
		expect(camLayers(residual.model.graph, residual.model.graph.outputs)[0]?.channels).toBe(8);
	});

	it('take any number of rows, where the file was made for one, too', async () => {
		const { model } = await open('mobile.onnx');
		expect(model.graph.nodes[0]?.shape).toEqual([null, 32, 32, 3]);
	});
});

describe('an ONNX file', () => {
	it('brings its class names, and is opened with the data beside it', async () => {
		const { files } = onnx;
		const { labels, format } = await openSource(sourceOf(await files['convolutional']!()), loadContext());
		expect(labels).toEqual(['one', 'two', 'three']);
		expect(format).toBe('ONNX model');
		const small = await openSource(sourceOf(await files['quantised']!()), loadContext());
		expect(small.warnings).toEqual([expect.stringMatching(/quantised/)]);
		const alone = { 'small.onnx': (await files['quantised']!())['small.onnx']! };
		const { model } = await openSource(sourceOf(alone), loadContext());
		expect(model.obstacle).toMatchObject({
			kind: 'weights',
			message: expect.stringMatching(/“small.onnx.data”/) as string
		});
	});
});

describe('quantised activations', () => {
	/** Rounded, moved about as whole numbers, real again: what a converter writes. */
	it.each([
		['MaxPool', { kernel_shape: [2, 2], strides: [2, 2] }],
		['Transpose', { perm: [0, 2, 3, 1] }],
		['Reshape', {}],
		['Clip', {}]
	] as const)('go through %s', async (op, attributes) => {
		const bytes = onnxFile({
			inputs: { x: { shape: ['batch', 2, 4, 4] } },
			outputs: ['y'],
			constants: {
				scale: { shape: [], values: [0.02] },
				zero: { shape: [], values: [100], type: T.UINT8 },
				shape: { shape: [2], values: [0, -1], type: T.INT64 }
			},
			nodes: [
				{ op: 'QuantizeLinear', inputs: ['x', 'scale', 'zero'], outputs: ['q'] },
				{ op, inputs: ['q', ...(op === 'Reshape' ? ['shape'] : op === 'Clip' ? ['zero'] : [])], outputs: ['m'], attributes }, // prettier-ignore
				{ op: 'DequantizeLinear', inputs: ['m', 'scale', 'zero'], outputs: ['y'] }
			]
		});
		const loaded = await openSource(sourceOf({ 'q.onnx': bytes }), loadContext());
		expect(loaded.model.obstacle).toBeNull();
		await judged(loaded, bytes);
		loaded.model.dispose();
	});
});

const data = join(dataFolder ?? '', 'real-models/onnx');
describe.runIf(dataFolder && existsSync(data))('ONNX files of others', () => {
	it('mnist-8, whose numbers are lists and not bytes, answers as its makers say', async () => {
		const { model } = await loader.load(folderSource(join(data, 'mnist-8')), loadContext());
		const [id] = model.graph.inputs as [string];
		const [y] = model.run({ [id]: tf.ones([1, 28, 28, 1]) }, model.graph.outputs);
		expectClose(
			{ data: (await y!.data()).slice(0, 4) },
			{ data: [-1.78341, -1.54652, -0.62323, 0.83096] },
			{ rtol: 1e-3 }
		);
	});

	it('light-squeezenet, whose weights are made by nodes, answers as its makers say', async () => {
		const source = folderSource(join(data, 'light-squeezenet'), (path) => path.endsWith('.onnx'));
		const { model } = await loader.load(source, loadContext());
		const [id] = model.graph.inputs as [string];
		const [y] = model.run({ [id]: tf.ones([1, 224, 224, 3]) }, model.graph.outputs);
		const { values } = constantOf(tensorOf(readFileSync(join(data, 'light-squeezenet/light_squeezenet_output_0.pb'))));
		expectClose({ data: await y!.data() }, { data: values! }, { rtol: 1e-3, atol: 1e-6 });
	});
});
