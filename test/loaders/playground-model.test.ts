import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Source } from '#contracts/source.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { dataset } from '#maths/playground/data.ts';
import { tfjsFiles } from '#maths/playground/export/tfjs.ts';
import { valuesAt } from '#maths/playground/field.ts';
import { outputsOf } from '#maths/playground/layout.ts';
import { TypedTraining } from '#maths/playground/training.ts';
import { ACTIVATIONS, DERIVED_INPUTS, type PlaygroundSpec } from '#maths/playground/spec.ts';
import { expectClose } from '../close.ts';
import { useBackend } from '../tools/backends.ts';
import { loadContext } from '../tools/files.ts';
import { playground } from '../tools/playground.ts';

/** What the playground trained is, opened as a model, the same function. */

beforeAll(() => useBackend('cpu'));

/** Trained a little, so that all of its numbers count. */
function trained(spec: PlaygroundSpec) {
	const training = new TypedTraining(spec);
	for (let i = 0; i < 30; i++) training.train();
	return training.planeNetwork();
}

const filesOf = ({ json, weights }: ReturnType<typeof tfjsFiles>) => ({ 'model.json': json, 'weights.bin': weights });
const source = (files: Record<string, BlobPart>): Source => ({
	name: 'playground',
	files: Object.entries(files).map(([path, part]) => ({ path, blob: new Blob([part]) }))
});

const X1 = Float64Array.of(-5.5, -1, 0, 0.3, 2, 6);
const X2 = Float64Array.of(2, -1, 0, 4.5, -6, 6);

async function modelOutputs(opened: Source): Promise<{ values: Float32Array; types: string[] }> {
	const { model } = await openSource(opened, loadContext());
	const points = tf.tensor2d(Array.from(X1, (x1, i) => [x1, X2[i]!]));
	const [y] = model.run({ [model.graph.inputs[0]!]: points }, model.graph.outputs);
	const values = Float32Array.from(await y!.data());
	const types = model.graph.nodes.map(({ type }) => type);
	tf.dispose([points, y!]);
	model.dispose();
	return { values, types };
}

const LOSSES: [string, PlaygroundSpec][] = [
	['tanh of one output', playground()],
	['softmax of three', playground({ data: { kind: 'spirals' }, learning: { loss: 'cross-entropy' } })],
	['one probability', playground({ data: { kind: 'moons' }, learning: { loss: 'logistic' } })],
	['a value', playground({ data: { kind: 'plane' }, learning: { loss: 'squared' } })],
	['a linear model', playground({ network: { hidden: [] } })],
	['one input alone', playground({ network: { inputs: ['x2'] } })],
	['the other way round', playground({ network: { inputs: ['x2', 'x1-squared'] } })],
	['all inputs', playground({ network: { inputs: DERIVED_INPUTS, hidden: [5, 3] } })],
	['without sines', playground({ network: { inputs: DERIVED_INPUTS.slice(0, 5), hidden: [5, 3] } })],
	['one sine alone', playground({ network: { inputs: ['sin-x1'] } })],
	['dropout', playground({ network: { dropout: 0.3 } })],
	['batch normalisation', playground({ network: { batchNorm: true, hidden: [5, 3] } })],
	[
		'batch normalisation with sines',
		playground({ network: { batchNorm: true, inputs: ['sin-x1', 'x2'], activation: 'relu' } })
	],
	...ACTIVATIONS.flatMap((activation): [string, PlaygroundSpec][] => [
		[activation, playground({ network: { activation } })],
		[`${activation} as a graph`, playground({ network: { activation, inputs: ['x1', 'sin-x2'] } })]
	])
];

describe('a network of the playground as TF.js files', () => {
	it.each(LOSSES)('says of each point what the playground says: %s', async (_, spec) => {
		const network = trained(spec);
		const made = tfjsFiles(network);
		const sines = spec.network.activation === 'sine' || spec.network.inputs.some((input) => input.startsWith('sin'));
		expect(made.format).toBe(sines ? 'graph-model' : 'layers-model');
		const { values } = await modelOutputs(source(filesOf(made)));
		const outputs = outputsOf(spec.learning.loss, dataset(spec.data).classes);
		const planes = valuesAt(network, { x1: X1, x2: X2 }, { content: 'outputs' });
		// [planes, points] there, [points, outputs] here.
		const expected = Array.from(X1, (_, i) => Array.from({ length: outputs }, (_, k) => planes[k * X1.length + i]!));
		expectClose({ data: values }, { data: expected.flat() }, { rtol: 1e-4, atol: 2e-6 });
	});

	it('opens again from a zip, and names what it is made of', async () => {
		const network = trained(playground({ network: { inputs: ['x1', 'x1-x2'], hidden: [3], dropout: 0.2 } }));
		const files = filesOf(tfjsFiles(network));
		const zip = zipSync({
			'model.json': new TextEncoder().encode(files['model.json']),
			'weights.bin': files['weights.bin']
		});
		const [plain, packed] = [
			await modelOutputs(source(files)),
			await modelOutputs(source({ 'p.zip': new Uint8Array(zip) }))
		];
		expect(packed).toEqual(plain);
		expect(plain.types).toEqual(expect.arrayContaining(['Dense', 'Multiply', 'Concat', 'Tanh']));
	});
});
