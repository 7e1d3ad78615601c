import { join } from 'node:path';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LoadedModel } from '#contracts/loader.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { expectClose } from '../close.ts';
import { useBackend } from '../tools/backends.ts';
import { dataFolder, folderSource, loadContext } from '../tools/files.ts';
import { refused } from '../tools/refusal.ts';
import { expectedOf, kerasFile } from './keras-cases.ts';
import { sourceOf, type Files } from './samples.ts';

const open = (files: Files) => openSource(sourceOf(files), loadContext());
const parameters = ({ model }: LoadedModel) => {
	const shapes = new Map(model.graph.nodes.flatMap(({ weights }) => weights.map(({ name, shape }) => [name, shape])));
	return [...shapes.values()].reduce((sum, shape) => sum + shape.reduce((n, m) => n * m, 1), 0);
};

/** Each file, in words: what is said of it, its nodes, its parameters. */
const FILES: readonly (readonly [path: string, format: string, nodes: number, parameters: number])[] = [
	['functional.h5', 'Keras 2.12.0 model (HDF5)', 14, 61],
	['newest.h5', 'Keras 2.12.0 model (HDF5)', 14, 61],
	['sequential-1.h5', 'Keras 1.2.2 model (HDF5)', 7, 119],
	['transformer.keras', 'Keras 3.5.0 model (.keras)', 10, 243],
	['sequences.keras', 'Keras 3.9.0 model (.keras), float16 weights', 13, 218],
	['custom.keras', 'Keras 3.5.0 model (.keras)', 6, 30]
];

describe.each(['cpu', 'wasm'] as const)('Keras files on %s', (backend) => {
	beforeAll(() => useBackend(backend));

	it.each(FILES)('%s: %s', async (path, format, nodes, count) => {
		// The name says nothing.
		const loaded = await open({ 'file.bin': await kerasFile(path) });
		const { inputs, outputs } = await expectedOf(path);
		expect(loaded.format).toBe(format);
		expect([loaded.model.graph.nodes.length, parameters(loaded)]).toEqual([nodes, count]);
		expect(loaded.model.obstacle).toBeNull();
		const feeds = Object.fromEntries(
			Object.entries(inputs).map(([name, { shape, values }]) => [name, tf.tensor(values, shape)])
		);
		const before = tf.memory().numTensors;
		const found = loaded.model.run(feeds, loaded.model.graph.outputs);
		expect(found).toHaveLength(outputs.length);
		for (const [k, y] of found.entries())
			expectClose(
				{ shape: y.shape, data: await y.data() },
				{ shape: outputs[k]!.shape, data: outputs[k]!.values },
				{ rtol: 1e-4, atol: 2e-6 }
			);
		tf.dispose(found);
		expect(tf.memory().numTensors).toBe(before);
		tf.dispose(feeds);
		loaded.model.dispose();
	});
});

describe('what opens without running to its end', () => {
	beforeAll(() => useBackend('cpu'));

	it('runs up to a layer that is code, and says so', async () => {
		const { model, warnings } = await open({ 'a.keras': await kerasFile('custom.keras') });
		expect(warnings).toEqual([
			'The layer "gate" is of the class "Mine>Gate", which is code that the file does not hold: what comes before it runs, and what it would be given is shown as the answer.'
		]);
		expect(model.graph.outputs).toEqual(['first/relu']);
		const gate = model.graph.nodes.find(({ id }) => id === 'gate');
		expect(gate).toMatchObject({ type: 'Gate', shape: [null, 4], weights: [{ name: 'gate/0', shape: [4] }] });
		// What comes behind it is shown with its shapes.
		expect(model.graph.nodes.at(-2)).toMatchObject({ id: 'last', type: 'Dense', shape: [null, 2] });
		expect(() => model.run({ x: tf.ones([1, 3]) }, ['last'])).toThrow('"gate" (Gate) cannot be computed here.');
		model.dispose();
	});

	it('shows the weights of a model that is code', async () => {
		const { model, format } = await open({ 'a.keras': await kerasFile('code.keras') });
		expect(format).toBe('Keras 3.5.0 weights (.keras)');
		expect(model.obstacle).toMatchObject({
			kind: 'bag',
			message: 'The model is of the class “Net”, which is code that the file does not hold: only its weights are shown.'
		});
		expect(model.graph.nodes.map(({ id }) => id)).toEqual(['first', 'second']);
		model.dispose();
	});

	it.each([
		['weights-2.h5', 'Keras 2.12.0 weights (HDF5), float16 weights', ['dense/kernel', 'dense/bias']],
		['weights-3.weights.h5', 'Keras 3 weights (HDF5), float16 weights', ['layers/dense/0', 'layers/dense/1']]
	])('shows weights alone: %s', async (path, format, names) => {
		const loaded = await open({ [path]: await kerasFile(path) });
		expect(loaded.format).toBe(format);
		expect(loaded.model.graph.nodes.flatMap(({ weights }) => weights.map(({ name }) => name))).toEqual(names);
		expect(loaded.model.obstacle?.kind).toBe('bag');
		loaded.model.dispose();
	});

	it('puts weights onto a structure that lies beside them', async () => {
		const dense = { class_name: 'Dense', config: { name: 'd', units: 3, activation: 'linear', use_bias: true } };
		const layers = [{ class_name: 'InputLayer', config: { name: 'x', batch_input_shape: [null, 4] } }, dense];
		const network = (name: string) =>
			JSON.stringify({
				class_name: 'Sequential',
				config: { name: 's', layers: [layers[0], { ...dense, config: { ...dense.config, name } }] },
				keras_version: '2.12.0'
			});
		for (const [path, name] of [
			['weights-2.h5', 'dense'],
			['weights-3.weights.h5', 'any']
		] as const) {
			const { model } = await open({ 'model.json': network(name), [path]: await kerasFile(path) });
			expect(model.obstacle).toBeNull();
			const kernel = await model.weight(`${name}/kernel`).data();
			expect(kernel[0]).toBeCloseTo(Math.sin(12.9898 + 78.233) / 2, 5);
			model.dispose();
		}
	});
});

