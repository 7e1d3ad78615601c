import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Shape } from '#contracts/graph.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { expectClose } from '../close.ts';
import { useBackend } from '../tools/backends.ts';
import { dataFolder, folderSource, loadContext } from '../tools/files.ts';

/** Models that others made; the expected numbers come from their makers' own runtimes. */
describe.runIf(dataFolder)('models made by others', () => {
	beforeAll(() => useBackend('wasm'));
	const open = (path: string) => openSource(folderSource(join(dataFolder as string, path)), loadContext());

	it('reads MobileNet in 55 shards', async () => {
		const { model, format } = await open('real-models/tfjs-layers/mobilenet_v1_025_224-imagenet');
		expect(format).toBe('TF.js layers model');
		const [y] = model.run({ input_1: tf.ones([1, 224, 224, 3]) }, model.graph.outputs);
		expectClose(
			{ data: (await y!.data()).slice(0, 5) },
			{ data: [6e-5, 0.00115, 0.00036, 0.00016, 0.00087] },
			{ atol: 6e-6 }
		);
		model.dispose();
	});

	const cases = [
		{ path: 'tfjs-layers/tensorspace-lenet', output: 7, expected: [0, 1, 0, 0, 0], format: 'TF.js layers model' },
		{ path: 'tfjs-layers/wit-iris', output: 0, expected: [0.09055, 0.67787, 0.23159], format: 'TF.js layers model' },
		{ path: 'tfjs-graph/selfie-f16', output: 0, expected: [0, 0, 0], format: 'TF.js graph model, float16 weights' },
		{
			path: 'tfjs-graph/prefetch-angular',
			output: 0,
			expected: [0.48185, 0.35377, 0.12855],
			format: 'TF.js graph model'
		}
	];
	it.each(cases)('computes $path and frees what it took', async ({ path, output, expected, format }) => {
		const opened = await open(`real-models/${path}`);
		expect(opened.format).toBe(format);
		expect(opened.warnings).toEqual([]);
		const { model } = opened;
		const inputs = model.graph.nodes.filter((node) => node.type === 'Input');
		const ones = (shape: Shape, dtype: string) =>
			tf.ones(
				shape.map((n) => n ?? 1),
				dtype as 'float32'
			);
		const feeds = Object.fromEntries(inputs.map((node) => [node.id, ones(node.shape, node.dtype)]));
		const before = tf.memory().numTensors;
		const outputs = model.run(feeds, model.graph.outputs);
		const values = await outputs[output]!.data();
		expectClose({ data: values.slice(0, expected.length) }, { data: expected }, { atol: 1e-5 });
		outputs.forEach((y) => y.dispose());
		expect(tf.memory().numTensors).toBe(before);
		model.dispose();
	});
});
