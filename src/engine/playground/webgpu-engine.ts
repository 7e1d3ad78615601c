import type { PlaneNetwork, PlaneRequest, Snapshot } from '#contracts/playground.ts';
import { report } from '#engine/device.ts';
import { toPayload } from '#engine/field.ts';
import type { PlaygroundEngine } from '#engine/playground/engine.ts';
import { gpuBackend } from '#engine/pipelines.ts';
import { fitsShader } from '#engine/playground/plane.ts';
import { planeTensor, type ResidentNetwork } from '#engine/playground/plane-field.ts';
import { typedPlanes } from '#engine/playground/typed-engine.ts';
import { WebgpuTrainer } from '#engine/playground/webgpu-trainer.ts';
import * as tf from '#engine/tf.ts';

async function planes(networks: readonly (PlaneNetwork | ResidentNetwork)[], request: PlaneRequest) {
	const tensors = await Promise.all(networks.map((network) => planeTensor(network, request)));
	const flat = tf.tidy(() => {
		const all = tensors.length === 1 ? (tensors[0] as tf.Tensor3D) : tf.concat(tensors, 0);
		return tf.reshape(all, [-1, request.width]) as tf.Tensor2D;
	});
	try {
		return await toPayload(flat, report().transfer);
	} finally {
		tf.dispose([tensors, flat]);
	}
}

/** Training and fields on the device of tfjs, those of the widest networks on typed arrays; fields of given weights also where that is no WebGPU device. */
export const webgpuEngine: PlaygroundEngine = {
	kind: 'webgpu',
	/** The worker is free while the GPU trains; a dispatch has its price. */
	slice: 32,
	/** Other engines refuse in `create`, in their own words. */
	get maxBytes() {
		return tf.getBackend() === 'webgpu' ? gpuBackend().device.limits.maxStorageBufferBindingSize : Infinity;
	},
	create: (specs) => WebgpuTrainer.create(specs),
	planes: (network, request) => (fitsShader(network) ? planes : typedPlanes)([network], request),
	async trainedPlanes(trainer, networks, request) {
		const trained = trainer as WebgpuTrainer;
		const resident = networks.map((network) => trained.resident(network));
		if (resident.every(fitsShader)) return planes(resident, request);
		const kept = await Promise.all(networks.map((network) => trained.snapshot(network)));
		return typedPlanes(
			resident.map(({ network, loss, outputs }, i) => ({ network, loss, outputs, ...(kept[i] as Snapshot) })),
			request
		);
	}
};
