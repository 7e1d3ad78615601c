import { beforeAll, expect, it } from 'vitest';
import * as tf from '#engine/tf.ts';
import { useBackend } from '../../tools/backends.ts';

beforeAll(() => useBackend('cpu'));

const deep = (x: tf.Tensor) => tf.sum(tf.exp(tf.tanh(tf.square(x))));

it.each<[what: string, message: RegExp, score: (x: tf.Tensor) => tf.Tensor]>([
	['nothing leads from the input to the score', /Cannot compute gradient/, () => deep(tf.ones([3]))],
	[
		'an operation has none',
		/gradient function not found/,
		(x) => deep(tf.bincount(tf.cast(x, 'int32') as tf.Tensor1D, [] as never, 3))
	],
	[
		'the score fails',
		/half-way/,
		(x) => {
			deep(x);
			throw new Error('half-way');
		}
	]
])('a gradient that fails as %s leaves no tensors', (_, message, score) => {
	const x = tf.tensor1d([1, 2, 3]);
	const before = tf.memory().numTensors;
	expect(() => tf.grad(score)(x)).toThrow(message);
	expect(() => tf.grads((a: tf.Tensor) => tf.mul(tf.grad(score)(a), 2))([x])).toThrow(message);
	expect(tf.memory().numTensors).toBe(before);
	const gradient = tf.grad(deep)(x);
	expect(gradient.shape).toEqual([3]);
	tf.dispose([x, gradient]);
	expect(tf.memory().numTensors).toBe(before - 1);
});
