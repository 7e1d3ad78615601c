import { afterAll, describe, expect, it } from 'vitest';
import type { BackendId } from '#contracts/compute.ts';
import { startEngine } from '#engine/device.ts';
import { ExecutableModel } from '#engine/model/executor.ts';
import { graphModel } from '#engine/model/graph/model.ts';
import { operatorStep } from '#engine/model/operator-step.ts';
import { writtenGraph } from '#engine/model/tracing/graph.ts';
import * as tf from '#engine/tf.ts';
import { exportFormats } from '#methods/export.ts';
import { expectClose } from '../close.ts';
import { node } from '../tools/networks.ts';
import { shippedModel } from '../tools/shipped.ts';
import { writtenWeights } from '../tools/written.ts';

const { signal } = new AbortController();

describe.each(['webgpu', 'wasm'] as BackendId[])('a model saved on %s', (backend) => {
	afterAll(() => (backend === 'webgpu' ? tf.removeBackend('webgpu') : undefined));

	it('works sizes out of the rows of its batch when it runs', async () => {
		await startEngine(backend);
		// As in the lab: sizes are worked out where they lie. Other tests want kernels for small tensors, too.
		if (backend === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', true);
		const kernel = tf.randomUniform([2, 2, 3, 2], -1, 1, 'float32', 5);
		const info = { name: 'up/kernel', shape: [2, 2, 3, 2], dtype: 'float32' };
		const up = node('up', 'Conv2DTranspose', ['x'], { weights: [info], attributes: { strides: [2, 2], padding: 'same' } }); // prettier-ignore
		const input = { node: node('x', 'Input', [], { shape: [null, 4, 5, 2] }), compute: () => [] };
		const model = new ExecutableModel({
			steps: [input, operatorStep(up, { kernel: 'up/kernel' }), operatorStep(node('y', 'Relu', ['up']))],
			...{ inputs: ['x'], outputs: ['y'], weights: new Map([['up/kernel', kernel]]) },
			dispose: () => kernel.dispose()
		});
		const written = await writtenGraph(model, new Map(), signal);
		expect(written.notes).toEqual([]);
		const again = graphModel({ ...written, weights: await writtenWeights(model, written) });
		const x = tf.randomUniform([3, 4, 5, 2], -1, 1, 'float32', 7);
		const [[a], [b]] = [model.run({ x }, ['y']), again.run({ x }, again.graph.outputs)];
		expect(b!.shape).toEqual([3, 8, 10, 3]);
		expectClose({ data: await b!.data() }, { data: await a!.data() }, { rtol: 1e-6, atol: 1e-6 });
		tf.dispose([x, a!, b!]);
		model.dispose();
		again.dispose();
	});

	it('stays Keras layers, held against itself', async () => {
		await startEngine(backend);
		const { model } = await shippedModel('digits');
		const before = tf.memory().numTensors;
		const given = { model, title: 'digits', labels: null, sizes: new Map(), signal, progress: () => {} };
		const { notes } = await exportFormats.get('tfjs')!.write(given);
		expect(notes[0]).toMatch(/^Saved as Keras layers/);
		expect(tf.memory().numTensors).toBe(before);
		model.dispose();
	});
});
