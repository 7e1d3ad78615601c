import { throwIfAborted } from '#contracts/errors.ts';
import { bufferOf, emptyBuffer, pipeline, read } from '#engine/pipelines.ts';
import type { Gpu } from '#engine/projection/engine.ts';
import { maxBinding, spread, uniform } from '#engine/projection/gpu-rows.ts';

/** The device for kernels of a method, for as long as they run. */
export async function withGpu<T>(device: GPUDevice, signal: AbortSignal, kernel: (gpu: Gpu) => Promise<T>): Promise<T> {
	const made: GPUBuffer[] = [];
	const kept = (buffer: GPUBuffer) => {
		made.push(buffer);
		return buffer;
	};
	const gpu: Gpu = {
		device,
		maxBinding: maxBinding(device),
		pipeline: (key, code, constants, entryPoint) => pipeline(device, key, () => code, constants, entryPoint),
		storage: (content) =>
			kept(
				typeof content === 'number'
					? emptyBuffer(device, content, GPUBufferUsage.COPY_SRC)
					: bufferOf(device, content as Float32Array<ArrayBuffer>, GPUBufferUsage.COPY_SRC)
			),
		uniform: (content) => kept(uniform(device, content as Uint32Array<ArrayBuffer> | number)),
		bind: (compiled, bound) =>
			device.createBindGroup({
				layout: compiled.getBindGroupLayout(0),
				entries: Object.entries(bound).map(([binding, one]) => ({
					binding: Number(binding),
					resource: 'buffer' in one ? one : { buffer: one }
				}))
			}),
		spread: (groups) => spread(groups, device),
		async submit(record) {
			const encoder = device.createCommandEncoder();
			const pass = encoder.beginComputePass();
			record(pass);
			pass.end();
			device.queue.submit([encoder.finish()]);
			await device.queue.onSubmittedWorkDone();
			throwIfAborted(signal);
		},
		read: (buffer, count) => read(device, buffer, 0, count)
	};
	try {
		return await kernel(gpu);
	} finally {
		for (const buffer of made) buffer.destroy();
	}
}
