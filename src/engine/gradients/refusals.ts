import * as tf from '#engine/tf.ts';

/** What a backend of tfjs 4.22 computes wrongly without saying so, and what has no gradient that is mended here. */

const guarded = new Set<string>();

/** Puts a check before a kernel. */
function guard(kernelName: string, backendName: string, refuse: (rank: number) => string | null): void {
	const kernel = tf.getKernel(kernelName, backendName);
	const key = `${kernelName}/${backendName}`;
	if (!kernel || guarded.has(key)) return;
	guarded.add(key);
	tf.unregisterKernel(kernelName, backendName);
	tf.registerKernel({
		...kernel,
		kernelFunc: (parameters) => {
			const reason = refuse(Object.values(parameters.inputs)[0]?.shape.length ?? 0);
			if (reason) throw new Error(reason);
			return kernel.kernelFunc(parameters);
		}
	});
}

/** Shaders for five axes and more do not compile, and garbage comes back. */
const HIGH_RANK = ['PadV2', 'MirrorPad', 'StridedSlice'];
/** Wrong forward, or wrong in the gradient. */
const WRONG_ON_WASM = ['Dilation2D', 'Conv3D', 'MaxPool3D', 'MaxPool3DGrad'];
const NO_GRADIENT = ['CropAndResize', 'Conv3DBackpropInputV2', 'Multinomial', 'Unique'];

export function refuse(): void {
	for (const name of HIGH_RANK)
		guard(name, 'webgpu', (rank) =>
			rank > 4 ? `${name} of ${rank} axes is computed wrongly on WebGPU. Choose another engine.` : null
		);
	for (const name of WRONG_ON_WASM)
		guard(name, 'wasm', () => `${name} is computed wrongly by WebAssembly. Choose another engine.`);
	for (const kernelName of NO_GRADIENT)
		tf.registerGradient({
			kernelName,
			gradFunc: () => {
				throw new Error(`The gradient of ${kernelName} is not known.`);
			}
		});
}
