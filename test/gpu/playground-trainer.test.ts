import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '#engine/device.ts';
import { WebgpuTrainer } from '#engine/playground/webgpu-trainer.ts';
import * as tf from '#engine/tf.ts';
import { ReferenceNetwork } from '../tools/playground-reference.ts';
import { OPTIMISERS } from '#maths/playground/schedule.ts';
import { expectClose } from '../close.ts';
import { divergingCases, playground, trainerCases } from '../tools/playground.ts';

let device: GPUDevice;
beforeAll(async () => {
	await startEngine('webgpu');
	device = (tf.backend() as WebGPUBackend).device;
});
afterAll(() => tf.removeBackend('webgpu'));

async function validated<T>(job: () => Promise<T>): Promise<T> {
	device.pushErrorScope('validation');
	try {
		return await job();
	} finally {
		expect((await device.popErrorScope())?.message).toBeUndefined();
	}
}

const TOLERANCE = { rtol: 1e-3, atol: 2e-5 };

describe('training on the GPU', () => {
	// As many threads as an emulated GPU gets, and as a real one.
	it.each([4, 64])('with %i threads equals the reference step for step, in every kind of network at once', (lanes) =>
		validated(async () => {
			const cases = trainerCases();
			const trainer = await WebgpuTrainer.create(
				cases.map(([, spec]) => spec),
				lanes
			);
			const references = cases.map(([, spec]) => new ReferenceNetwork(spec));
			for (const steps of [1, 1, 2, 6]) {
				for (const reference of references) for (let i = 0; i < steps; i++) reference.train();
				await trainer.step(steps);
				for (const [n, [name]] of cases.entries()) {
					const { parameters, running, step } = await trainer.snapshot(n);
					const reference = references[n]!;
					try {
						expect(step).toBe(reference.step);
						expectClose({ data: parameters }, { data: reference.parameters() }, TOLERANCE);
						expectClose({ data: running }, { data: reference.running() }, TOLERANCE);
					} catch (error) {
						throw new Error(`${name}, step ${step}: ${(error as Error).message}`, { cause: error });
					}
				}
			}
			const metrics = await trainer.metrics();
			for (const [n, [name]] of cases.entries()) {
				const reference = references[n]!;
				for (const set of ['train', 'test'] as const) {
					const expected = reference.metrics(reference.data[set]);
					expect(metrics[n]![set].loss, name).toBeCloseTo(expected.loss, 3);
					expectClose({ data: [metrics[n]![set].accuracy] }, { data: [expected.accuracy] }, { atol: 1e-6 });
				}
			}
			trainer.dispose();
		})
	);

	it('equals the reference after ten epochs, of the default page and of the spiral with three layers', () =>
		validated(async () => {
			const specs = [playground(), playground({ data: { kind: 'spiral' }, network: { hidden: [8, 8, 8] } })];
			const trainer = await WebgpuTrainer.create(specs);
			await trainer.step(250);
			for (const [n, spec] of specs.entries()) {
				const reference = new ReferenceNetwork(spec);
				for (let i = 0; i < 250; i++) reference.train();
				const { parameters } = await trainer.snapshot(n);
				expectClose({ data: parameters }, { data: reference.parameters() }, { rtol: 1e-4, atol: 1e-5 });
			}
			trainer.dispose();
		}));

	it('equals the reference with its numbers in a buffer, where workgroup memory is too small', () =>
		validated(async () => {
			const spec = playground({
				data: { size: 120, kind: 'moons' },
				network: { hidden: [70, 80], initialiser: 'glorot-uniform', batchNorm: true },
				learning: { loss: 'cross-entropy', optimiser: OPTIMISERS.momentum, rate: 0.02 }
			});
			const trainer = await WebgpuTrainer.create([spec, spec]);
			const reference = new ReferenceNetwork(spec);
			for (let i = 0; i < 3; i++) reference.train();
			await trainer.step(3);
			for (const n of [0, 1]) {
				const { parameters } = await trainer.snapshot(n);
				expectClose({ data: parameters }, { data: reference.parameters() }, TOLERANCE);
			}
			trainer.dispose();
		}));

	it('that diverged is right about no point', async () => {
		const trainer = await WebgpuTrainer.create(divergingCases());
		await trainer.step(25);
		for (const { train, test } of await trainer.metrics()) expect([train.accuracy, test.accuracy]).toEqual([0, 0]);
		trainer.dispose();
	});

	it('goes on from a snapshot to the bit, and takes a changed weight', () =>
		validated(async () => {
			const [, spec] = trainerCases().find(([name]) => name.startsWith('batch normalisation and'))!;
			const trainer = await WebgpuTrainer.create([playground(), spec]);
			await trainer.step(5);
			const kept = await trainer.snapshot(1);
			await trainer.step(6);
			const after = await trainer.snapshot(1);
			await trainer.restore(1, kept);
			expect(await trainer.snapshot(1)).toEqual(kept);
			await trainer.step(6);
			expect(await trainer.snapshot(1)).toEqual(after);
			await trainer.setParameter(1, 3, 0.75);
			expect((await trainer.snapshot(1)).parameters[3]).toBe(0.75);
			await expect(trainer.restore(0, kept)).rejects.toThrow(RangeError);
			trainer.dispose();
		}));
});
