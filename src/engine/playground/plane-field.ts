import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { LabError } from '#contracts/errors.ts';
import type { PlaneNetwork, PlaneRequest } from '#contracts/playground.ts';
import { bufferOf, emptyBuffer, flush, gpuBackend, pipeline } from '#engine/pipelines.ts';
import { field, packedSize, packing, shapeKey, TILE } from '#engine/playground/plane.ts';
import * as tf from '#engine/tf.ts';
import { planeField, planesOf } from '#maths/playground/field.ts';
import { productsOf } from '#maths/playground/layout.ts';

/** Parameters that already lie on the GPU, at offsets counted in floats. */
export interface ResidentNetwork extends Omit<PlaneNetwork, 'parameters' | 'running'> {
	buffer: GPUBuffer;
	parameters: number;
	running: number;
}

const isResident = (network: PlaneNetwork | ResidentNetwork): network is ResidentNetwork => 'buffer' in network;

const uploaded = ({ parameters, running, ...rest }: PlaneNetwork, device: GPUDevice): ResidentNetwork => {
	const all = new Float32Array(parameters.length + running.length);
	all.set(parameters);
	all.set(running, parameters.length);
	return { ...rest, buffer: bufferOf(device, all), parameters: 0, running: parameters.length };
};

/**
 * Multiply-adds that are sent to the GPU at once: systems end what takes some 2 s, and the screen waits meanwhile. 86 ms at
 * 100 GFLOPS, a quarter or so of the peak of an integrated one; 8 rows of 1024 pixels of 256 neurons in 8 layers.
 */
const MAX_PART_PRODUCTS = 2 ** 32;

/** A tensor whose buffer our own commands fill. */
function outputTensor(
	backend: WebGPUBackend,
	shape: [number, number, number]
): { tensor: tf.Tensor3D; buffer: GPUBuffer } {
	const info = backend.makeTensorInfo(shape, 'float32');
	backend.uploadToGPU(info.dataId);
	const tensor = tf.engine().makeTensorFromTensorInfo(info) as tf.Tensor3D;
	return { tensor, buffer: backend.tensorMap.get(info.dataId).resource as GPUBuffer };
}

/**
 * A network's outputs at every pixel of a window, in runs of tiles; on engines without our kernels by its twin.
 * @param max multiply-adds that are sent to the GPU at once
 * @returns [planes, height, width], the caller's to dispose
 * @throws LabError `too-large` for more numbers than a buffer of this device holds
 */
export async function planeTensor(
	network: PlaneNetwork | ResidentNetwork,
	request: PlaneRequest,
	max = MAX_PART_PRODUCTS
): Promise<tf.Tensor3D> {
	const { width, height, content, window } = request;
	const shape: [number, number, number] = [planesOf(network, request), height, width];
	if (!isResident(network) && tf.getBackend() !== 'webgpu') return tf.tensor3d(planeField(network, request), shape);
	const backend = gpuBackend();
	const { device } = backend;
	const bytes = 4 * shape[0] * height * width;
	if (bytes > Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize))
		throw new LabError('A field of this size is too large for this device.', 'Ask for a smaller one.', {
			code: 'too-large'
		});
	const key = shapeKey(network, content);
	const [pack, draw] = await Promise.all([
		pipeline(device, `pack ${key}`, () => packing(network)),
		pipeline(device, `field ${key}`, () => field(network, content))
	]);
	const resident = isResident(network) ? network : uploaded(network, device);
	const size = packedSize(network);
	const packed = emptyBuffer(device, 16 * size);
	const uniform = (bytes: number) =>
		device.createBuffer({ size: bytes, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
	const [offsets, view] = [uniform(16), uniform(32)];
	device.queue.writeBuffer(offsets, 0, Uint32Array.of(resident.parameters, resident.running, 0, 0));
	device.queue.writeBuffer(view, 0, Float32Array.of(...window.x1, ...window.x2));
	device.queue.writeBuffer(
		view,
		16,
		Uint32Array.of(width, height, request.plane === undefined ? 0 : request.plane + 1, 0)
	);
	const { tensor, buffer } = outputTensor(backend, shape);
	flush(backend);
	const submit = (compiled: GPUComputePipeline, buffers: readonly GPUBuffer[], groups: number) => {
		const encoder = device.createCommandEncoder();
		const pass = encoder.beginComputePass();
		pass.setPipeline(compiled);
		pass.setBindGroup(
			0,
			device.createBindGroup({
				layout: compiled.getBindGroupLayout(0),
				entries: buffers.map((one, binding) => ({ binding, resource: { buffer: one } }))
			})
		);
		pass.dispatchWorkgroups(groups);
		pass.end();
		device.queue.submit([encoder.finish()]);
	};
	submit(pack, [resident.buffer, packed, offsets], Math.ceil((4 * size) / 64));
	const tiles = Math.ceil(width / TILE) * Math.ceil(height / TILE);
	const fitting = Math.floor(max / (TILE ** 2 * productsOf(network)));
	const run = Math.min(Math.max(1, fitting), device.limits.maxComputeWorkgroupsPerDimension);
	for (let first = 0; first < tiles; first += run) {
		device.queue.writeBuffer(view, 28, Uint32Array.of(first));
		submit(draw, [packed, buffer, view], Math.min(run, tiles - first));
	}
	for (const used of [packed, offsets, view, ...(resident === network ? [] : [resident.buffer])]) used.destroy();
	return tensor;
}