describe('what is said of files that are not what they seem', () => {
	beforeAll(() => useBackend('cpu'));
	const config = {
		class_name: 'Sequential',
		config: { layers: [{ class_name: 'Dense', config: { name: 'd', units: 2 } }] }
	};
	const zip = (parts: Record<string, object>) =>
		zipSync(
			Object.fromEntries(
				Object.entries(parts).map(([path, part]) => [path, new TextEncoder().encode(JSON.stringify(part))])
			),
			{ level: 0 }
		) as Uint8Array<ArrayBuffer>;

	it.each<[string, () => Files | Promise<Files>, RegExp]>([
		[
			'a .keras without weights',
			() => ({ 'a.keras': zip({ 'config.json': config }) }),
			/“a.keras” holds a network and no weights: model.weights.h5 is missing/
		],
		[
			'pickled weights',
			() => ({ 'a.keras': zip({ 'config.json': config, 'model.weights.npz': {} }) }),
			/pickled objects .* could run code and are not read/
		],
		[
			'a network that is none',
			() => ({ 'a.keras': zip({ 'config.json': { a: 1 } }) }),
			/is no Keras model: its config.json describes none/
		],
		[
			'two models',
			async () => ({ 'a.keras': await kerasFile('custom.keras'), 'b.keras': await kerasFile('custom.keras') }),
			/There are 2 Keras models in these files: a.keras, b.keras/
		],
		[
			'two files of weights',
			async () => ({ 'a.h5': await kerasFile('weights-2.h5'), 'b.h5': await kerasFile('weights-2.h5') }),
			/There are 2 Keras files here/
		]
	])('%s', async (_, files, message) => expect((await refused(open(await files()))).message).toMatch(message));
});

describe.runIf(dataFolder)('Keras files of others', () => {
	beforeAll(() => useBackend('wasm'));
	it.each([
		['keras-h5/mlperf-tiny-resnet8-cifar10', 0.5, [0.40013, 0.00074, 0.00109, 0.04627, 0.28444], 78_666],
		['keras-v3/vk-captcha-solver', 1, [-4.9629, 3.44978, -2.64256, 0.73327], 213_524]
	] as const)('%s', async (path, fill, expected, count) => {
		const loaded = await openSource(folderSource(join(dataFolder as string, 'real-models', path)), loadContext());
		const { model, warnings } = loaded;
		expect([warnings, parameters(loaded)]).toEqual([[], count]);
		const [input] = model.graph.inputs as [string];
		const shape = model.graph.nodes.find(({ id }) => id === input)!.shape.map((n) => n ?? 1);
		const [y] = model.run({ [input]: tf.fill(shape, fill) }, model.graph.outputs);
		expectClose({ data: (await y!.data()).slice(0, expected.length) }, { data: expected }, { rtol: 1e-3, atol: 6e-6 });
		model.dispose();
	});
});
