import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { ProjectionApi } from '#contracts/projection.ts';
import { startEngine } from '#engine/device.ts';
import type { Control } from '#engine/projection/engine.ts';
import { gpuProjection } from '#engine/projection/gpu-engine.ts';
import { exactOnGpu } from '#engine/projection/gpu-neighbours.ts';
import { GpuRows } from '#engine/projection/gpu-rows.ts';
import { tensorEngine } from '#engine/projection/tensor-engine.ts';
import { typedEngine } from '#engine/projection/typed-engine.ts';
import * as tf from '#engine/tf.ts';
import { curveTable, fitCurve } from '#maths/projection/curve.ts';
import { fuzzyGraph } from '#maths/projection/fuzzy-graph.ts';
import { finish, type Neighbours } from '#maths/projection/rows.ts';
import { randomStart } from '#maths/projection/start.ts';
import { umapKernels } from '#methods/projection/umap.ts';
import { projecting } from '#workers/compute/projection.ts';
import { connect, serve, type Remote } from '#workers/rpc.ts';
import { expectClose } from '../close.ts';
import { gaussianMixture } from '../tools/mixture.ts';

let device: GPUDevice;

beforeAll(async () => {
	await startEngine('webgpu');
	device = (tf.backend() as WebGPUBackend).device;
});
beforeEach(() => device.pushErrorScope('validation'));
afterEach(async () => {
	vi.restoreAllMocks();
	expect((await device.popErrorScope())?.message).toBeUndefined();
});
afterAll(() => tf.removeBackend('webgpu'));

/** Bytes of all buffers that were made and not destroyed since. */
function watched() {
	const bytes = { now: 0, max: 0, maxBuffer: 0 };
	const create = device.createBuffer.bind(device);
	vi.spyOn(device, 'createBuffer').mockImplementation((descriptor) => {
		const buffer = create(descriptor);
		const destroy = buffer.destroy.bind(buffer);
		let there = descriptor.size;
		bytes.now += there;
		bytes.max = Math.max(bytes.max, bytes.now);
		if (descriptor.usage & GPUBufferUsage.STORAGE) bytes.maxBuffer = Math.max(bytes.maxBuffer, there);
		buffer.destroy = () => {
			bytes.now -= there;
			there = 0;
			destroy();
		};
		return buffer;
	});
	return bytes;
}

async function over(job: (api: Remote<ProjectionApi>) => Promise<void>): Promise<void> {
	const { port1, port2 } = new MessageChannel();
	serve<ProjectionApi>(port1 as never, projecting(tensorEngine).api);
	port1.start();
	port2.start();
	await job(connect<ProjectionApi>(port2 as never).remote);
	port1.close();
	port2.close();
}

/** With a limit for what can be bound; nothing of the device itself is changed. */
async function limited<T>(binding: number, job: () => Promise<T>): Promise<T> {
	const { limits } = device;
	const less = { value: binding };
	const lower = Object.create(limits, { maxStorageBufferBindingSize: less, maxBufferSize: less }) as GPUSupportedLimits;
	const shown = new Proxy(lower, {
		get: (own, key) => (key in less || Object.hasOwn(own, key) ? binding : (Reflect.get(limits, key) as unknown))
	});
	Object.defineProperty(device, 'limits', { value: shown, configurable: true });
	try {
		return await job();
	} finally {
		delete (device as { limits?: unknown }).limits;
	}
}

