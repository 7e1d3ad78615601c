import { beforeAll, expect, it } from 'vitest';
import { LabError } from '#contracts/errors.ts';
import type { AttributionStep } from '#contracts/method.ts';
import * as tf from '#engine/tf.ts';
import { NoGradient } from '#engine/tf-words.ts';
import { attributionMethods } from '#methods/registry.ts';
import { named, refusalOf } from '#workers/compute/explain.ts';
import { useBackend } from '../tools/backends.ts';
import { smallModel } from '../tools/small-model.ts';

/** Why something is not explained, in words. */

beforeAll(() => useBackend('cpu'));

it('whole numbers are refused by what needs their gradient, and by nothing else', () => {
	const model = smallModel({ x: [null, 4, 4, 1] }, [{ id: 'y', type: 'Relu' }]);
	const context = { model, camLayer: 'y', parameters: {} };
	const refused = (input: tf.Tensor) =>
		[...attributionMethods.values()].filter((method) => refusalOf(method, { ...context, input })).map(({ id }) => id);
	const floats = tf.zeros([1, 4, 4, 1]);
	const whole = tf.zeros([1, 4, 4, 1], 'int32');
	expect(refused(floats)).toEqual([]);
	expect(refused(whole).sort()).toEqual(['gradient', 'integrated-gradients', 'smoothgrad']);
	const gradient = attributionMethods.get('gradient')!;
	expect(refusalOf(gradient, { ...context, input: whole })).toBe(
		'The input holds whole numbers, which have no gradient.'
	);
	const cam = attributionMethods.get('grad-cam')!;
	expect(refusalOf(cam, { ...context, camLayer: null, input: whole })).toContain('needs a layer');
	tf.dispose([floats, whole]);
	model.dispose();
});

/* eslint-disable-next-line require-yield */
async function* failing(error: Error): AsyncGenerator<AttributionStep> {
	throw error;
}

it.each([
	[new NoGradient('Unique'), null, 'The path to the score goes through Unique, which has no known gradient.'],
	[new Error('Cannot compute gradient of y=f(x) with respect to x.'), null, 'The score does not depend on this input.'],
	[
		new Error('Cannot compute gradient of y=f(x) with respect to x.'),
		'conv',
		'The score does not depend on the layer “conv”: choose another.'
	]
])('%s, at the layer %s', async (error, layer, words) => {
	const caught = await named(failing(error), layer)
		.next()
		.catch((one: unknown) => one);
	expect(caught).toBeInstanceOf(LabError);
	expect(caught).toMatchObject({ message: words, cause: error });
});

it('a defect stays one', async () => {
	const defect = new Error('It is broken.');
	await expect(named(failing(defect), null).next()).rejects.toBe(defect);
});
