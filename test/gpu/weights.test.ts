import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '#engine/device.ts';
import { tensorStats } from '#engine/tensor-stats.ts';
import * as tf from '#engine/tf.ts';
import { histogramOf } from '#maths/histogram.ts';
import { filterReport } from '#methods/weights/filters.ts';
import { filterRows, spectrumSource } from '#methods/weights/matrix.ts';
import { weightPicture } from '#methods/weights/picture.ts';
import { weightStatistics } from '#methods/weights/statistics.ts';
import { expectClose } from '../close.ts';
import { figures, reference, someValues } from '../tools/weights-reference.ts';

/** The statistics of weights where there is no memory to look into: on WebGPU by own kernels, on WebGL read once. */

describe.each(['webgpu', 'webgl'] as const)('on %s', (backend) => {
	const errors: string[] = [];
	beforeAll(async () => {
		await startEngine(backend);
		const device = (tf.backend() as unknown as { device?: GPUDevice }).device;
		device?.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
	});
	afterAll(() => (backend === 'webgpu' ? tf.removeBackend(backend) : undefined));

	const statistics = async (tensor: tf.Tensor) => {
		const stats = await tensorStats(tensor);
		return weightStatistics(stats).finally(() => stats.dispose());
	};

	it.each([
		[100, true],
		[4097, false],
		[40_001, true]
	])('gives the statistics of %i numbers (odd ones: %s) that float64 gives', async (n, odd) => {
		const values = someValues(n, n, odd);
		const tensor = tf.tensor1d(values);
		await tensor.data();
		const before = tf.memory().numTensors;
		const found = await statistics(tensor);
		expect(tf.memory().numTensors).toBe(before);
		const expected = reference(values);
		expectClose({ data: figures(found).slice(0, 5) }, { data: figures(expected).slice(0, 5) }, { rtol: 0, atol: 0 });
		expectClose({ data: figures(found) }, { data: figures(expected) }, { rtol: 1e-5, atol: 1e-7 });
		for (const [i, q] of found.quantiles.entries())
			expect(Math.abs(q - expected.quantiles[i]!)).toBeLessThanOrEqual(found.quantileError + 1e-15);
		expect(found.histogram.counts.reduce((a, b) => a + b)).toBe(n - found.nan - found.infinite);
		tensor.dispose();
		expect(errors).toEqual([]);
	});

	it('puts every number into the bin that its twin puts it into', async () => {
		const values = someValues(20_000, 3, true);
		const tensor = tf.tensor1d(values);
		const stats = await tensorStats(tensor);
		for (const [low, high, bins] of [
			[-1, 1, 128],
			[0.25, 0.35, 2048],
			[0.3, 0.3, 16]
		] as const)
			expect(Array.from(await stats.histogram(low, high, bins))).toEqual(
				Array.from(histogramOf(values, low, high, bins))
			);
		stats.dispose();
		tensor.dispose();
		expect(errors).toEqual([]);
	});

	it('casts whole numbers and truths', async () => {
		const values = Int32Array.from({ length: 5000 }, (_, i) => (i % 7) - 3);
		const whole = await statistics(tf.tensor1d(values, 'int32'));
		const expected = reference(values);
		expectClose({ data: figures(whole) }, { data: figures(expected) }, { rtol: 1e-5, atol: 1e-6 });
		const truths = await statistics(
			tf.tensor1d(
				Array.from({ length: 5000 }, (_, i) => i % 4 === 0),
				'bool'
			)
		);
		expect(truths.mean).toBeCloseTo(0.25, 6);
		expect(truths.zeros).toBe(3750);
		expect(errors).toEqual([]);
	});

	it('compares filters, and hands matrices and pictures over', async () => {
		const values = someValues(2 * 2 * 3 * 8, 11);
		for (let i = 0; i < 12; i++) {
			values[8 * i + 2] = 0;
			values[8 * i + 6] = 2 * values[8 * i + 1]!;
		}
		const info = { name: 'k', shape: [2, 2, 3, 8], dtype: 'float32', role: 'kernel' };
		const node = {
			id: 'n',
			type: 'Conv2D',
			attributes: {},
			inputs: [],
			shape: [],
			dtype: 'float32',
			weights: [info],
			group: []
		};
		const tensor = tf.tensor4d(values, [2, 2, 3, 8]);
		const rows = filterRows(tensor, node, info)!;
		const report = await filterReport(rows, 1e9);
		expect(report).toMatchObject({ dead: [2], constant: [], duplicated: 2 });
		expect(report.duplicates).toMatchObject([{ first: 1, second: 6 }]);
		const norms = Array.from({ length: 8 }, (_, f) =>
			Math.hypot(...Array.from({ length: 12 }, (_, i) => values[8 * i + f]!))
		);
		expectClose({ data: report.norms }, { data: norms }, { rtol: 1e-4, atol: 1e-6 });
		const source = await spectrumSource(rows);
		expectClose({ data: source.values }, { data: (await rows.data()) as Float32Array }, { rtol: 0, atol: 0 });
		const request = { name: 'k', gate: null, filter: null, block: [0, 0] as const, key: 'k' };
		const { field, picture } = await weightPicture(tensor, node, info, request);
		const shown = await field.array();
		const { columns } = picture.cells;
		expect(shown[Math.floor(13 / columns) * 2 + 1]![(13 % columns) * 2]).toBe(values[(2 * 3 + 1) * 8 + 5]);
		tf.dispose([tensor, rows, field]);
		expect(errors).toEqual([]);
	});
});
