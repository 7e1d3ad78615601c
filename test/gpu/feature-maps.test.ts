import { afterAll, beforeAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import type { Model } from '#contracts/model.ts';
import { startEngine } from '#engine/device.ts';
import * as tf from '#engine/tf.ts';
import { cellStats, stackOf } from '#methods/activation/cells.ts';
import { expectClose } from '../close.ts';
import { shippedModel } from '../tools/shipped.ts';

/** Every layer of every sample model: WebGPU against the CPU backend. */

interface Layer {
	id: string;
	values: Float32Array;
	stats: Float32Array;
}

async function layers(model: Model): Promise<Layer[]> {
	const [id] = model.graph.inputs as [string];
	const { shape } = model.graph.nodes.find((node) => node.id === id)!;
	const size = shape.map((n) => n ?? 1);
	const values = Float32Array.from(
		{ length: size.reduce((a, b) => a * b) },
		(_, i) => Math.sin(i * 0.37) + Math.cos(i * 0.011)
	);
	const input = tf.tensor(values, size);
	const all: Layer[] = [];
	const ids = model.graph.nodes.map((node) => node.id);
	const tensors = model.run({ [id]: input }, ids);
	for (const [i, tensor] of tensors.entries()) {
		const stats = tf.tidy(() => cellStats(stackOf(tensor, model.graph.nodes[i]!.type)));
		all.push({
			id: ids[i]!,
			values: Float32Array.from(await tensor.data()),
			stats: Float32Array.from(await stats.data())
		});
		tf.dispose([tensor, stats]);
	}
	input.dispose();
	model.dispose();
	return all;
}

const names = ['digits', 'photos', 'shortcut'];
const expected = new Map<string, Layer[]>();
beforeAll(async () => {
	await startEngine('cpu');
	for (const name of names) expected.set(name, await layers((await shippedModel(name)).model));
	await startEngine('webgpu');
});
afterAll(() => tf.removeBackend('webgpu'));

it.each(names)('WebGPU gives the feature maps of %s that the CPU gives', async (name) => {
	const { model } = await shippedModel(name);
	const actual = await layers(model);
	for (const [i, { id, values, stats }] of actual.entries()) {
		const reference = expected.get(name)![i]!;
		expect(id).toBe(reference.id);
		// The tolerance is of the layer's own size: a sum that cancels has the error of its parts.
		const reach = reference.values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
		expectClose({ data: values }, { data: reference.values }, { rtol: 1e-3, atol: 1e-6 + 1e-5 * reach });
		expectClose({ data: stats }, { data: reference.stats }, { rtol: 1e-3, atol: 1e-5 + 1e-4 * reach });
	}
});
