import { afterAll, describe, expect, it } from 'vitest';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { startEngine } from '#engine/device.ts';
import { cellGridOf, cellStatsOf } from '#engine/kernels/cells.ts';
import * as tf from '#engine/tf.ts';
import { cellGrid, cellLayout, cellStats } from '#maths/cells.ts';
import { expectClose } from '../close.ts';

/** Our kernels against their twins on the processor, and WebGL's composition against both. */
describe.each(['webgpu', 'webgl', 'wasm', 'cpu'] as const)('cells on %s', (backend) => {
	afterAll(() => (backend === 'webgpu' ? tf.removeBackend('webgpu') : undefined));

	it.each([
		[1, 1, 3, 8],
		[5, 7, 1, 8],
		[13, 9, 70, 4],
		[40, 30, 5, 12],
		[3, 50, 4, 6]
	])('%i × %i of %i cells in pictures of at most %i', async (h, w, count, side) => {
		await startEngine(backend);
		tf.env().set('WEBGPU_CPU_FORWARD', false);
		const values = Float32Array.from({ length: h * w * count }, (_, i) =>
			i % 7 === 0 ? 0 : 100 + Math.sin(i * 1.7) * (1 + (i % count))
		);
		const x = tf.tensor3d(values, [h, w, count]);
		const layout = cellLayout(h, w, count, 0, side, 512);
		const before = tf.memory().numTensors;
		const device = backend === 'webgpu' ? (tf.backend() as WebGPUBackend).device : null;
		device?.pushErrorScope('validation');
		const stats = cellStatsOf(x);
		const field = cellGridOf(x, layout);
		const [actual, picture] = [await stats.data(), await field.data()];
		expect((await device?.popErrorScope())?.message).toBeUndefined();
		expectClose(
			{ shape: stats.shape, data: actual },
			{ shape: [5, count], data: cellStats(values, h * w, count) },
			{ rtol: 1e-4, atol: 1e-4 }
		);
		expectClose(
			{ shape: field.shape, data: picture },
			{
				shape: [layout.rows * layout.height, layout.columns * layout.width],
				data: cellGrid(values, h, w, count, layout)
			},
			{ rtol: 1e-5, atol: 1e-5 }
		);
		tf.dispose([stats, field]);
		expect(tf.memory().numTensors).toBe(before);
		x.dispose();
	});
});
