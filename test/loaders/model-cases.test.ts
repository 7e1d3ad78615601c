import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { expectClose } from '../close.ts';
import { useBackend } from '../tools/backends.ts';
import { folderSource, loadContext } from '../tools/files.ts';

/** Small models that were read wrongly once; the right answers are numpy's, in float64. */

const image = () =>
	tf.tensor4d(
		[
			241, 160, 175, 229, 148, 198, 213, 57, 14, 76, 72, 223, 233, 1, 127, 210, 33, 204, 30, 119, 209, 77, 87, 71, 184,
			65, 253, 113, 122, 129, 149, 141, 130, 254, 206, 202, 179, 159, 87, 253, 119, 55, 216, 41, 219, 156, 29, 11, 113,
			9, 36, 131, 248, 119, 206, 234, 210, 161, 112, 131, 68, 127, 97, 63
		].map((n) => n / 255),
		[1, 8, 8, 1]
	);

beforeAll(() => useBackend('cpu'));

const open = (path: string) => openSource(folderSource(`test/cases/${path}`), loadContext());

describe('small models that were read wrongly', () => {
	it.each([
		['two nested models, each with a layer of one name', 'same-inner-layer-name', [0.131463, 0.255372, 0.613165]],
		['two nested models with weights of equal names', 'same-weight-names', [0.024194, 0.003342, 0.972464]],
		['a percent sign in the name of a shard', 'percent-in-shard-name', [0.246591, 0.071195, 0.682214]],
		['NaN and Infinity in the JSON', 'nan-in-json', [0.246591, 0.071195, 0.682214]]
	])('%s: right', async (_, name, expected) => {
		const { model, warnings } = await open(`models/${name}`);
		const [y] = model.run({ [model.graph.inputs[0]!]: image() }, model.graph.outputs);
		expectClose({ data: await y!.data() }, { data: expected }, { rtol: 0, atol: 1e-6 });
		expect(warnings).toEqual([]);
		expect(new Set(model.graph.nodes.map(({ id }) => id)).size).toBe(model.graph.nodes.length);
		model.dispose();
	});

	it('a name that a nested model shares with the whole: each slope its own', async () => {
		const { model } = await open('models/same-name-leaky');
		const [y] = model.run({ [model.graph.inputs[0]!]: image() }, model.graph.outputs);
		expectClose({ data: await y!.data() }, { data: [0.186421, 0.01638, 0.797199] }, { rtol: 0, atol: 1e-6 });
		const slopes = model.graph.nodes
			.filter(({ type }) => type === 'LeakyRelu')
			.map(({ id, attributes }) => [id, attributes['slope']]);
		expect(Object.fromEntries(slopes)).toEqual({ 'backbone/leaky_re_lu': 0.1, leaky_re_lu: 0.3 });
		model.dispose();
	});

	it.each([
		[
			'a layer that was cut out',
			'models/layer-cut-out',
			/^The layer ".+" reads ".+", a layer that is not in the file\.$/
		],
		['a ring of layers', 'hostile/layers-a-cycle', /form a ring|its own output/],
		[
			'a use of a layer that is not there',
			'hostile/layers-inbound-node-index-that-is-not-there',
			/reads use \d+ of the layer ".+"/
		]
	])('%s: a sentence that names it', async (_, path, message) => {
		const before = tf.memory().numTensors;
		const error: unknown = await open(path).catch((reason: unknown) => reason);
		expect((error as Error).name).toBe('LabError');
		expect((error as Error).message).toMatch(message);
		expect(tf.memory().numTensors).toBe(before);
	});
});
