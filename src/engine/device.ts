import { ENGINE_NAMES } from '#contracts/engine-names.ts';
import { LabError } from '#contracts/errors.ts';
import type { BackendId, EngineReport } from '#contracts/compute.ts';
import * as tf from '#engine/tf.ts';
import { selfTestBits } from '#engine/field.ts';
import { installGradients } from '#engine/gradients/index.ts';
import type { Room } from '#engine/model/fit.ts';
import { webgpuAdapter, startWebgpu, describeAdapter, isSoftware, type Webgpu } from '#engine/webgpu.ts';

/** The one engine of this thread: chosen once, watched until it dies. A dead one is replaced by a fresh thread. */

let current: EngineReport | null = null;
let webgpu: Webgpu | null = null;
let lost: (reason: string) => void = () => {};
let failed: (message: string) => void = () => {};

/** Called once when the device is gone; nothing that is computed afterwards can be trusted. */
export function onDeviceLost(listener: (reason: string) => void): void {
	lost = listener;
}

/** Called for each error that the GPU reports without throwing: results since then may be zeros. */
export function onGpuError(listener: (message: string) => void): void {
	failed = listener;
}

async function startWasm(): Promise<void> {
	const [{ setWasmPaths }, plain, simd] = await Promise.all([
		import('@tensorflow/tfjs-backend-wasm'),
		import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'),
		import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url')
	]);
	// The threaded build crashes when minified, and needs headers that a plain static host does not send.
	tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
	setWasmPaths({
		'tfjs-backend-wasm.wasm': plain.default,
		'tfjs-backend-wasm-simd.wasm': simd.default,
		'tfjs-backend-wasm-threaded-simd.wasm': simd.default
	});
}

async function startWebgl(): Promise<void> {
	await import('@tensorflow/tfjs-backend-webgl');
}

function watchWebgl(): void {
	const backend = tf.backend() as unknown as { gpgpu?: { gl?: WebGLRenderingContext } };
	backend.gpgpu?.gl?.canvas.addEventListener('webglcontextlost', () =>
		lost('The browser took the WebGL context away.')
	);
}

const PREPARE: Readonly<Record<BackendId, () => Promise<void>>> = {
	webgpu: async () => {
		webgpu = await startWebgpu({ lost: (reason) => lost(reason), failed: (message) => failed(message) });
	},
	wasm: startWasm,
	webgl: startWebgl,
	cpu: async () => void (await import('@tensorflow/tfjs-backend-cpu'))
};

async function start(backend: BackendId): Promise<boolean> {
	try {
		await PREPARE[backend]();
		if (!(await tf.setBackend(backend))) return false;
		await tf.ready();
		if (backend === 'webgl') watchWebgl();
		// The first number through the engine proves that it is there.
		const sum = tf.tidy(() => tf.sum(tf.tensor1d([1, 2, 3, 4])));
		const [value] = await sum.data();
		sum.dispose();
		return value === 10;
	} catch {
		return false;
	}
}

/** What is slower or missing, in one sentence. */
function note(backend: BackendId, software: boolean, hasAdapter: boolean): string {
	const reason = hasAdapter ? 'The browser only emulates a GPU here' : 'The browser offers this page no GPU';
	if (backend === 'webgpu') return software ? 'The GPU is emulated on the processor: right numbers, very slowly.' : '';
	const slower = 'large models take seconds instead of moments';
	if (backend === 'wasm')
		return software
			? `${reason}, so WebAssembly computes on the processor: ${slower}.`
			: `WebAssembly computes on the processor, not the GPU: ${slower}.`;
	if (backend === 'webgl')
		return 'WebGL computes on the graphics card, without our WebGPU kernels: slower, and a little less exact.';
	return `Plain JavaScript computes on the processor: ${slower}, and photos take minutes.`;
}

/**
 * Makes the engine of this thread. Without a real GPU, WASM comes first: measured 55 to 75 times faster than WebGPU on an
 * emulated adapter, with its gradients mended and proved (test/gpu/conformance).
 * @param force this one and no other
 * @throws LabError if the forced one, or none at all, can be made
 */
