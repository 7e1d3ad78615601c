import { GraphModel } from '@tensorflow/tfjs-converter';
import { beforeAll, describe, expect, it } from 'vitest';
import { LabError } from '#contracts/errors.ts';
import type { GraphNode } from '#contracts/graph.ts';
import { ExecutableModel } from '#engine/model/executor.ts';
import { graphModel } from '#engine/model/graph/model.ts';
import { operatorStep } from '#engine/model/operator-step.ts';
import type { Step } from '#engine/model/step.ts';
import { writtenGraph, type WrittenGraph } from '#engine/model/tracing/graph.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../../../close.ts';
import { useBackend } from '../../../tools/backends.ts';
import { node } from '../../../tools/networks.ts';
import { fixesBatch, inputsOf, openSizes, plain, running, RUNNING } from '../../../tools/running-models.ts';
import { writtenWeights } from '../../../tools/written.ts';

/** Every model that the project has, written as a graph: what the lab and TF.js read of it is the same function. */

beforeAll(() => useBackend('wasm'));

const { signal } = new AbortController();

async function readByTfjs(
	{ topology, signature }: WrittenGraph,
	weights: Awaited<ReturnType<typeof writtenWeights>>
): Promise<GraphModel> {
	const all = [...weights];
	const weightData = await new Blob(
		all.map(([, { values }]) => new Uint8Array(values.buffer as ArrayBuffer))
	).arrayBuffer();
	const weightSpecs = all.map(([name, { shape, dtype }]) => ({ name, shape, dtype }));
	const artifacts = { modelTopology: topology, signature, weightSpecs, weightData, format: 'graph-model' };
	const read = new GraphModel({ load: () => Promise.resolve(artifacts as never) });
	await read.load();
	return read;
}

const renamed = (inputs: Record<string, tf.Tensor>) =>
	Object.fromEntries(Object.entries(inputs).map(([id, x]) => [id.replace(/[:^]/g, '_'), x]));

