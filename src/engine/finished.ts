import * as tf from '#engine/tf.ts';

/** Resolves when the engine has done all that it was given: GPUs answer before they have begun. */
export async function finished(): Promise<void> {
	const backend = tf.backend() as {
		submitQueue?: () => void;
		device?: GPUDevice;
		getGPGPUContext?: () => { gl: WebGLRenderingContext };
	};
	if (tf.getBackend() === 'webgpu') {
		backend.submitQueue?.();
		await backend.device?.queue.onSubmittedWorkDone();
	} else if (tf.getBackend() === 'webgl') {
		const gl = backend.getGPGPUContext?.().gl;
		// finish() alone returns early in some browsers; a pixel cannot be read before it is drawn.
		gl?.finish();
		gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
	}
}
