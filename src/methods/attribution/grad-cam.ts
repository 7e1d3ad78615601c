import type { AttributionContext, AttributionMethod } from '#contracts/method.ts';
import { flag } from '#contracts/parameter.ts';
import * as tf from '#engine/tf.ts';

const layerOf = ({ parameters, camLayer }: Pick<AttributionContext, 'parameters' | 'camLayer'>) =>
	(parameters['layer'] as string) || camLayer;

/**
 * Selvaraju et al. 2016, arXiv 1610.02391: a layer's channels weighed by their mean gradient, summed, negative parts cut.
 * The layer's value is fed back in, so that the gradient stops there; paths around it stay as they are.
 */
const method: AttributionMethod = {
	id: 'grad-cam',
	title: 'Grad-CAM',
	family: 'attribution',
	order: 4,
	summary:
		'Activations of a late convolutional layer, each channel weighted by its mean gradient. Coarse, but class-specific.',
	paper: {
		authors: 'Selvaraju et al.',
		year: 2016,
		title: 'Grad-CAM: Visual Explanations from Deep Networks',
		url: 'https://arxiv.org/abs/1610.02391'
	},
	equation: 'ReLU(Σₖ wₖ Aᵏ),  wₖ = mean ∂s/∂Aᵏ',
	signed: false,
	grid: 'layer',
	inputGradient: false,
	parameters: [
		{
			kind: 'layer',
			id: 'layer',
			title: 'Layer',
			help: 'Target layer. Late layers respond to classes, early ones to edges.',
			default: ''
		},
		flag('positive', 'ReLU: positive evidence only', 'Sets negative values to zero, as in the paper.', true)
	],
	refusal(context) {
		const layer = layerOf(context);
		if (!layer) return 'Grad-CAM needs a layer with a spatial grid, and this model has none.';
		const node = context.model.graph.nodes.find(({ id }) => id === layer);
		return node?.shape.length === 4 ? null : `The layer “${layer}” has no spatial grid in this model.`;
	},
	async *run(context) {
		const { model, input, feeds, score, parameters } = context;
		const layer = layerOf(context) as string;
		const map = tf.tidy(() => {
			const fed = feeds(input);
			const [activation] = model.run(fed, [layer]) as [tf.Tensor4D];
			const gradient = tf.grad((a: tf.Tensor) => tf.sum(score({ ...fed, [layer]: a })))(activation);
			const weights = tf.mean(gradient, [1, 2], true);
			const sum = tf.sum(tf.mul(weights, activation), 3, true);
			return parameters['positive'] === false ? sum : tf.relu(sum);
		});
		yield { map, facts: [], done: 1 };
	}
};

export default method;
