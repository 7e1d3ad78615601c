import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { binning, histogramOf } from '#maths/histogram.ts';
import { momentSums, type MomentSums } from '#maths/moments.ts';
import { FIGURES, histogramOnGpu, momentsOnGpu } from '#engine/kernels/summaries.ts';
import * as tf from '#engine/tf.ts';

/** The numbers of a tensor, summed and counted where they lie. */
export interface TensorStats {
	readonly size: number;
	/** All of them, where they are few; else null. */
	readonly values: ArrayLike<number> | null;
	/** Of u = (x - shift) * scale. */
	moments(shift: number, scale: number): Promise<MomentSums>;
	/** bins + 2 counts, see `histogramOf`. */
	histogram(low: number, high: number, bins: number): Promise<ArrayLike<number>>;
	dispose(): void;
}

/** Up to here a tensor is read: it takes no more bytes than its histogram. */
const FEW = 4096;

/**
 * WebGPU: own kernels, of which only sums and counts are read back. WebAssembly and JavaScript: loops over the engine's
 * own memory, without a copy. WebGL has no atomic counters: there the numbers are read, once.
 * @param tensor stays the caller's
 */
export async function tensorStats(tensor: tf.Tensor): Promise<TensorStats> {
	const backend = tf.getBackend();
	if (backend === 'webgpu' && tensor.size > FEW) return onGpu(tensor);
	if (backend === 'wasm') {
		const wasm = tf.backend() as BackendWasm;
		const held = tf.clone(tensor);
		// A view each time: the heap moves when it grows.
		return inMemory(
			held.size,
			() => wasm.typedArrayFromHeap(held) as unknown as ArrayLike<number>,
			() => held.dispose()
		);
	}
	if (backend === 'cpu') {
		const { values } = (tf.backend() as MathBackendCPU).data.get(tensor.dataId);
		return inMemory(tensor.size, () => values as unknown as ArrayLike<number>);
	}
	const values = await tensor.data();
	return inMemory(tensor.size, () => values);
}

function inMemory(size: number, view: () => ArrayLike<number>, dispose = () => {}): TensorStats {
	return {
		size,
		get values() {
			return size <= FEW ? Float64Array.from(view()) : null;
		},
		moments: (shift, scale) => Promise.resolve(momentSums(view(), shift, scale)),
		histogram: (low, high, bins) => Promise.resolve(histogramOf(view(), low, high, bins)),
		dispose
	};
}

/** Whole numbers beyond 2²⁴ are rounded to float32. */
function onGpu(tensor: tf.Tensor): TensorStats {
	const x = tf.tidy(() => tf.reshape(tf.cast(tensor, 'float32'), [tensor.size]));
	return {
		size: tensor.size,
		values: null,
		async moments(shift, scale) {
			const sums = momentsOnGpu(x, shift, scale);
			return gathered((await sums.data().finally(() => sums.dispose())) as Float32Array);
		},
		async histogram(low, high, bins) {
			const [start, end, scale] = binning(low, high, bins);
			const counts = histogramOnGpu(x, start, end, scale, bins);
			return counts.data().finally(() => counts.dispose());
		},
		dispose: () => x.dispose()
	};
}

/** Blocks are put together in float64. */
function gathered(blocks: Float32Array): MomentSums {
	const totals = Array.from({ length: FIGURES }, () => 0);
	let [min, max] = [Infinity, -Infinity];
	for (let i = 0; i < blocks.length; i++) {
		const [k, value] = [i % FIGURES, blocks[i] as number];
		if (k === 4) min = Math.min(min, value);
		else if (k === 5) max = Math.max(max, value);
		else totals[k] = (totals[k] as number) + value;
	}
	const [finite, nan, infinite, zeros, , , absolute, s1, s2, s3, s4] = totals as [
		number,
		number,
		number,
		number,
		number,
		number,
		number,
		number,
		number,
		number,
		number
	];
	if (!finite) [min, max] = [Infinity, -Infinity];
	return { finite, nan, infinite, zeros, min, max, absolute, sums: [s1, s2, s3, s4] };
}
