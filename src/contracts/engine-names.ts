import type { BackendId } from '#contracts/compute.ts';

/** What engines are called, on the page and in sentences. */
export const ENGINE_NAMES: Readonly<Record<BackendId, string>> = {
	webgpu: 'WebGPU',
	wasm: 'WebAssembly',
	webgl: 'WebGL',
	cpu: 'JavaScript'
};
