import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu/dist/webgpu_program';
import * as tf from '#engine/tf.ts';
import wgsl from '#engine/kernels/normal.wgsl?raw';
import { product } from '#maths/product.ts';

/** One thread per number; `hashNormal` (maths) is its twin on the processor. */
class NormalProgram implements WebGPUProgram {
	readonly variableNames: string[] = [];
	readonly uniforms = 'seed : i32, first : i32, cells : i32,';
	readonly workgroupSize: [number, number, number] = [64, 1, 1];
	readonly dispatchLayout = { x: [0] };
	readonly dispatch: [number, number, number];
	readonly shaderKey = 'lab_normal';
	readonly size = true;

	constructor(readonly outputShape: number[]) {
		this.dispatch = [Math.ceil((outputShape[0] as number) / 64), 1, 1];
	}

	getUserCode(): string {
		return wgsl;
	}
}

tf.registerKernel({
	kernelName: 'LabNormal',
	backendName: 'webgpu',
	kernelFunc: ({ backend, attrs }) => {
		const { size, seed, first, cells } = attrs as unknown as Record<'size' | 'seed' | 'first' | 'cells', number>;
		const uniforms = [seed, first, cells].map((value) => ({ type: 'int32', data: [value] }));
		return (backend as WebGPUBackend).runWebGPUProgram(new NormalProgram([size]), [], 'float32', uniforms);
	}
});

/** See `seededNormal`. */
export function normalOnGpu(shape: readonly number[], seed: number, firstSample: number): tf.Tensor {
	const size = product(shape);
	const attributes = { size, seed, first: firstSample, cells: size / (shape[0] as number) };
	return tf.tidy(() => {
		const flat: tf.Tensor = tf.engine().runKernel('LabNormal', {}, attributes);
		return tf.reshape(flat, [...shape]);
	});
}
