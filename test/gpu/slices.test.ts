import { afterAll, describe, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import type { Preprocessing } from '#contracts/preprocessing.ts';
import type { SliceField, SlicePlane, SliceStep } from '#contracts/slices.ts';
import { startEngine } from '#engine/device.ts';
import { imagePixels, prepareImage } from '#engine/image.ts';
import * as tf from '#engine/tf.ts';
import { Transferred } from '#workers/rpc.ts';
import { expectClose } from '../close.ts';
import { digitSlices } from '../tools/digit-slices.ts';

const unwrapped = <T>(value: T | Transferred<T>): T => (value instanceof Transferred ? value.value : value);

/** What a small slice through three digits gives, and the step to the boundary. */
async function slice(): Promise<{ plane: SlicePlane; report: SliceField; values: Float32Array; step: SliceStep }> {
	const { field, plane, slices, head, now, session } = await digitSlices([4, 9, 7]);
	const before = tf.memory().numTensors;
	const { report, values } = await field(12, false);
	// No two pixels alike: of equal ones, engines let different ones through a pooling.
	const input = { kind: 'values', values: Array.from({ length: 784 }, (_, i) => Math.sin(i * 0.37)) } as const;
	const stepRequest = { head, input, way: 'line' as const, clip: false, plane: plane.handle };
	const step = unwrapped(await slices.api.sliceStep(stepRequest, now)) as SliceStep;
	expect(tf.memory().numTensors).toBe(before);
	slices.forget();
	session.dispose();
	return { plane, report, values, step };
}

afterAll(() => tf.removeBackend('webgpu'));

it('gives the same slice on the processor, on WebAssembly and on WebGPU', async () => {
	await startEngine('cpu');
	const expected = await slice();
	expect(expected.plane.marks.map(({ label }) => label)).toEqual([4, 9, 7]);
	// Ten classes: those that win, and the largest of all others.
	expect(expected.report.classes).toHaveLength(8);
	expect(expected.report.classes).toEqual(expect.arrayContaining([4, 7, 9, -1]));
	expect(expected.step.found).toBe(true);
	for (const backend of ['wasm', 'webgpu'] as const) {
		await startEngine(backend);
		if (backend === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
		const actual = await slice();
		const marks = ({ plane }: typeof actual) => plane.marks.flatMap(({ at, probability }) => [...at, probability]);
		expectClose({ data: marks(actual) }, { data: marks(expected) }, { rtol: 1e-3, atol: 1e-4 });
		expect(actual.report.classes).toEqual(expected.report.classes);
		expectClose({ data: actual.values }, { data: expected.values }, { rtol: 2e-3, atol: 2e-4 });
		for (const name of ['l2', 'maxAbs', 'margin', 'linear'] as const)
			expectClose({ data: [actual.step[name]] }, { data: [expected.step[name]] }, { rtol: 5e-3, atol: 1e-4 });
	}
}, 240_000);

describe('numbers back to pixels', () => {
	const base: Preprocessing = {
		width: 9,
		height: 8,
		channels: 3,
		fit: 'stretch',
		order: 'rgb',
		normalisation: { kind: 'range', low: -1, high: 1 },
		invert: false
	};
	const standard = { kind: 'standard', mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.25] } as const;
	it.each([
		['rows, columns, channels', base, [null, 8, 9, 3]],
		['channels first', { ...base, normalisation: standard }, [null, 3, 8, 9]],
		['blue first', { ...base, order: 'bgr', normalisation: standard }, [null, 8, 9, 3]],
		[
			'grey',
			{ ...base, channels: 1, invert: true, normalisation: { kind: 'range', low: 0, high: 1 } },
			[null, 8, 9, 1]
		],
		['grey without a channel', { ...base, channels: 1 }, [null, 8, 9]]
	] as [string, Preprocessing, (number | null)[]][])(
		'gives what the model sees: %s',
		async (_, preprocessing, shape) => {
			await startEngine('cpu');
			const canvas = new OffscreenCanvas(9, 8);
			const context = canvas.getContext('2d')!;
			const picture = context.createImageData(9, 8);
			picture.data.forEach((__, i) => (picture.data[i] = i % 4 === 3 ? 255 : (i * 37) % 256));
			context.putImageData(picture, 0, 0);
			const { pixels, tensor } = prepareImage(canvas.transferToImageBitmap(), preprocessing, shape);
			const back = imagePixels(await tensor.data(), preprocessing, shape);
			tensor.dispose();
			expect(new Set(pixels.data).size).toBeGreaterThan(20);
			expect([...back.data]).toEqual([...pixels.data]);
		}
	);
});
