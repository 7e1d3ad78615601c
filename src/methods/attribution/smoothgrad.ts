import { throwIfAborted } from '#contracts/errors.ts';
import { number } from '#contracts/parameter.ts';
import type { AttributionMethod } from '#contracts/method.ts';
import { breath } from '#engine/breath.ts';
import { seededNormal } from '#engine/noise.ts';
import * as tf from '#engine/tf.ts';
import { inputGradient } from '#methods/input-gradient.ts';

/**
 * Smilkov et al. 2017, arXiv 1706.03825: the mean of the gradient over noisy copies of the input, its sign kept. Each
 * sample's noise depends on the seed and its number alone, so the batch size does not change the map.
 */
const method: AttributionMethod = {
	id: 'smoothgrad',
	title: 'SmoothGrad',
	family: 'attribution',
	order: 2,
	summary:
		'Mean gradient over noisy copies of the input. Averages out the noise of a single gradient. Its sign says whether a brighter pixel would raise or lower the score.',
	paper: {
		authors: 'Smilkov et al.',
		year: 2017,
		title: 'SmoothGrad: removing noise by adding noise',
		url: 'https://arxiv.org/abs/1706.03825'
	},
	equation: '1/N · Σ ∂s/∂x (x + ε),  ε ~ 𝒩(0, σ²)',
	signed: true,
	grid: 'input',
	inputGradient: true,
	parameters: [
		number('samples', 'Samples', 'Number of noisy copies. More give a smoother map.', 50, {
			min: 1,
			max: 500,
			step: 1,
			integer: true
		}),
		number('noise', 'Noise', 'Standard deviation of the noise, in % of the input range.', 15, {
			min: 0,
			max: 50,
			step: 1,
			unit: '%'
		})
	],
	async *run(context) {
		const { input, parameters, range, seed, batch, signal } = context;
		const samples = parameters['samples'] as number;
		const sigma = ((parameters['noise'] as number) / 100) * (range[1] - range[0]);
		let sum = tf.zerosLike(input);
		try {
			for (let first = 0; first < samples; first += batch) {
				throwIfAborted(signal);
				const rows = Math.min(batch, samples - first);
				const next = tf.tidy(() => {
					const noise = tf.mul(seededNormal([rows, ...input.shape.slice(1)], seed, first), sigma);
					const gradients = inputGradient(context, tf.add(input, noise));
					return tf.add(sum, tf.sum(gradients, 0, true));
				});
				sum.dispose();
				sum = next;
				const taken = first + rows;
				yield {
					map: tf.div(sum, taken),
					facts: [{ id: 'samples', title: 'samples', text: String(taken), value: taken }],
					done: taken / samples,
					...(taken < samples ? { at: `sample ${taken} of ${samples}` } : {})
				};
				await breath(signal);
			}
		} finally {
			sum.dispose();
		}
	}
};

export default method;
