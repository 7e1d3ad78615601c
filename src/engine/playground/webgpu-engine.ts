import type { PlaneNetwork, PlaneRequest } from '#contracts/playground.ts';
import { report } from '#engine/device.ts';
import { toPayload } from '#engine/field.ts';
import type { PlaygroundEngine } from '#engine/playground/engine.ts';
import { gpuBackend } from '#engine/pipelines.ts';
import { planeTensor, type PlacedNetwork } from '#engine/playground/plane-field.ts';
import { WebgpuTrainer } from '#engine/playground/webgpu-trainer.ts';
import * as tf from '#engine/tf.ts';

async function planes(network: PlaneNetwork | PlacedNetwork, request: PlaneRequest) {
	const tensor = await planeTensor(network, request);
	const [count, height, width] = tensor.shape;
	const flat = tf.reshape(tensor, [count * height, width]) as tf.Tensor2D;
	try {
		return await toPayload(flat, report().transfer);
	} finally {
		tf.dispose([tensor, flat]);
	}
}

/** Training and fields on the device of tfjs; fields of given weights also where that is no WebGPU device. */
export const webgpuEngine: PlaygroundEngine = {
	kind: 'webgpu',
	/** Other engines refuse in `create`, in their own words. */
	get mostBytes() {
		return tf.getBackend() === 'webgpu' ? gpuBackend().device.limits.maxStorageBufferBindingSize : Infinity;
	},
	create: (specs) => WebgpuTrainer.create(specs),
	planes,
	trainedPlanes: (trainer, network, request) => planes((trainer as WebgpuTrainer).place(network), request)
};
