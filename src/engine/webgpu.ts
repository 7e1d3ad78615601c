import { mendCast } from '#engine/kernels/cast.ts';
import * as tf from '#engine/tf.ts';

/** tfjs's WebGPU backend by our own factory: all limits and features of the adapter, and its errors heard. */

export interface Webgpu {
	device: GPUDevice;
}

interface Listeners {
	lost(reason: string): void;
	failed(message: string): void;
}

/** The adapter that a page gets, or null without WebGPU. */
export async function webgpuAdapter(): Promise<GPUAdapter | null> {
	try {
		return (await globalThis.navigator?.gpu?.requestAdapter({ powerPreference: 'high-performance' })) ?? null;
	} catch {
		return null;
	}
}

const EMULATED = /swiftshader|llvmpipe|lavapipe|basic render|software/i;

/** Whether the adapter is a processor that plays a GPU. */
export function isSoftware(info: GPUAdapterInfo): boolean {
	const words = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`;
	return (info as { isFallbackAdapter?: boolean }).isFallbackAdapter === true || EMULATED.test(words);
}

/** The adapter in its own words. */
export function describeAdapter({ vendor, architecture, device, description }: GPUAdapterInfo): string {
	return description || device || [vendor, architecture].filter(Boolean).join(' ') || 'GPU';
}

const LIMITS = [
	'maxComputeWorkgroupStorageSize',
	'maxComputeWorkgroupsPerDimension',
	'maxStorageBufferBindingSize',
	'maxStorageBuffersPerShaderStage',
	'maxBufferSize',
	'maxComputeWorkgroupSizeX',
	'maxComputeInvocationsPerWorkgroup'
] as const;

/**
 * Registers the backend on a device of our own; `tf.setBackend('webgpu')` makes it.
 * @throws Error without an adapter
 */
export async function startWebgpu({ lost, failed }: Listeners): Promise<Webgpu> {
	const [{ WebGPUBackend }, adapter] = await Promise.all([import('@tensorflow/tfjs-backend-webgpu'), webgpuAdapter()]);
	if (!adapter) throw new Error('There is no WebGPU adapter.');
	mendCast();
	const features = (['timestamp-query', 'bgra8unorm-storage'] as const).filter((name) => adapter.features.has(name));
	const device = await adapter.requestDevice({
		requiredFeatures: features,
		requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]]))
	});
	device.addEventListener('uncapturederror', ({ error }) => failed(error.message));
	void device.lost.then(({ message, reason }) => lost(message || reason));
	if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
	tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 3);
	return { device };
}
