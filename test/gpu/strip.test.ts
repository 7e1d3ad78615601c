import { afterAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import type { LayerActivation } from '#contracts/anatomy.ts';
import type { SentField } from '#contracts/field.ts';
import { startEngine } from '#engine/device.ts';
import * as tf from '#engine/tf.ts';
import { activationStrip } from '#methods/activation/strip.ts';
import { expectClose } from '../close.ts';
import { shippedModel } from '../tools/shipped.ts';

/** A strip of every node: what tensors on the GPU give against loops over the processor's own numbers. */
async function strip(): Promise<{ reports: LayerActivation[]; fields: Map<string, SentField> }> {
	const { model } = await shippedModel('digits');
	const [id] = model.graph.inputs as [string];
	const x = tf.tensor(
		Array.from({ length: 784 }, (_, i) => Math.sin(i * 0.37)),
		[1, 28, 28, 1]
	);
	const fields = new Map<string, SentField>();
	const before = tf.memory().numTensors;
	const reports = await activationStrip(
		{
			model,
			feeds: { [id]: x },
			transfer: 'array',
			signal: new AbortController().signal,
			send: (field) => void fields.set(field.key, field)
		},
		{ layers: model.graph.nodes.map((node) => node.id), prefix: '', maxCells: 8 }
	);
	expect(tf.memory().numTensors).toBe(before);
	x.dispose();
	model.dispose();
	return { reports, fields };
}

afterAll(() => tf.removeBackend('webgpu'));

it('gives the same strip on WebGPU, on WebGL and on the processor', async () => {
	await startEngine('cpu');
	const expected = await strip();
	for (const backend of ['webgpu', 'webgl'] as const) {
		await startEngine(backend);
		tf.env().set('WEBGPU_CPU_FORWARD', false);
		const actual = await strip();
		expect(actual.reports.map(({ id, cells, key }) => ({ id, cells, key }))).toEqual(
			expected.reports.map(({ id, cells, key }) => ({ id, cells, key }))
		);
		actual.reports.forEach(({ stats }, i) => {
			const reference = expected.reports[i]!.stats;
			for (const name of ['mean', 'std', 'min', 'max', 'zeros'] as const)
				expectClose({ data: stats[name] }, { data: reference[name] }, { rtol: 2e-3, atol: 2e-4 });
		});
		expect([...actual.fields.keys()]).toEqual([...expected.fields.keys()]);
		for (const [key, { payload, width, height }] of actual.fields) {
			const reference = expected.fields.get(key)!;
			if (payload.kind !== 'array' || reference.payload.kind !== 'array') throw new Error('Arrays were asked for.');
			expectClose(
				{ shape: [height, width], data: payload.values },
				{ shape: [reference.height, reference.width], data: reference.payload.values },
				{ rtol: 2e-3, atol: 2e-4 }
			);
		}
	}
});
