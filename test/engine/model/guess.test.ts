import { describe, expect, it } from 'vitest';
import { guessPreprocessing } from '#engine/model/guess.ts';
import { inputSpecs } from '#engine/model/inspect.ts';
import { graph, node } from '../../tools/networks.ts';

/** As far as a guess looks: an image, a convolution, a thousand classes. */
function imageNet(side = 224) {
	const image = node('image', 'Input', [], { shape: [null, side, side, 3] });
	const conv = node('conv', 'Conv2D', ['image'], { shape: [null, side, side, 64] });
	const fc = node('fc', 'Dense', ['conv'], { shape: [null, 1000] });
	return graph([image, conv, fc, node('softmax', 'Softmax', ['fc'], { shape: [null, 1000] })]);
}
const guessed = (name: string) => {
	const model = imageNet();
	return guessPreprocessing({ graph: model, inputs: inputSpecs(model), name })!.preprocessing;
};

describe('published families get what keras.applications gives them', () => {
	it.each(['vgg16', 'VGG19', 'resnet50'])('%s: BGR minus the means of ImageNet, in 0..255', (name) => {
		const { order, normalisation, width, height, channels } = guessed(name);
		expect([order, width, height, channels]).toEqual(['bgr', 224, 224, 3]);
		// keras.applications.imagenet_utils, mode “caffe”: [103.939, 116.779, 123.68] in the order blue, green, red.
		if (normalisation.kind !== 'standard') return expect.fail('no mean');
		normalisation.mean.forEach((mean, k) => expect(255 * mean).toBeCloseTo([123.68, 116.779, 103.939][k]!, 1));
		normalisation.std.forEach((std) => expect(255 * std).toBeCloseTo(1, 6));
	});

	it.each([
		['mobilenet_v2', -1, 1],
		['InceptionV3', -1, 1],
		['resnet50v2', -1, 1],
		['efficientnet-b0', 0, 255]
	])('%s: %d to %d', (name, low, high) => {
		expect(guessed(name)).toMatchObject({ order: 'rgb', normalisation: { kind: 'range', low, high } });
	});

	it('densenet121: the mean and deviation of torchvision, in RGB', () => {
		expect(guessed('densenet121')).toMatchObject({
			order: 'rgb',
			normalisation: { kind: 'standard', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }
		});
	});
});