it('splits what does not fit one binding, for the same map', () =>
	over(async (api) => {
		const data = gaussianMixture(1000, { width: 36 });
		const binding = 96 * 1024;
		const request = (neighbours: number) =>
			({
				method: 'umap',
				parameters: { neighbours, epochs: 8, start: 'random', search: 'exact' },
				dimensions: 2,
				metric: 'cosine',
				seed: 1
			}) as const;
		const whole = await api.holdRows(data.values.slice(), 36);
		const expected = await api.project(whole.handle, request(3));
		const judged = await api.mapQuality(whole.handle, expected.positions, 2, 5, 'cosine');
		await limited(binding, async () => {
			const bytes = watched();
			const { handle } = await api.holdRows(data.values.slice(), 36);
			const map = await api.project(handle, request(3));
			expect(map.engine).toBe('WebGPU');
			expect(map.positions).toEqual(expected.positions);
			for (const method of ['pca', 'random'])
				expect((await api.project(handle, { ...request(3), method })).positions.every(Number.isFinite)).toBe(true);
			const quality = await api.mapQuality(handle, map.positions, 2, 5, 'cosine');
			expect(quality.trustworthiness).toBeCloseTo(judged.trustworthiness, 6);
			expect(quality.distortion).toEqual(judged.distortion);
			// A graph that would not fit is laid out elsewhere, and that is said.
			const wide = await api.project(handle, request(20));
			expect(wide.engine).toBe('WebGPU, laid out on typed arrays');
			expect(wide.positions.every(Number.isFinite)).toBe(true);
			expect(bytes.maxBuffer).toBeLessThanOrEqual(binding);
			await api.dropRows(handle);
		});
		await api.dropRows(whole.handle);
	}));

it('needs memory as it has rows: less than 60 MB beside 60,000', async () => {
	const max = async (count: number) => {
		const width = 4;
		const rows = await GpuRows.create(count, width);
		rows.write(gaussianMixture(count, { width, rank: 2 }).values);
		const controller = new AbortController();
		const stop: Control = {
			signal: controller.signal,
			phase: () => {},
			step: () => controller.abort(),
			wantsFrame: false
		};
		const bytes = watched();
		// All is there once the first queries have been looked at.
		await expect(exactOnGpu(rows, null, 14, 'euclidean', stop)).rejects.toThrow(/cancelled/);
		const searching = bytes.max;
		expect(bytes.now).toBeLessThan(1e5);
		rows.dispose();
		bytes.max = bytes.now = 0;
		const graph = finish(fuzzyGraph(ring(count, 14), count));
		const options = { dimensions: 2, epochs: 1, negatives: 5, rate: 1, seed: 1, table } as const;
		const input = { graph, start: randomStart(count, 2, 1), options };
		await gpuProjection.run(umapKernels, input, { ...stop, signal: new AbortController().signal });
		vi.restoreAllMocks();
		return Math.max(searching, bytes.max);
	};
	const [less, more] = [await max(6000), await max(18_000)];
	expect(more / less).toBeGreaterThan(2.5);
	expect(more / less).toBeLessThan(3.1);
	// 15.2 MB were measured.
	expect(more * (60 / 18)).toBeLessThan(60e6);
});

it('finds the axes of a start from some rows, over the ends of buffers, as the processor does', async () => {
	const data = gaussianMixture(300, { width: 20 });
	const rows = await GpuRows.create(300, 20, 4 * 20 * 70);
	rows.write(data.values);
	const quiet: Control = {
		signal: new AbortController().signal,
		phase: () => {},
		step: () => {},
		wantsFrame: false
	};
	const found = await tensorEngine().principal(rows, 2, 1, quiet, 90);
	const expected = await typedEngine.principal(await typedEngine.hold(data.values, 20), 2, 1, quiet, 90);
	expectClose({ data: found.axes }, { data: expected.axes }, { rtol: 1e-2, atol: 2e-3 });
	expectClose({ data: found.mean }, { data: expected.mean }, { rtol: 1e-3, atol: 1e-3 });
	rows.dispose();
});

const table = curveTable(fitCurve(0.1, 1));

/** Every row next to those before and after it, and to some far away: as many edges as real neighbours make. */
function ring(count: number, k: number): Neighbours {
	const indices = new Int32Array(count * k);
	const distances = new Float32Array(count * k);
	for (let i = 0; i < count; i++)
		for (let n = 0; n < k; n++) {
			const step = n % 2 ? n * 97 : n + 1;
			indices[i * k + n] = (i + step) % count;
			distances[i * k + n] = 1 + n / k;
		}
	return { k, indices, distances };
}
