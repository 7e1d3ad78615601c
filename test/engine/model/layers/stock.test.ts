import { beforeAll, describe, expect, it } from 'vitest';
import { layersModel } from '#engine/model/layers/model.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import * as tf from '#engine/tf.ts';
import { useBackend } from '../../../tools/backends.ts';
import * as k from '../../../tools/keras-files.ts';

/** What the weights of a network are called, which are lacking, and which are left over. */

beforeAll(() => useBackend('cpu'));

type Named = [name: string, weight: StoredWeight];
const kernel = (name: string, seed = 1, change: Partial<StoredWeight> = {}): Named => [name, { ...k.stored([2, 2], seed), ...change }]; // prettier-ignore
const dense = (name: string, trainable = true, units = 2) =>
	k.layer('Dense', name, { units, use_bias: false, trainable, batch_input_shape: [null, 2] });

function opened(layers: k.LayerFile[], weights: Named[], lacking = false) {
	const messages: string[] = [];
	const obstacle = lacking ? { kind: 'weights' as const, message: 'Missing.', hint: '', nodes: [] } : null;
	const topology = k.topology(k.sequential('s', layers));
	const model = layersModel({ topology, weights, obstacle, warn: (sentence) => messages.push(sentence) });
	const found = model.graph.nodes.flatMap((node) => node.weights);
	return { model, messages, found, names: found.map(({ name }) => name) };
}

describe('weights of a network', () => {
	it('bear the names of the file, where these are there once', () => {
		const { model, names } = opened([dense('a'), dense('b')], [kernel('net/b/kernel'), kernel('net/a/kernel', 2)]);
		expect(names).toEqual(['net/a/kernel', 'net/b/kernel']);
		expect([...model.weight('net/a/kernel').dataSync()]).toEqual([...k.values([2, 2], 2)]);
		model.dispose();
	});

	it('else the way to them, and a number where that is taken', () => {
		const nested = (name: string) => k.sequential(name, [dense('d')]);
		const same = opened([nested('p'), nested('q')], [kernel('d/kernel'), kernel('d/kernel', 2)]);
		expect(same.names).toEqual(['p/d/kernel', 'q/d/kernel']);
		expect([...same.model.weight('q/d/kernel').dataSync()]).toEqual([...k.values([2, 2], 2)]);
		same.model.dispose();
		// The file calls one of them as the other lies.
		const taken = opened(
			[nested('p'), nested('q'), dense('p/d')],
			[kernel('d/kernel'), kernel('d/kernel', 2), kernel('p/d/kernel', 3)]
		);
		expect(new Set(taken.names).size).toBe(3);
		taken.model.dispose();
	});

	it('say what they are: trained, how they are stored, whether they are there', () => {
		const { model, found } = opened(
			[dense('a'), dense('b', false), dense('c')],
			[kernel('a/kernel', 1, { stored: 'uint8' }), kernel('b/kernel'), kernel('c/kernel', 1, { values: null })],
			true
		);
		expect(found).toMatchObject([
			{ name: 'a/kernel', shape: [2, 2], dtype: 'float32', trainable: true, stored: 'uint8', role: 'kernel' },
			{ name: 'b/kernel', trainable: false },
			{ name: 'c/kernel', trainable: true, missing: true }
		]);
		expect(found[0]).not.toHaveProperty('missing');
		expect(found[1]).not.toHaveProperty('stored');
		expect(() => model.weight('c/kernel')).toThrow('no weight "c/kernel"');
		model.dispose();
		const none = opened([dense('a')], [], true);
		expect(none.found).toMatchObject([{ name: 'a/kernel', missing: true }]);
		none.model.dispose();
	});

	it('that no layer uses are told: one, two or many, and not what is no weight', () => {
		const left = (...names: string[]) => {
			const { model, messages } = opened([dense('a')], [kernel('a/kernel'), ...names.map((name) => kernel(name))]);
			model.dispose();
			return messages;
		};
		expect(left()).toEqual([]);
		expect(left('x/kernel')).toEqual(['The weight files hold a weight that no layer uses: "x/kernel".']);
		expect(left('x', 'y')).toEqual(['The weight files hold 2 weights that no layer uses: "x", "y".']);
		expect(left('x', 'y', 'z')).toEqual(['The weight files hold 3 weights that no layer uses: "x", "y", "z".']);
		expect(left('x', 'y', 'z', 'u', 'v')).toEqual([
			'The weight files hold 5 weights that no layer uses: "x", "y", "z" and 2 more.'
		]);
		expect(left('x'.repeat(200))).toEqual([`The weight files hold a weight that no layer uses: "${'x'.repeat(100)}".`]);
		expect(left('n/count', 'count:0', 'd/seed_generator_state', 'Adam/m/a/kernel', 'optimizer/x')).toEqual([]);
	});

	it('taken by their order are told', () => {
		const { model, messages } = opened([dense('a'), dense('b')], [kernel('w0'), kernel('w1', 2)]);
		expect(messages.join()).toContain('they were taken in the order of the file');
		model.dispose();
	});

	it('must hold as many numbers as their shape, and leave nothing where they do not', () => {
		const before = tf.memory().numTensors;
		const short = kernel('a/kernel', 1, { values: Float32Array.of(1, 2, 3) });
		expect(() => opened([dense('a')], [short])).toThrow(
			'The weight "a/kernel" holds 3 numbers; its shape wants more or fewer.'
		);
		// No weight may be larger than the largest of the files.
		expect(() => opened([dense('a', true, 3)], [kernel('a/kernel')])).toThrow('its kernel would be [2, 3]');
		expect(tf.memory().numTensors).toBe(before);
	});
});
