import type { AttributionMethod } from '#contracts/method.ts';
import { flag } from '#contracts/parameter.ts';
import * as tf from '#engine/tf.ts';
import { inputGradient } from '#methods/input-gradient.ts';

/** Simonyan et al. 2013, arXiv 1312.6034: the plain gradient, its sign kept. */
const method: AttributionMethod = {
	id: 'gradient',
	title: 'Gradient',
	family: 'attribution',
	order: 1,
	summary:
		'Derivative of the score with respect to each pixel (saliency): positive where a higher value of it raises the score. Fast and exact to first order, but noisy.',
	paper: {
		authors: 'Simonyan, Vedaldi & Zisserman',
		year: 2013,
		title: 'Deep Inside Convolutional Networks',
		url: 'https://arxiv.org/abs/1312.6034'
	},
	equation: '∂s/∂x',
	signed: true,
	grid: 'input',
	inputGradient: true,
	parameters: [
		flag(
			'times-input',
			'Multiply by input',
			'Gradient × input: the contribution of each pixel to a linear model.',
			false
		)
	],
	async *run(context) {
		const map = tf.tidy(() => {
			const gradient = inputGradient(context, context.input);
			return context.parameters['times-input'] ? tf.mul(gradient, context.input) : gradient;
		});
		yield { map, facts: [], done: 1 };
	}
};

export default method;
