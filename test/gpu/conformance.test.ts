import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { startEngine } from '#engine/device.ts';
import { installGradients } from '#engine/gradients/index.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../close.ts';
import { cases as cores } from '../tools/conformance-cases.ts';
import { operatorCases } from '../tools/conformance-operators.ts';
import { outcome, type Outcome } from '../tools/conformance.ts';

/** The same table on the real graphics engines, against WASM, which is proved by finite differences in Node. */
const reference = new Map<string, Outcome>();
const cases = [...cores, ...operatorCases];

beforeAll(async () => {
	// A model of layers brings more of TF.js with it: what is mended must stay so.
	await import('#engine/model/layers/model.ts');
	await startEngine('wasm');
	for (const test of cases) reference.set(test.name, await outcome(test));
});

describe.each(['webgpu', 'webgl'] as const)('operations on %s', (backend) => {
	let before = 0;
	beforeAll(async () => {
		await startEngine(backend);
		installGradients();
		tf.env().set('WEBGPU_CPU_FORWARD', false);
		before = tf.memory().numTensors;
	}, 60_000);
	afterAll(() => {
		expect(tf.memory().numTensors).toBe(before);
	});

	it.each(cases)('$name', async (test) => {
		const expected = reference.get(test.name) as Outcome;
		const device = backend === 'webgpu' ? (tf.backend() as WebGPUBackend).device : null;
		device?.pushErrorScope('validation');
		const found = await outcome(test);
		expect((await device?.popErrorScope())?.message).toBeUndefined();
		const loose = test.loose ?? 0;
		expectClose(
			{ shape: found.shape, data: found.value },
			{ shape: expected.shape, data: expected.value },
			{ rtol: 1e-3, atol: loose || 1e-5 }
		);
		found.gradients.forEach((g, k) =>
			expectClose({ data: g }, { data: expected.gradients[k]! }, { rtol: 1e-3, atol: loose || 1e-4 })
		);
	});
});
