import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { startEngine } from '#engine/device.ts';
import { fitsShader } from '#engine/playground/plane.ts';
import { planeTensor } from '#engine/playground/plane-field.ts';
import { webgpuEngine } from '#engine/playground/webgpu-engine.ts';
import { WebgpuTrainer } from '#engine/playground/webgpu-trainer.ts';
import * as tf from '#engine/tf.ts';
import { planeField, planesOf, type FieldContent, type PlaneNetwork } from '#maths/playground/field.ts';
import { TypedTraining } from '#maths/playground/training.ts';
import { ACTIVATIONS, DERIVED_INPUTS, LOSSES } from '#maths/playground/spec.ts';
import { expectClose } from '../close.ts';
import { lostNetworks, planeNetwork, playground, trainerCases } from '../tools/playground.ts';

const window = { x1: [-4, 6], x2: [-5, 3] } as const;
const TOLERANCE = { rtol: 1e-3, atol: 5e-6 };

describe.each(['webgpu', 'wasm'] as const)('fields of networks on %s', (backend) => {
	afterAll(() => (backend === 'webgpu' ? tf.removeBackend('webgpu') : undefined));

	async function same(one: PlaneNetwork, content: FieldContent, width = 17, height = 9): Promise<void> {
		await startEngine(backend);
		const device = backend === 'webgpu' ? (tf.backend() as WebGPUBackend).device : null;
		const before = tf.memory().numTensors;
		device?.pushErrorScope('validation');
		const request = { window, width, height, content };
		const tensor = await planeTensor(one, request);
		// tfjs's own operation on the result is ordered after ours.
		const values = tf.mul(tensor, 1);
		const data = await values.data();
		expect((await device?.popErrorScope())?.message).toBeUndefined();
		expectClose(
			{ shape: tensor.shape, data },
			{ shape: [planesOf(one, { content }), height, width], data: planeField(one, request) },
			TOLERANCE
		);
		tf.dispose([tensor, values]);
		expect(tf.memory().numTensors).toBe(before);
	}

	it('in parts, the same numbers', async () => {
		await startEngine(backend);
		const one = planeNetwork({ network: { hidden: [5, 6] } }, 1);
		const request = { window, width: 13, height: 37, content: 'neurons' } as const;
		const queue = backend === 'webgpu' ? (tf.backend() as WebGPUBackend).device.queue : null;
		const read = async (max?: number) => {
			const submitted = queue && vi.spyOn(queue, 'submit');
			const tensor = await planeTensor(one, request, max);
			const count = submitted?.mock.calls.length ?? 0;
			submitted?.mockRestore();
			const values = await tensor.data();
			tensor.dispose();
			return { values, count };
		};
		const whole = await read();
		// 2 × 5 tiles of 64 pixels, 46 multiply-adds each: one tile at once, three, and all but one.
		for (const [max, count] of [
			[1, 10],
			[46 * 64 * 3.5, 4],
			[46 * 64 * 9, 2]
		] as const) {
			const parts = await read(max);
			expect(parts.values).toEqual(whole.values);
			if (queue) expect(parts.count - whole.count).toBe(count - 1);
		}
	});

	it('any one plane alone', async () => {
		await startEngine(backend);
		const one = planeNetwork({ network: { hidden: [5, 6] }, learning: { loss: 'cross-entropy' } }, 3);
		const request = { window, width: 7, height: 5, content: 'neurons' } as const;
		const all = planeField(one, request);
		for (const plane of [0, 4, 5, 10, 11, 13]) {
			const expected = { shape: [1, 5, 7], data: all.subarray(35 * plane, 35 * (plane + 1)) };
			const tensor = await planeTensor(one, { ...request, plane });
			expectClose({ shape: tensor.shape, data: await tensor.data() }, expected, TOLERANCE);
			expectClose({ data: planeField(one, { ...request, plane }) }, { data: expected.data }, { rtol: 0, atol: 0 });
			tensor.dispose();
		}
	});

	it.each(ACTIVATIONS)('%s, every neuron', (activation) =>
		same(planeNetwork({ network: { hidden: [5, 6], activation } }, 2), 'neurons')
	);

	it.each(LOSSES)('outputs for %s', async (loss) => {
		const one = planeNetwork({ network: { hidden: [7] }, learning: { loss } }, loss === 'cross-entropy' ? 3 : 1);
		await same(one, 'outputs');
		await same(one, 'scores');
	});

	it('no number where the network has none, not a sure answer', async () => {
		for (const one of lostNetworks())
			for (const content of ['outputs', 'scores', 'neurons'] as const) await same(one, content);
	});

	it('all inputs, normalised, none hidden, wide and deep', async () => {
		await same(planeNetwork({ network: { inputs: DERIVED_INPUTS, hidden: [9, 4, 3], batchNorm: true } }, 3), 'neurons');
		await same(planeNetwork({ network: { hidden: [] } }, 5), 'outputs');
		await same(
			planeNetwork({ network: { hidden: [256, 256, 8, 8, 8, 8, 8, 256], activation: 'relu' } }, 3),
			'outputs',
			5,
			3
		);
	});
});

it('networks too wide for a shader are worked out all the same', async () => {
	await startEngine('webgpu');
	const one = planeNetwork({ network: { hidden: [1500, 1200], activation: 'relu' } }, 1);
	expect([fitsShader(planeNetwork({ network: { hidden: [1000, 1000] } }, 1)), fitsShader(one)]).toEqual([true, false]);
	const request = { window, width: 3, height: 2, content: 'outputs' } as const;
	const { payload } = await webgpuEngine.planes(one, request);
	expect(payload.kind === 'array' && payload.values).toEqual(planeField(one, request));
	const wide = playground({ network: { hidden: [1500, 1200] }, data: { size: 10 } });
	const trainer = await webgpuEngine.create([wide]);
	const trained = await webgpuEngine.trainedPlanes(trainer, [0], request);
	const training = new TypedTraining(wide);
	const expected = planeField(training.planeNetwork(), request);
	expectClose(
		{ data: (trained.payload.kind === 'array' && trained.payload.values) || [] },
		{ data: expected },
		TOLERANCE
	);
	trainer.dispose();
	tf.removeBackend('webgpu');
});

it('training that diverged leaves a field without numbers', async () => {
	await startEngine('webgpu');
	const learning = { loss: 'logistic', rate: 1e9 } as const;
	const spec = playground({ data: { kind: 'moons' }, network: { activation: 'linear' }, learning });
	const trainer = await WebgpuTrainer.create([spec]);
	await trainer.step(100);
	const tensor = await planeTensor(trainer.resident(0), { window, width: 12, height: 10, content: 'outputs' });
	expect((await tensor.data()).every(Number.isNaN)).toBe(true);
	tensor.dispose();
	trainer.dispose();
	tf.removeBackend('webgpu');
});

it('a network in training is drawn where it lies', async () => {
	await startEngine('webgpu');
	const specs = [playground(), trainerCases().find(([name]) => name === 'batch normalisation')![1]];
	const trainer = await WebgpuTrainer.create(specs);
	await trainer.step(4);
	for (const [n, spec] of specs.entries()) {
		const request = { window, width: 12, height: 10, content: 'neurons' } as const;
		const tensor = await planeTensor(trainer.resident(n), request);
		const training = new TypedTraining(spec);
		training.restore(await trainer.snapshot(n));
		expectClose({ data: await tensor.data() }, { data: planeField(training.planeNetwork(), request) }, TOLERANCE);
		tensor.dispose();
	}
	trainer.dispose();
	tf.removeBackend('webgpu');
});