describe('a model as a TensorFlow graph', () => {
	it.each(RUNNING)('%s: the same function to the lab and to TF.js', async (_, source) => {
		const { model } = await running(source());
		expect(model.obstacle).toBeNull();
		const before = tf.memory().numTensors;
		const written = await writtenGraph(model, openSizes(model), signal);
		expect(tf.memory().numTensors).toBe(before);
		const weights = await writtenWeights(model, written);
		const again = graphModel({ ...written, weights });
		expect(again.obstacle).toBeNull();
		const byTfjs = await readByTfjs(written, weights);
		for (const rows of fixesBatch(model) ? [1] : [1, 3]) {
			const inputs = inputsOf(model, rows);
			const expected = await plain(model.run(inputs, model.graph.outputs));
			const mine = await plain(again.run(renamed(inputs), again.graph.outputs));
			const theirs = await plain([byTfjs.predict(inputs)].flat() as tf.Tensor[]);
			for (const [k, { shape, data }] of expected.entries())
				for (const found of [mine[k]!, theirs[k]!]) {
					expect(found.shape).toEqual(shape);
					expectClose({ data: found.data }, { data }, { rtol: 1e-6, atol: 1e-6 });
				}
			tf.dispose(inputs);
		}
		const names = model.graph.nodes.flatMap(({ weights: own }) => own.map(({ name }) => name));
		for (const { name, from } of written.weights)
			if (from !== null) {
				expect(names).toContain(from);
				expect(name).toBe(from.replace(/[:^]/g, '_'));
			}
		model.dispose();
		again.dispose();
		byTfjs.dispose();
	});

	/** One step behind an input [batch, 3]. */
	function one(compute: Step['compute'], type = 'Scale') {
		const y: GraphNode = node('block/y', type, ['x']);
		const input = { node: node('x', 'Input', [], { shape: [null, 3] }), compute: () => [] };
		const parts = { inputs: ['x'], outputs: ['block/y'], weights: new Map(), dispose: () => {} };
		return new ExecutableModel({ ...parts, steps: [input, { node: y, compute }] });
	}

	it('leaves the batch open where sizes go by it', async () => {
		const model = one(([x]) => [tf.add(x!, tf.mul(tf.ones([x!.shape[0]!, 3]), tf.zeros([x!.shape[0]! * 3]).reshape(x!.shape)))]); // prettier-ignore
		const written = await writtenGraph(model, new Map(), signal);
		expect(written.notes).toEqual([]);
		const again = graphModel({ ...written, weights: await writtenWeights(model, written) });
		const [y] = await plain(again.run(inputsOf(model, 4), again.graph.outputs));
		const [expected] = await plain(model.run(inputsOf(model, 4), ['block/y']));
		expect(y).toEqual(expected);
	});

	it('fixes it where rows are counted, and says so', async () => {
		const model = one(([x]) => [tf.mul(x!, x!.shape[0]! - 0.5)]);
		const written = await writtenGraph(model, new Map(), signal);
		expect(written.notes).toEqual([expect.stringMatching(/one row at a time/)]);
		expect(written.signature['inputs']).toMatchObject({ x: { tensorShape: { dim: [{ size: '1' }, { size: '3' }] } } });
	});

	it('refuses by name what TensorFlow has no operation for', async () => {
		const before = tf.memory().numTensors;
		const model = one(([x]) => [tf.step(x!)], 'Jump');
		const refused = writtenGraph(model, new Map(), signal);
		const error = (await refused.catch((reason: unknown) => reason)) as LabError;
		expect(error).toBeInstanceOf(LabError);
		expect(error.message).toMatch(/“block\/y” \(Jump\).*Step/);
		expect(error.hint).toMatch(/weights.*structure/);
		expect(tf.memory().numTensors).toBe(before);
		// The engine runs what it ran before.
		expect(Object.hasOwn(tf.engine(), 'runKernel')).toBe(false);
	});

	it('gives the engine back when the run fails', async () => {
		const model = one(() => {
			throw new Error('no');
		});
		await expect(writtenGraph(model, new Map(), signal)).rejects.toThrow(/could not run/);
		expect(Object.hasOwn(tf.engine(), 'runKernel')).toBe(false);
	});

	it('calls weights and nodes by their own names, weights first', async () => {
		const step = operatorStep(node('w', 'Dense', ['x'], { weights: [{ name: 'w', shape: [3, 2], dtype: 'float32' }] }), { kernel: 'w' }); // prettier-ignore
		const input = { node: node('x', 'Input', [], { shape: [null, 3] }), compute: () => [] };
		const weights = new Map([['w', tf.ones([3, 2])]]);
		const model = new ExecutableModel({ steps: [input, step], inputs: ['x'], outputs: ['w'], weights, dispose: () => {} }); // prettier-ignore
		const { topology, signature } = await writtenGraph(model, new Map(), signal);
		const nodes = topology['node'] as { name: string; op: string }[];
		expect(nodes.map(({ name, op }) => `${name} ${op}`)).toEqual(['w Const', 'x Placeholder', 'w_1 MatMul']);
		expect(signature['outputs']).toMatchObject({ w: { name: 'w_1:0' } });
	});

	it('wants the length of what may be of any', async () => {
		const input = { node: node('x', 'Input', [], { shape: [null, null] }), compute: () => [] };
		const step = operatorStep(node('y', 'Relu', ['x']));
		const model = new ExecutableModel({ steps: [input, step], inputs: ['x'], outputs: ['y'], weights: new Map(), dispose: () => {} }); // prettier-ignore
		await expect(writtenGraph(model, new Map(), signal)).rejects.toThrow(/“x” may be of any length/);
		const { signature } = await writtenGraph(model, new Map([['x', [1, 7]]]), signal);
		expect(signature['inputs']).toMatchObject({ x: { tensorShape: { dim: [{ size: '-1' }, { size: '7' }] } } });
	});
});
