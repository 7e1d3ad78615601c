import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';
import { cases } from '../../tools/conformance-cases.ts';
import { operatorCases } from '../../tools/conformance-operators.ts';
import { direction, outcome, slope, type Outcome } from '../../tools/conformance.ts';

const reference = new Map<string, Outcome>();

/** Central differences judge: the CPU backend is wrong in places, too. */
describe.each(['cpu', 'wasm'] as const)('operations on %s', (backend) => {
	beforeAll(() => useBackend(backend));
	let before = 0;
	beforeAll(() => {
		before = tf.memory().numTensors;
	});
	afterAll(() => {
		expect(tf.memory().numTensors).toBe(before);
	});

	it.each([...cases, ...operatorCases])('$name', async (test) => {
		const found = await outcome(test);
		for (const [k, gradient] of found.gradients.entries()) {
			const along = direction(test.inputs[k] as number[], 2);
			const walked = await along.data();
			along.dispose();
			const analytic = gradient.reduce((sum, g, i) => sum + g * (walked[i] as number), 0);
			// Float32 leaves about three digits; the step is as long as the kinks allow.
			const numeric = await slope(test, k, 2e-3);
			const size = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
			expect(Math.abs(analytic - numeric), `gradient ${k}: ${analytic} against ${numeric}`).toBeLessThan(
				0.01 * size + 0.01
			);
		}
		const expected = reference.get(test.name);
		if (!expected) reference.set(test.name, found);
		else {
			expectClose(
				{ shape: found.shape, data: found.value },
				{ shape: expected.shape, data: expected.value },
				{ rtol: 1e-4, atol: 1e-5 }
			);
			found.gradients.forEach((g, k) =>
				expectClose({ data: g }, { data: expected.gradients[k]! }, { rtol: 1e-3, atol: 1e-4 })
			);
		}
	});
});
