import { afterAll, describe, expect, it } from 'vitest';
import type { BackendId } from '#contracts/compute.ts';
import { startEngine } from '#engine/device.ts';
import { tensorEngine } from '#engine/projection/tensor-engine.ts';
import * as tf from '#engine/tf.ts';
import { activationRows } from '#workers/compute/activation-rows.ts';
import { projecting } from '#workers/compute/projection.ts';
import { Session } from '#workers/compute/session.ts';
import { Transferred, type CallContext } from '#workers/rpc.ts';
import { expectClose } from '../close.ts';
import { shippedModel } from '../tools/shipped.ts';

const context = (change: Partial<CallContext> = {}): CallContext => ({
	signal: new AbortController().signal,
	progress: () => {},
	...change
});

const value = <T>(result: T | Transferred<T>): T => (result instanceof Transferred ? result.value : result);

/** Grey squares, brighter and brighter, as encoded images and as the numbers that the model gets of them. */
async function squares(count: number, side: number): Promise<Blob[]> {
	const canvas = new OffscreenCanvas(side, side);
	const drawing = canvas.getContext('2d')!;
	const blobs: Blob[] = [];
	for (let i = 0; i < count; i++) {
		const grey = Math.round((255 * i) / count);
		drawing.fillStyle = `rgb(${grey}, ${grey}, ${grey})`;
		drawing.fillRect(0, 0, side, side);
		drawing.fillStyle = 'white';
		drawing.fillRect(i % side, 2, 5, 9);
		blobs.push(await canvas.convertToBlob({ type: 'image/png' }));
	}
	return blobs;
}

describe.each(['webgpu', 'wasm'] as BackendId[])('what a model makes of many inputs, on %s', (backend) => {
	afterAll(() => (backend === 'webgpu' ? tf.removeBackend('webgpu') : undefined));

	it('is held as rows: pooled, flat, of images and of numbers', async () => {
		await startEngine(backend);
		const session = new Session(await shippedModel('digits'), 'digits');
		const { rowStore, api } = projecting(tensorEngine);
		const rows = activationRows(
			() => session,
			rowStore,
			(_, job) => job()
		);
		const images = await squares(37, 28);
		const before = tf.memory().numTensors;
		const { graph } = session.model;
		const layer = graph.nodes.find(({ type }) => /conv/i.test(type))!;
		const [input] = session.inputs;

		// The same numbers by hand: one image after the other, pooled in float64.
		const predictions = value(await rows.predictAll(images, context()));
		expect(predictions.classes).toBe(10);
		expect(predictions.scores.length).toBe(370);
		for (let i = 0; i < 37; i++)
			expect(predictions.scores.subarray(10 * i, 10 * i + 10).reduce((a, b) => a + b)).toBeCloseTo(1, 4);
		for (const i of [0, 20, 36]) {
			const bitmap = await createImageBitmap(images[i]!);
			session.feed({ [input!.id]: { kind: 'image', bitmap } });
			const [prediction] = await session.predict();
			expectClose(
				{ data: predictions.scores.subarray(10 * i, 10 * i + 10) },
				{ data: prediction!.probabilities },
				{ rtol: 1e-3, atol: 1e-5 }
			);
		}
		const fed = session.explained().tensor;
		const [expected] = session.model.run({ [input!.id]: fed }, [layer.id]) as [tf.Tensor];
		const values = await expected.data();
		const [, height, width, channels] = expected.shape as [number, number, number, number];
		const column = (c: number) => Array.from({ length: height * width }, (_, at) => values[at * channels + c]!);
		const pooled = {
			mean: Array.from({ length: channels }, (_, c) => column(c).reduce((a, b) => a + b) / (height * width)),
			max: Array.from({ length: channels }, (_, c) => Math.max(...column(c))),
			flat: Array.from(values)
		};
		const pixels = Float32Array.from(await fed.data());
		expected.dispose();
		for (const pooling of ['mean', 'max', 'flat'] as const) {
			const shares: number[] = [];
			const progress = (report: unknown) => shares.push((report as { done: number }).done);
			const held = value(await rows.holdActivations(layer.id, pooling, images, context({ progress })));
			expect(held).toMatchObject({ count: 37, width: pooled[pooling].length });
			expect(shares.every((share) => share > 0 && share <= 1)).toBe(true);
			const all = value(await rows.readRows(held.handle, context()));
			expect(all.length).toBe(37 * held.width);
			expectClose({ data: all.subarray(36 * held.width) }, { data: pooled[pooling] }, { rtol: 1e-3, atol: 1e-4 });
			const own = value(await rows.holdActivations(layer.id, pooling, pixels, context()));
			const one = value(await rows.readRows(own.handle, context()));
			expectClose({ data: one }, { data: pooled[pooling] }, { rtol: 1e-3, atol: 1e-4 });
			if (pooling === 'mean') {
				const request = { method: 'pca', parameters: {}, dimensions: 2, metric: 'euclidean', seed: 1 } as const;
				const map = value(await api.project(held.handle, request, context()));
				expect(map.engine).toBe(backend === 'webgpu' ? 'WebGPU' : 'typed arrays');
				expect(map.positions.every(Number.isFinite)).toBe(true);
			}
			for (const { handle } of [held, own]) await api.dropRows(handle, context());
		}
		// The input that was fed is the session's.
		expect(tf.memory().numTensors).toBe(before + 1);

		const controller = new AbortController();
		controller.abort();
		await expect(rows.predictAll(images, context({ signal: controller.signal }))).rejects.toThrow(/cancelled/);
		await expect(rows.predictAll(new Float32Array(5), context())).rejects.toThrow(/takes 784 numbers/);
		await expect(rows.predictAll([new Blob(['no image'])], context())).rejects.toThrow('Image 1 cannot be read');
		expect(tf.memory().numTensors).toBe(before + 1);
		session.dispose();
	});
});
