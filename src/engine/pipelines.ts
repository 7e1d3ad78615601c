import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { LabError } from '#contracts/errors.ts';
import * as tf from '#engine/tf.ts';

/** Pipelines of our own on the device of tfjs. */

/** @throws LabError `refused` while another engine is in use */
export function gpuBackend(): WebGPUBackend {
	if (tf.getBackend() !== 'webgpu')
		throw new LabError('WebGPU is not the engine in use.', 'Train on the processor instead.', { code: 'refused' });
	return tf.backend() as WebGPUBackend;
}

/** Commands that tfjs has recorded run before ours: without this, ten of ten reads were stale. */
export function flush(backend: WebGPUBackend): void {
	backend.ensureCommandEncoderReady();
	backend.endComputePassEncoder();
	backend.submitQueue();
}

const pipelines = new WeakMap<GPUDevice, Map<string, Promise<GPUComputePipeline>>>();

/** Compiled in the background, once for each key. */
export function pipeline(
	device: GPUDevice,
	key: string,
	code: () => string,
	constants: Record<string, number> = {},
	entryPoint = 'main'
): Promise<GPUComputePipeline> {
	const known = pipelines.get(device) ?? new Map<string, Promise<GPUComputePipeline>>();
	pipelines.set(device, known);
	let found = known.get(key);
	if (!found) {
		const module = device.createShaderModule({ code: code(), label: key });
		found = device.createComputePipelineAsync({
			label: key,
			layout: 'auto',
			compute: { module, entryPoint, constants }
		});
		known.set(key, found);
	}
	return found;
}

/** A buffer with these numbers; `usage` is added to STORAGE and COPY_DST. */
export function bufferOf(
	device: GPUDevice,
	values: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
	usage = 0
): GPUBuffer {
	const buffer = emptyBuffer(device, values.byteLength, usage);
	device.queue.writeBuffer(buffer, 0, values);
	return buffer;
}

export function emptyBuffer(device: GPUDevice, bytes: number, usage = 0): GPUBuffer {
	return device.createBuffer({
		size: Math.max(16, Math.ceil(bytes / 4) * 4),
		usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | usage
	});
}

/** Numbers of a buffer, after everything that was submitted before. */
export async function read(device: GPUDevice, buffer: GPUBuffer, first: number, count: number): Promise<Float32Array> {
	if (count === 0) return new Float32Array(0);
	const size = 4 * count;
	const copy = device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
	try {
		const encoder = device.createCommandEncoder();
		encoder.copyBufferToBuffer(buffer, 4 * first, copy, 0, size);
		device.queue.submit([encoder.finish()]);
		await copy.mapAsync(GPUMapMode.READ);
		return new Float32Array(copy.getMappedRange().slice(0));
	} finally {
		copy.destroy();
	}
}