export async function startEngine(force: BackendId | null): Promise<EngineReport> {
	const adapter = await webgpuAdapter();
	const emulated = !adapter || isSoftware(adapter.info);
	const order: BackendId[] = force ? [force] : emulated ? ['wasm', 'webgl', 'cpu'] : ['webgpu', 'wasm', 'webgl', 'cpu'];
	installGradients();
	for (const backend of order) {
		if (!(await start(backend))) continue;
		installGradients();
		const software = backend !== 'webgpu' && backend !== 'webgl' ? true : emulated;
		const bits = backend === 'webgpu' && !emulated && (await selfTestBits());
		current = {
			backend,
			device: backend === 'webgpu' && adapter ? describeAdapter(adapter.info) : ENGINE_NAMES[backend],
			software,
			note: note(backend, emulated, adapter !== null),
			transfer: bits ? 'bits' : 'array',
			available: available(adapter !== null)
		};
		return current;
	}
	throw new LabError(
		force ? `${ENGINE_NAMES[force]} cannot be used in this browser.` : 'No engine could be started in this browser.',
		force ? 'Choose another engine.' : 'Try a current version of Chrome, Edge, Firefox or Safari.'
	);
}

function available(hasAdapter: boolean): BackendId[] {
	const canvas = typeof OffscreenCanvas === 'undefined' ? null : new OffscreenCanvas(1, 1).getContext('webgl2');
	canvas?.getExtension('WEBGL_lose_context')?.loseContext();
	return [...(hasAdapter ? (['webgpu'] as const) : []), 'wasm', ...(canvas ? (['webgl'] as const) : []), 'cpu'];
}

/** The engine in use. @throws before `startEngine` */
export function report(): EngineReport {
	if (!current) throw new Error('The engine has not been started.');
	return current;
}

/** Takes the device away as a crash would; engines without a device report a loss all the same. */
export function loseDevice(): void {
	if (webgpu && current?.backend === 'webgpu') webgpu.device.destroy();
	else lost('The engine was stopped.');
}

const MB = 2 ** 20;

/** The largest single tensor, in bytes. */
function tensorLimit(): number {
	if (current?.backend === 'webgpu' && webgpu) {
		const { maxStorageBufferBindingSize, maxBufferSize } = webgpu.device.limits;
		return Math.min(maxStorageBufferBindingSize, maxBufferSize);
	}
	return 1024 * MB;
}

/** All weights together: what a page may ask for without being killed. */
function totalLimit(): number {
	const memory = (globalThis.navigator as { deviceMemory?: number } | undefined)?.deviceMemory ?? 8;
	return current?.backend === 'wasm' ? 1536 * MB : (memory / 2) * 1024 * MB;
}

/** What the device has room for. */
export const room = (): Room => ({ tensor: tensorLimit(), total: totalLimit() });

const megabytes = (bytes: number) => `${Math.round(bytes / MB)} MB`;

/**
 * Refuses what this device cannot hold, before it is tried: over-limit buffers fail silently and read as zeros.
 * @throws LabError with code `too-large`
 */
export function checkSize(bytes: number, maxTensorBytes: number): void {
	const hint = 'Use a smaller model, or a machine with more memory.';
	if (maxTensorBytes > tensorLimit())
		throw new LabError(
			`The model is too large for this device: one weight takes ${megabytes(maxTensorBytes)}; ${megabytes(tensorLimit())} fit.`,
			hint,
			{ code: 'too-large' }
		);
	if (bytes > totalLimit())
		throw new LabError(
			`The model is too large for this device: its weights take ${megabytes(bytes)}; ${megabytes(totalLimit())} fit.`,
			hint,
			{ code: 'too-large' }
		);
}

/**
 * Rows per batch that keep the engine busy and the memory bounded.
 * @param bytesPerRow of all activations of one row
 */
export function suitableBatch(bytesPerRow: number): number {
	// Measured on WASM: 25 rows take less than half the time of 25 single ones (npm run bench).
	const [budget, max] = current?.backend === 'webgpu' && !current.software ? [256 * MB, 32] : [64 * MB, 32];
	return Math.max(1, Math.min(max, Math.floor(budget / Math.max(1, bytesPerRow))));
}
