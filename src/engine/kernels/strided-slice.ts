import * as tf from '#engine/tf.ts';

/**
 * tfjs 4.22 forgets the axes that are to be dropped where any stride is not one: `x[:, 1, ::2]` gives `x[:, 0, 1::2]`, on
 * every backend, without a word. Cut with all axes, then reshaped, it is right. To be deleted when "a slice with all masks"
 * (test/engine/model/graph-siblings) passes without it.
 */

interface Attributes {
	begin: number[];
	end: number[];
	strides: number[];
	beginMask: number;
	endMask: number;
	ellipsisMask: number;
	newAxisMask: number;
	shrinkAxisMask: number;
}

const mended = new WeakSet<object>();

/** On all backends that are there by now. */
export function mendStridedSlice(): void {
	for (const backendName of ['cpu', 'wasm', 'webgl', 'webgpu']) {
		const original = tf.getKernel('StridedSlice', backendName);
		const reshape = tf.getKernel('Reshape', backendName);
		if (!original || !reshape || mended.has(original.kernelFunc)) continue;
		const kernelFunc: tf.KernelFunc = (call) => {
			const x = call.inputs['x'] as tf.TensorInfo;
			const a = call.attrs as unknown as Attributes;
			if (!a.shrinkAxisMask) return original.kernelFunc(call);
			const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = a;
			const info = tf.slice_util.sliceInfo(
				x.shape,
				begin,
				end,
				strides,
				beginMask,
				endMask,
				ellipsisMask,
				newAxisMask,
				shrinkAxisMask
			);
			// Backwards to the beginning: an end before the first cell is said by the mask.
			const open = info.end.reduce((mask, n, axis) => (n < 0 ? mask | (1 << axis) : mask), 0);
			const attrs = {
				...{ begin: info.begin, end: info.end, strides: info.strides, beginMask: 0, endMask: open },
				...{ ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 }
			};
			const backend = call.backend as tf.KernelBackend;
			const cut = original.kernelFunc({ inputs: { x }, backend, attrs }) as tf.TensorInfo;
			const shape = { shape: info.finalShape };
			const result = reshape.kernelFunc({ inputs: { x: cut }, backend, attrs: shape }) as tf.TensorInfo;
			backend.disposeData(cut.dataId);
			return result;
		};
		mended.add(kernelFunc);
		tf.unregisterKernel('StridedSlice', backendName);
		tf.registerKernel({ ...original, kernelFunc });
	}
}
