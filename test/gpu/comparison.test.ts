import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEngine } from '#engine/device.ts';
import { memory } from '#engine/memory.ts';
import * as tf from '#engine/tf.ts';
import { distanceFigures, readDistances } from '#methods/comparison/distance.ts';
import { weightDistances } from '#methods/comparison/weights.ts';
import { compareGraphs } from '#methods/structure/compare.ts';
import { shippedModel } from '../tools/shipped.ts';

/** Distances on WebGPU, where weights lie: against float64, and without a trace. */

beforeAll(async () => void (await startEngine('webgpu')));
afterAll(() => tf.removeBackend('webgpu'));

it('distances on WebGPU are those of float64, whole numbers and odd sizes too', async () => {
	for (const [n, dtype] of [
		[1, 'float32'],
		[1000, 'float32'],
		[70_001, 'float32'],
		[300, 'int32']
	] as const) {
		const whole = (x: number) => (dtype === 'int32' ? Math.round(20 * x) : Math.fround(x));
		const a = Array.from({ length: n }, (_, i) => whole(Math.sin(i * 0.7) + 0.3));
		const b = Array.from({ length: n }, (_, i) => whole(Math.sin(i * 0.7) + 0.3 + 0.1 * Math.cos(i * 1.3)));
		const [x, y] = [tf.tensor1d(a, dtype), tf.tensor1d(b, dtype)];
		const [found] = await readDistances([distanceFigures(x, y)]);
		const sum = (f: (i: number) => number) => a.reduce((all, _, i) => all + f(i), 0);
		const d2 = sum((i) => (a[i]! - b[i]!) ** 2);
		const a2 = sum((i) => a[i]! ** 2);
		const b2 = sum((i) => b[i]! ** 2);
		expect(Math.abs(found!.relative / Math.sqrt(d2 / a2) - 1), `${n} ${dtype}`).toBeLessThan(1e-4);
		expect(found!.cosine).toBeCloseTo(sum((i) => a[i]! * b[i]!) / Math.sqrt(a2 * b2), 5);
		expect(found!.invalid).toBe(0);
		tf.dispose([x, y]);
	}
	const [x, y] = [tf.tensor1d([1, NaN, 3, Infinity]), tf.tensor1d([1, 2, 4, 4])];
	expect((await readDistances([distanceFigures(x, y)]))[0]).toMatchObject({ invalid: 2, maxAbs: 1 });
	tf.dispose([x, y]);
});

it('a model is at distance nought from itself, and leaves tensors and bytes as they were', async () => {
	const [first, second] = [(await shippedModel('digits')).model, (await shippedModel('digits')).model];
	const rows = compareGraphs(first.graph, second.graph);
	const weigh = async () => {
		const found = [];
		for await (const step of weightDistances(first, second, rows, new AbortController().signal))
			found.push(...step.rows);
		return found;
	};
	// The first round uploads the weights.
	await weigh();
	const before = memory();
	const found = await weigh();
	expect(found).toHaveLength(4);
	for (const { relative, tensors } of found) {
		expect(relative).toBe(0);
		for (const { maxAbs, cosine } of tensors) {
			expect(maxAbs).toBe(0);
			expect(cosine).toBeCloseTo(1, 4);
		}
	}
	expect(memory().tensors).toBe(before.tensors);
	expect(memory().bytes).toBeLessThanOrEqual(before.bytes);
	first.dispose();
	second.dispose();
});
