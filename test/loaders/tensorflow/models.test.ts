import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';
import { loadContext } from '../../tools/files.ts';
import { attr, constant, DT, floats, graph, savedModel } from '../../tools/tensorflow-writer.ts';
import { samples, sourceOf, type Files } from '../samples.ts';
import { FIRST, SECOND } from '../samples/saved-model.ts';

beforeAll(() => useBackend('wasm'));

const open = (files: Files) => openSource(sourceOf(files), loadContext());
const sample = async (id: string, name: string) => samples.get(id)!.files[name]!();
const X = [
	[1, -2, 0.5, 3],
	[0, 1, 2, -1]
];

describe('a SavedModel', () => {
	it('runs with its functions in the place of their calls, and each variable from where it is restored', async () => {
		const { model, format } = await open(await sample('saved-model', 'exported'));
		expect(format).toBe('TensorFlow SavedModel');
		expect(model.graph.nodes.map(({ id, type, shape }) => [id, type, shape])).toEqual([
			['serving_default_x', 'Input', [null, 4]],
			['model/hidden/MatMul', 'Dense', [null, 3]],
			['model/hidden/Activation', 'Relu', [null, 3]],
			['model/hidden/Identity', 'Identity', [null, 3]],
			['model/out/MatMul', 'Dense', [null, 2]],
			['model/out/Activation', 'Softmax', [null, 2]],
			['model/out/Identity', 'Identity', [null, 2]]
		]);
		const [y] = model.run({ serving_default_x: tf.tensor2d(X) }, model.graph.outputs);
		const expected = X.map((row) => {
			const hidden = [0, 1, 2].map((j) =>
				Math.max(
					0,
					row.reduce((sum, x, i) => sum + x * FIRST[3 * i + j]!, 0)
				)
			);
			const logits = [0, 1].map((j) => hidden.reduce((sum, h, i) => sum + h * SECOND[2 * i + j]!, 0));
			const all = logits.reduce((sum, z) => sum + Math.exp(z), 0);
			return logits.map((z) => Math.exp(z) / all);
		});
		expectClose({ data: await y!.data() }, { data: expected.flat() }, { atol: 1e-6 });
		model.dispose();
	});

	it('opens its structure where the variables are not among the files', async () => {
		const { 'saved_model.pb': only } = await sample('saved-model', 'exported');
		const { model } = await open({ 'saved_model.pb': only! });
		expect(model.obstacle?.message).toBe(
			'The weights are missing: “variables/variables.index” is not among the files.'
		);
		expect(model.graph.nodes).toHaveLength(7);
		model.dispose();
	});

	it('says which file of its numbers is missing, and knows their shapes', async () => {
		const files = { ...(await sample('saved-model', 'exported')) };
		delete files['variables/variables.data-00000-of-00001'];
		const { model } = await open(files);
		expect(model.obstacle?.message).toMatch(/“variables\/variables\.data-00000-of-…” is not among/);
		expect(model.graph.nodes[1]?.weights[0]).toMatchObject({ shape: [4, 3], missing: true });
		expect(model.graph.nodes.at(-1)?.shape).toEqual([null, 2]);
		model.dispose();
	});

	it('refuses a function that calls itself', async () => {
		const body = { name: 'round', inputs: ['x'], nodes: [{ name: 'again', op: 'PartitionedCall', inputs: ['x'], attr: { f: attr.func('round') } }], returns: { y: 'again:output:0' } }; // prettier-ignore
		const pb = savedModel(
			graph(
				[
					{ name: 'x', op: 'Placeholder', attr: { dtype: attr.type(DT.float) } },
					{ name: 'y', op: 'PartitionedCall', inputs: ['x'], attr: { f: attr.func('round') } }
				],
				[body]
			),
			{
				serving_default: { inputs: { x: { name: 'x:0', shape: [-1, 4] } }, outputs: { y: { name: 'y:0', shape: [] } } }
			}
		);
		await expect(open({ 'saved_model.pb': pb })).rejects.toThrow('the function “round” calls itself');
	});

	it('refuses one without signatures, and says what to do', async () => {
		const pb = savedModel(graph([constant('a', floats([1], [1]))]), {});
		await expect(open({ 'saved_model.pb': pb })).rejects.toThrow(/no signature/);
	});
});

describe('a frozen graph', () => {
	it('runs with its constants, packed or listed, and gives what nothing else reads', async () => {
		const { model, format } = await open(await sample('tensorflow-graph', 'frozen'));
		expect(format).toBe('frozen TensorFlow graph');
		expect(model.graph.outputs).toEqual(['soft']);
		const x = tf.tensor4d(
			Float32Array.from({ length: 72 }, (_, i) => Math.cos(i)),
			[2, 6, 6, 1]
		);
		const [y] = model.run({ x }, model.graph.outputs);
		const kernel = tf.tensor4d(
			Array.from({ length: 18 }, (_, i) => Math.sin(i)),
			[3, 3, 1, 2]
		);
		const expected = tf.softmax(tf.mean(tf.relu(tf.add(tf.conv2d(x, kernel, 2, 'same'), 0.5)), [1, 2]));
		expectClose({ data: await y!.data() }, { data: await expected.data() }, { atol: 1e-6 });
		model.dispose();
	});

	it('is told apart from other messages', async () => {
		const others = [
			new Uint8Array([8, 7, 18, 7, 112, 121, 116, 111, 114, 99, 104]),
			new Uint8Array([10, 3, 10, 1, 65])
		];
		for (const bytes of others) await expect(open({ 'a.pb': bytes })).rejects.toThrow();
	});
});
