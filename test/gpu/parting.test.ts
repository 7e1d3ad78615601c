import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEngine } from '#engine/device.ts';
import { memory } from '#engine/memory.ts';
import * as tf from '#engine/tf.ts';
import { orderings } from '#methods/comparison/axis-orders.ts';
import { pairFigures, readPairs, readSignatures, signatureFigures } from '#methods/comparison/layer-figures.ts';

/** Figures of layers' outputs on WebGPU, where they lie: against float64, and without a trace. */

beforeAll(async () => void (await startEngine('webgpu')));
afterAll(() => tf.removeBackend('webgpu'));

const [H, W, C] = [5, 4, 3];
const values = Float32Array.from({ length: H * W * C }, (_, i) => Math.sin(i * 1.7) + 0.2);
/** The same numbers, channels first. */
const first = Float32Array.from(values, (_, i) => values[(i % (H * W)) * C + Math.floor(i / (H * W))]!);

it('find the order in which the other side lies, and numbers on one side only', async () => {
	const before = memory();
	const a = tf.tensor(values, [1, H, W, C]);
	const moved = first.map((x, i) => (i === 7 ? x + 0.5 : x));
	const b = tf.tensor(moved, [1, C, H, W]);
	const holes = tf.tensor(values.map((x, i) => (i === 4 ? NaN : i === 9 ? Infinity : x)), [1, H, W, C]); // prettier-ignore
	const pairs = [
		pairFigures(a, b, orderings([H, W, C], [C, H, W])),
		pairFigures(b, a, orderings([C, H, W], [H, W, C])),
		pairFigures(a, holes, orderings([H, W, C], [H, W, C])),
		pairFigures(holes, holes, orderings([H, W, C], [H, W, C]))
	];
	const [one, other, wrong, alike] = await readPairs(pairs);
	const norm = (list: Float32Array) => Math.sqrt(list.reduce((sum, x) => sum + x * x, 0));
	expect(one!.order).toBe('b-channels-first');
	expect(Math.abs(one!.relative / (0.5 / norm(values)) - 1)).toBeLessThan(1e-4);
	expect(one!.maxAbs).toBeCloseTo(0.5, 5);
	expect(other!.order).toBe('a-channels-first');
	expect(Math.abs(other!.relative / (0.5 / norm(moved)) - 1)).toBeLessThan(1e-4);
	expect(wrong!.unlike).toBe(2);
	expect(alike!.unlike).toBe(0);
	tf.dispose([a, b, holes]);
	expect(memory().tensors).toBe(before.tensors);
});

it('signatures are those of float64, of large and small numbers too', async () => {
	for (const scale of [1, 1e-25, 1e25]) {
		const scaled = values.map((x) => x * scale);
		const tensor = tf.tensor(scaled, [1, H, W, C]);
		const [found] = await readSignatures([signatureFigures(tensor)], [scaled.length]);
		const mean = scaled.reduce((sum, x) => sum + x, 0) / scaled.length;
		const rms = scale * Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
		expect(found!.low / Math.min(...scaled)).toBeCloseTo(1, 5);
		expect(found!.high / Math.max(...scaled)).toBeCloseTo(1, 5);
		expect(found!.mean / mean).toBeCloseTo(1, 4);
		expect(found!.rms / rms).toBeCloseTo(1, 4);
		tensor.dispose();
	}
});
