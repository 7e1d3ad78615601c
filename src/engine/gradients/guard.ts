import * as tf from '#engine/tf.ts';

export type KernelCall = Parameters<tf.KernelFunc>[0];

const guarded = new Set<string>();

/** Puts a check before a kernel, once for each `purpose`. @param refuse says why not, or null */
export function guard(
	kernelName: string,
	backendName: string,
	purpose: string,
	refuse: (call: KernelCall) => string | null
): void {
	const kernel = tf.getKernel(kernelName, backendName);
	const key = `${purpose}/${kernelName}/${backendName}`;
	if (!kernel || guarded.has(key)) return;
	guarded.add(key);
	tf.unregisterKernel(kernelName, backendName);
	tf.registerKernel({
		...kernel,
		kernelFunc: (call) => {
			const reason = refuse(call);
			if (reason) throw new Error(reason);
			return kernel.kernelFunc(call);
		}
	});
}
