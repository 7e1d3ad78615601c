import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '#engine/device.ts';
import { planeTensor } from '#engine/playground/plane-field.ts';
import * as tf from '#engine/tf.ts';
import { hasLayers } from '#maths/playground/export/layers.ts';
import type { PlaneNetwork } from '#maths/playground/field.ts';
import { ACTIVATIONS, DERIVED_INPUTS } from '#maths/playground/spec.ts';
import { modelFiles } from '#state/playground/model.ts';
import { expectClose } from '../close.ts';
import { drawWorker } from '../tools/draw-worker.ts';
import { planeNetwork, type Changes } from '../tools/playground.ts';

/**
 * What the pictures show is what the saved model says: TF.js's own `predict` of the playground's files, on the processor,
 * against the fields of both shaders at every pixel.
 */

const { draw } = drawWorker();
const [WIDTH, HEIGHT] = [96, 64];
const REQUEST = {
	window: { x1: [-4, 6], x2: [-5, 3] },
	width: WIDTH,
	height: HEIGHT,
	content: 'outputs'
} as const;
const TOLERANCE = { rtol: 1e-4, atol: 5e-6 };

/** The centres of the pixels, [pixels, 2]; the first row is the top one. */
function centres(): Float32Array {
	const { x1, x2 } = REQUEST.window;
	const points = new Float32Array(2 * WIDTH * HEIGHT);
	for (let i = 0; i < WIDTH * HEIGHT; i++) {
		points[2 * i] = x1[0] + (((i % WIDTH) + 0.5) / WIDTH) * (x1[1] - x1[0]);
		points[2 * i + 1] = x2[1] - ((Math.floor(i / WIDTH) + 0.5) / HEIGHT) * (x2[1] - x2[0]);
	}
	return points;
}

/** @returns [outputs, pixels], as fields have them */
async function predicted(one: PlaneNetwork): Promise<Float32Array> {
	await tf.setBackend('cpu');
	const files = modelFiles(one).map(({ path, file }) => new File([file], path));
	const handler = tf.io.browserFiles(files);
	const model = hasLayers(one) ? await loadLayersModel(handler) : await loadGraphModel(handler);
	const outputs = tf.tidy(() => {
		const y = model.predict(tf.tensor2d(centres(), [WIDTH * HEIGHT, 2])) as tf.Tensor2D;
		expect(y.shape).toEqual([WIDTH * HEIGHT, one.outputs]);
		return tf.transpose(y);
	});
	const values = Float32Array.from(await outputs.data());
	outputs.dispose();
	model.dispose();
	return values;
}

async function fused(one: PlaneNetwork): Promise<Float32Array> {
	await tf.setBackend('webgpu');
	const tensor = await planeTensor(one, REQUEST);
	const values = Float32Array.from(await tensor.data());
	tensor.dispose();
	return values;
}

/** Null for networks that the fragment shader leaves to the engine. */
async function drawn(one: PlaneNetwork): Promise<Float32Array | null> {
	const sent = await draw.networkField(one, REQUEST, 'model', true);
	if (!sent) return null;
	const { values } = await draw.values('model');
	await draw.drop(['model']);
	return values;
}

type Case = [name: string, changes: Changes, outputs: number];

const CASES: Case[] = [
	['cross-entropy of two', { learning: { loss: 'cross-entropy' } }, 2],
	['cross-entropy of five', { network: { hidden: [7] }, learning: { loss: 'cross-entropy' } }, 5],
	['logistic', { learning: { loss: 'logistic' } }, 1],
	['squared-tanh of one', { learning: { loss: 'squared-tanh' } }, 1],
	['squared-tanh of three', { learning: { loss: 'squared-tanh' } }, 3],
	['squared', { learning: { loss: 'squared' } }, 1],
	['no hidden layer', { network: { hidden: [] } }, 1],
	['batch normalisation', { network: { hidden: [9, 4, 3], batchNorm: true }, learning: { loss: 'cross-entropy' } }, 3],
	['all inputs', { network: { inputs: DERIVED_INPUTS, hidden: [8, 5] } }, 1],
	[
		'all inputs, normalised',
		{ network: { inputs: DERIVED_INPUTS, hidden: [6, 5], batchNorm: true, activation: 'relu' } },
		1
	],
	...ACTIVATIONS.map((activation): Case => [activation, { network: { hidden: [6, 5], activation } }, 1])
];

describe('fields equal predict of the saved model at every pixel', () => {
	beforeAll(async () => {
		await startEngine('cpu');
		await startEngine('webgpu');
	});
	afterAll(() => tf.removeBackend('webgpu'));

	it.each(CASES)('%s', async (_, changes, outputs) => {
		const one = planeNetwork(changes, outputs);
		const expected = { data: await predicted(one) };
		const shown = await drawn(one);
		expect(shown).not.toBeNull();
		expectClose({ data: await fused(one) }, expected, TOLERANCE);
		expectClose({ data: shown ?? [] }, expected, TOLERANCE);
	});

	it('256 neurons wide, which only the engine draws', async () => {
		const one = planeNetwork({ network: { hidden: [256, 256] }, learning: { loss: 'cross-entropy' } }, 3);
		expect(await drawn(one)).toBeNull();
		expectClose({ data: await fused(one) }, { data: await predicted(one) }, TOLERANCE);
	});
});
