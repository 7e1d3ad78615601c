import { beforeAll, describe, expect, it } from 'vitest';
import { weightBag } from '#engine/model/bag.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import * as tf from '#engine/tf.ts';
import { useBackend } from '../../tools/backends.ts';

/** Weights without their network. */

beforeAll(() => useBackend('cpu'));

const stored = (...values: number[]): StoredWeight => ({
	shape: [values.length],
	dtype: 'float32',
	values: Float32Array.from(values)
});

describe('a bag of weights', () => {
	it('gathers by what names begin with: up to the last slash, else up to the last dot', () => {
		const names = [
			'a/b/conv/kernel',
			'a/b/conv/bias',
			'a.b/x.weight',
			'layer.0.weight',
			'layer.0.bias',
			'alone',
			'.x',
			'/y'
		];
		const bag = weightBag(names.map((name) => [name, stored(1)]));
		const found = bag.graph.nodes.map(({ id, group, weights }) => [id, group, weights.map(({ role }) => role)]);
		expect(found).toEqual([
			['a/b/conv', ['a', 'b'], ['kernel', 'bias']],
			['a.b', ['a'], ['x.weight']],
			['layer.0', ['layer'], ['gamma', 'beta']],
			['alone', [], ['alone']],
			['.x', [''], ['.x']],
			['/y', [''], ['/y']]
		]);
		expect(bag.graph.nodes[0]).toMatchObject({ type: 'Weights', unknown: true, inputs: [], shape: [] });
		expect([bag.graph.inputs, bag.graph.outputs]).toEqual([[], []]);
		bag.dispose();
	});

	it('holds their numbers under names that are there once, and says which are missing', async () => {
		const before = tf.memory().numTensors;
		const bag = weightBag([
			['d/kernel', stored(1)],
			['d/kernel', stored(2)],
			['d/kernel', { ...stored(3), stored: 'uint8' }],
			['d/bias', { ...stored(0), values: null }]
		]);
		expect(tf.memory().numTensors).toBe(before + 3);
		expect(bag.graph.nodes[0]!.weights).toEqual([
			{ name: 'd/kernel', shape: [1], dtype: 'float32', role: 'kernel' },
			{ name: 'd/kernel#2', shape: [1], dtype: 'float32', role: 'kernel' },
			{ name: 'd/kernel#3', shape: [1], dtype: 'float32', role: 'kernel', stored: 'uint8' },
			{ name: 'd/bias', shape: [1], dtype: 'float32', role: 'bias', missing: true }
		]);
		const values = ['d/kernel', 'd/kernel#2', 'd/kernel#3'].map((name) => bag.weight(name).dataSync()[0]);
		expect(values).toEqual([1, 2, 3]);
		expect(() => bag.weight('d/bias')).toThrow('no weight "d/bias"');
		expect(() => bag.run({}, ['d'])).toThrow('The files hold weights and no network.');
		expect(bag.obstacle?.kind).toBe('bag');
		bag.dispose();
		expect(tf.memory().numTensors).toBe(before);
	});
});
