import { beforeAll, expect, it } from 'vitest';
import { refuse } from '#engine/gradients/refusals.ts';
import { gradientFault, NoGradient } from '#engine/tf-words.ts';
import * as tf from '#engine/tf.ts';
import { useBackend } from '../tools/backends.ts';

/** What TF.js really says, as codes: a release that says it in other words is found here. */

beforeAll(() => useBackend('cpu'));

function thrown(job: () => unknown): unknown {
	try {
		tf.tidy(() => void job());
	} catch (error) {
		return error;
	}
	throw new Error('Nothing was thrown.');
}

const x = () => tf.tensor1d([1, 2, 3]);
const gradient = (f: (x: tf.Tensor) => tf.Tensor) => () => tf.grad((own: tf.Tensor) => tf.sum(f(own)))(x());

it('an operation on the path has no gradient', () => {
	const kernelName = 'Unheard_Of2';
	tf.registerKernel({ kernelName, backendName: 'cpu', kernelFunc: ({ inputs: { x } }) => tf.clone(x as tf.Tensor) });
	const error = thrown(gradient((own) => tf.engine().runKernel(kernelName, { x: own })));
	tf.unregisterKernel(kernelName, 'cpu');
	expect(gradientFault(error)).toEqual({ code: 'no-gradient', kernel: kernelName });
});

it('one that the lab refuses says so by itself', () => {
	refuse();
	const error = thrown(gradient((own) => tf.unique(own as tf.Tensor1D).values));
	expect(error).toBeInstanceOf(NoGradient);
	expect((error as Error).message).toBe('The gradient of Unique is not known.');
	expect(gradientFault(error)).toEqual({ code: 'no-gradient', kernel: 'Unique' });
});

it('no path leads from the score to the input', () => {
	const error = thrown(gradient(() => tf.ones([3])));
	expect(gradientFault(error)).toEqual({ code: 'unreached' });
});

it('all else is nothing of the kind', () => {
	expect(gradientFault(thrown(() => tf.matMul([[1]], [[1, 2], [3, 4]])))).toBeNull(); // prettier-ignore
	expect(gradientFault('gradient function not found for Cast')).toBeNull();
});
