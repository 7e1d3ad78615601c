import { expect, it } from 'vitest';
import { startEngine } from '#engine/device.ts';
import * as tf from '#engine/tf.ts';
import { predictionsFor } from '#workers/compute/activation-rows.ts';
import { blending } from '#workers/compute/blends.ts';
import { Session } from '#workers/compute/session.ts';
import { Transferred, type CallContext } from '#workers/rpc.ts';
import { expectClose } from '../close.ts';
import { shippedModel } from '../tools/shipped.ts';

const context: CallContext = { signal: new AbortController().signal, progress: () => {} };
const value = <T>(result: T | Transferred<T>): T => (result instanceof Transferred ? result.value : result);

it('a mixture is answered as the mixture of what the model takes, of images and of rows', async () => {
	await startEngine('wasm');
	const session = new Session(await shippedModel('digits'), 'digits');
	const { predictBlends } = blending(
		() => session,
		(_, job) => job()
	);
	const canvas = new OffscreenCanvas(28, 28);
	const drawing = canvas.getContext('2d')!;
	const images: Blob[] = [];
	for (let i = 0; i < 5; i++) {
		drawing.fillStyle = 'black';
		drawing.fillRect(0, 0, 28, 28);
		drawing.fillStyle = 'white';
		drawing.fillRect(4 + 3 * i, 4, 4, 8 + 3 * i);
		images.push(await canvas.convertToBlob({ type: 'image/png' }));
	}
	const before = tf.memory().numTensors;
	const blends = {
		k: 3,
		items: Int32Array.of(2, -1, -1, 0, 1, 4),
		weights: Float32Array.of(1, 0, 0, 0.5, 0.3, 0.2)
	};
	const kept = { key: 'a', ids: Int32Array.of(10, 11, 12, 13, 14) };
	const { scores, classes } = value(await predictBlends(images, kept, blends, context));
	expect(classes).toBe(10);

	// By hand: pixels as the model takes them, mixed.
	const pixels: Float32Array[] = [];
	for (const blob of images) {
		const bitmap = await createImageBitmap(blob);
		session.feed({ [session.inputs[0]!.id]: { kind: 'image', bitmap } });
		pixels.push(Float32Array.from(await session.explained().tensor.data()));
	}
	const size = pixels[0]!.length;
	const mixture = pixels[0]!.map((v, d) => 0.5 * v + 0.3 * pixels[1]![d]! + 0.2 * pixels[4]![d]!);
	const rows = new Float32Array(2 * size);
	rows.set(pixels[2]!);
	rows.set(mixture, size);
	const expected = await predictionsFor(session, rows, context);
	expectClose({ data: scores }, { data: expected.scores }, { rtol: 1e-3, atol: 1e-5 });
	// The mixture is neither of the answers mixed.
	const apart = await predictionsFor(session, images, context);
	const predictionsMixed = Float32Array.from(
		{ length: 10 },
		(_, k) => 0.5 * apart.scores[k]! + 0.3 * apart.scores[10 + k]! + 0.2 * apart.scores[40 + k]!
	);
	expect(Math.max(...predictionsMixed.map((v, k) => Math.abs(v - scores[10 + k]!)))).toBeGreaterThan(0.01);

	// As rows, and with images that were prepared before: these are no longer read.
	const all = new Float32Array(5 * size);
	pixels.forEach((row, i) => all.set(row, i * size));
	expectClose(
		{ data: value(await predictBlends(all, kept, blends, context)).scores },
		{ data: scores },
		{ rtol: 1e-3, atol: 1e-5 }
	);
	const broken = images.map(() => new Blob(['no image']));
	await expect(predictBlends(broken, { ...kept, key: 'b' }, blends, context)).rejects.toThrow(/cannot be read/);
	await predictBlends(images, kept, blends, context);
	expectClose(
		{ data: value(await predictBlends(broken, kept, blends, context)).scores },
		{ data: scores },
		{ rtol: 1e-3, atol: 1e-5 }
	);
	expect(tf.memory().numTensors - before).toBeLessThanOrEqual(1);
	session.dispose();
});
