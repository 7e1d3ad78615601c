// What is loaded later registers tfjs's own gradients again in Node, over the mended ones.
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { installGradients } from '#engine/gradients/index.ts';
import * as tf from '#engine/tf.ts';

/** Makes `backend` the engine of a test that runs in Node. */
export async function useBackend(backend: 'cpu' | 'wasm'): Promise<void> {
	tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
	if (backend === 'wasm') setWasmPaths('node_modules/@tensorflow/tfjs-backend-wasm/dist/');
	await tf.setBackend(backend);
	installGradients();
	await tf.ready();
}
