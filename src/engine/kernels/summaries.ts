import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu/dist/webgpu_program';
import * as tf from '#engine/tf.ts';
import histogramCode from '#engine/kernels/histogram.wgsl?raw';
import momentsCode from '#engine/kernels/moments.wgsl?raw';

/** Sums and counts over all numbers of a tensor in one pass; `momentSums` and `histogramOf` (maths) are their twins. */

/** Figures per block of moments.wgsl, and numbers in one. */
export const FIGURES = 11;
const MOMENT_BLOCK = 4096;
const HISTOGRAM_BLOCK = 8192;
const THREADS = 256;

abstract class Summary implements WebGPUProgram {
	readonly variableNames = ['x'];
	readonly workgroupSize: [number, number, number] = [THREADS, 1, 1];
	readonly dispatchLayout = { x: [0] };
	readonly dispatch: [number, number, number];
	abstract readonly uniforms: string;
	abstract readonly shaderKey: string;

	constructor(
		readonly outputShape: number[],
		blocks: number
	) {
		this.dispatch = [blocks, 1, 1];
	}

	abstract getUserCode(): string;
}

class MomentsProgram extends Summary {
	readonly uniforms = 'count : i32, shift : f32, scale : f32,';
	readonly shaderKey = 'lab_moments';
	readonly size = true;

	getUserCode(): string {
		return momentsCode;
	}
}

class HistogramProgram extends Summary {
	readonly uniforms = 'count : i32, low : f32, high : f32, scale : f32,';
	readonly atomic = true;
	readonly shaderKey: string;

	constructor(
		private readonly cells: number,
		blocks: number
	) {
		super([cells], blocks);
		this.shaderKey = `lab_histogram_${cells}`;
	}

	getUserCode(): string {
		return histogramCode.replaceAll('LAB_CELLS', String(this.cells));
	}
}

const float = (value: number) => ({ type: 'float32', data: [value] });
const whole = (value: number) => ({ type: 'int32', data: [value] });

tf.registerKernel({
	kernelName: 'LabMoments',
	backendName: 'webgpu',
	kernelFunc: ({ inputs, backend, attrs }) => {
		const x = inputs['x'] as tf.Tensor;
		const { shift, scale } = attrs as unknown as { shift: number; scale: number };
		const size = tf.util.sizeFromShape(x.shape);
		const blocks = Math.ceil(size / MOMENT_BLOCK);
		const program = new MomentsProgram([blocks * FIGURES], blocks);
		return (backend as WebGPUBackend).runWebGPUProgram(program, [x], 'float32', [
			whole(size),
			float(shift),
			float(scale)
		]);
	}
});

tf.registerKernel({
	kernelName: 'LabHistogram',
	backendName: 'webgpu',
	kernelFunc: ({ inputs, backend, attrs }) => {
		const x = inputs['x'] as tf.Tensor;
		const { low, high, scale, bins } = attrs as unknown as Record<'low' | 'high' | 'scale' | 'bins', number>;
		const size = tf.util.sizeFromShape(x.shape);
		const program = new HistogramProgram(bins + 2, Math.ceil(size / HISTOGRAM_BLOCK));
		const fill = tf.getKernel('Fill', 'webgpu');
		const zeros = fill?.kernelFunc({ inputs: {}, backend, attrs: { shape: [bins + 2], value: 0, dtype: 'int32' } });
		return (backend as WebGPUBackend).runWebGPUProgram(
			program,
			[x],
			'int32',
			[whole(size), float(low), float(high), float(scale)],
			zeros as tf.TensorInfo
		);
	}
});

/** [blocks x FIGURES], flat: per block of 4096 what `MomentSums` holds, in its order. The caller disposes. */
export function momentsOnGpu(x: tf.Tensor, shift: number, scale: number): tf.Tensor {
	return tf.engine().runKernel('LabMoments', { x }, { shift, scale });
}

/** [bins + 2], int32: see `histogramOf`. The caller disposes. */
export function histogramOnGpu(x: tf.Tensor, low: number, high: number, scale: number, bins: number): tf.Tensor {
	return tf.engine().runKernel('LabHistogram', { x }, { low, high, scale, bins });
}
