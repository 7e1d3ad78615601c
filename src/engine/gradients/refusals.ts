import { guard, type KernelCall } from '#engine/gradients/guard.ts';
import { NoGradient } from '#engine/tf-words.ts';
import * as tf from '#engine/tf.ts';

/** What a backend of tfjs 4.22 computes wrongly without saying so, and what has no gradient that is mended here. */

/** Shaders for five axes and more do not compile, and garbage comes back. */
const HIGH_RANK = ['PadV2', 'MirrorPad', 'StridedSlice'];
/** Wrong forward, or wrong in the gradient. */
const WRONG_ON_WASM = ['Dilation2D', 'Conv3D', 'MaxPool3D', 'MaxPool3DGrad'];
const NO_GRADIENT = ['CropAndResize', 'Conv3DBackpropInputV2', 'Multinomial', 'Unique'];

const rank = ({ inputs }: KernelCall) => Object.values(inputs)[0]?.shape.length ?? 0;

export function refuse(): void {
	for (const name of HIGH_RANK)
		guard(name, 'webgpu', 'right', (call) =>
			rank(call) > 4 ? `${name} of ${rank(call)} axes is computed wrongly on WebGPU. Choose another engine.` : null
		);
	for (const name of WRONG_ON_WASM)
		guard(name, 'wasm', 'right', () => `${name} is computed wrongly by WebAssembly. Choose another engine.`);
	for (const kernelName of NO_GRADIENT)
		tf.registerGradient({
			kernelName,
			gradFunc: () => {
				throw new NoGradient(kernelName);
			}
		});
}
