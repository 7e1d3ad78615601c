import type { Graph, GraphNode } from '#contracts/graph.ts';
import type { Normalisation, Preprocessing } from '#contracts/preprocessing.ts';

/** How published families of image classifiers want their pixels, and what tells that a model is one of them. */

export const range = (low: number, high: number): Normalisation => ({ kind: 'range', low, high });

/** Of pixels from 0 to 1, as torchvision and keras.applications' mode `torch` have it. */
export const TORCH: Normalisation = { kind: 'standard', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
/** keras.applications' mode `caffe`: channel means of 0 to 255, given for pixels of 0 to 1. */
const CAFFE: Normalisation = {
	kind: 'standard',
	mean: [0.485, 0.458, 0.4076],
	std: [1 / 255, 1 / 255, 1 / 255]
};

/** Classes of ImageNet, with or without a background. */
export const IMAGENET: readonly number[] = [1000, 1001];

export interface Wanted {
	normalisation: Normalisation;
	order: Preprocessing['order'];
	/** What is known of it, and how it was found out: half a sentence. */
	reason: string;
}

interface Family {
	name: RegExp;
	normalisation: Normalisation;
	order?: 'bgr';
	title: string;
	/** Sides of the images that it was published for. */
	sides: readonly number[];
	/** How many classes it was published with; null for any number. */
	classes: readonly number[] | null;
	/** Its networks in PyTorch take the same, not what torchvision's take. */
	alike?: true;
}

/** By name, as their files mostly carry it, where size and classes agree. */
export const FAMILIES: readonly Family[] = [
	{
		name: /efficientnet.?lite/i,
		normalisation: range(-127 / 128, 1),
		title: 'EfficientNet-Lite takes −1 to 1',
		sides: [224, 240, 260, 280, 300],
		classes: IMAGENET,
		alike: true
	},
	{
		name: /efficientnet|convnext/i,
		normalisation: range(0, 255),
		title: 'EfficientNet and ConvNeXt take 0 to 255',
		sides: [224, 240, 260, 300, 380, 384, 456, 480, 528, 600],
		classes: IMAGENET
	},
	{
		name: /inception.?(resnet|v4)|xception|nasnet/i,
		normalisation: range(-1, 1),
		title: 'this family takes −1 to 1',
		sides: [224, 299, 331],
		classes: IMAGENET,
		alike: true
	},
	{
		name: /mobile.?net|inception|resnet.{0,3}v2/i,
		normalisation: range(-1, 1),
		title: 'this family takes −1 to 1',
		sides: [96, 128, 160, 192, 224, 299, 331],
		classes: IMAGENET
	},
	{ name: /teachable/i, normalisation: range(-1, 1), title: 'this family takes −1 to 1', sides: [224], classes: null },
	{
		name: /vgg|resnet(?!.{0,3}v2)/i,
		normalisation: CAFFE,
		order: 'bgr',
		title: 'VGG and ResNet take BGR minus ImageNet mean',
		sides: [224],
		classes: IMAGENET
	},
	{
		name: /densenet/i,
		normalisation: TORCH,
		title: 'DenseNet takes ImageNet mean and std',
		sides: [224],
		classes: IMAGENET
	},
	{
		name: /darknet|yolo/i,
		normalisation: range(0, 1),
		title: 'this family takes 0 to 1',
		sides: [224, 227, 256, 320, 416, 448, 512, 608, 640],
		classes: null,
		alike: true
	},
	{
		name: /squeezenet/i,
		normalisation: range(0, 1),
		title: 'this family takes 0 to 1',
		sides: [224, 227, 256, 320, 416, 448, 512, 608, 640],
		classes: null
	}
];

/**
 * What keras.applications calls the layers of its networks (keras.io/api/applications), and how each module's
 * `preprocess_input` prepares pixels. The first that fits counts.
 */
const KERAS: readonly { title: string; layer: RegExp; mode: 'tf' | 'torch' | 'caffe' }[] = [
	{ title: 'ResNetV2', layer: /\bconv2_block1_preact_bn/, mode: 'tf' },
	{ title: 'ResNeXt', layer: /\bconv2_block1_2_reduce/, mode: 'torch' },
	{ title: 'DenseNet', layer: /\bconv2_block1_concat/, mode: 'torch' },
	{ title: 'ResNet', layer: /\bconv2_block1_1_conv/, mode: 'caffe' },
	{ title: 'VGG', layer: /\bblock5_conv3/, mode: 'caffe' },
	{ title: 'Xception', layer: /\bblock14_sepconv2/, mode: 'tf' },
	{ title: 'MobileNet', layer: /\bconv_dw_13\b|\bblock_16_project/, mode: 'tf' },
	{ title: 'Inception', layer: /\bmixed10\b|\bblock8_10_mixed/, mode: 'tf' }
];

const MODES: Readonly<Record<(typeof KERAS)[number]['mode'], Omit<Wanted, 'reason'> & { words: string }>> = {
	tf: { normalisation: range(-1, 1), order: 'rgb', words: '−1 to 1' },
	torch: { normalisation: TORCH, order: 'rgb', words: 'ImageNet mean and std' },
	caffe: { normalisation: CAFFE, order: 'bgr', words: 'BGR minus ImageNet mean' }
};

/** As the names of the layers of Keras' own networks say. */
function fromLayerNames(nodes: readonly GraphNode[]): Wanted | null {
	for (const { title, layer, mode } of KERAS) {
		if (!nodes.some(({ id }) => layer.test(id))) continue;
		const { words, ...wanted } = MODES[mode];
		return { ...wanted, reason: `guessed from its layers’ names: ${title} of Keras takes ${words}` };
	}
	return null;
}

/** They write TensorFlow's networks, whatever the layout. */
const TENSORFLOW = /tf|tensorflow|keras/i;

/**
 * As its makers say, for a classifier of ImageNet in colours: what wrote the file, and in which order its numbers lie, say
 * more than what the file is called.
 * @param producer what wrote the file, as it says itself; empty where it does not
 * @param name of the model or its files
 */
export function fromMakers(
	graph: Graph,
	{ planar, producer, name }: { planar: boolean; producer: string; name: string }
): Wanted | null {
	const { words, ...caffe } = MODES.caffe;
	const said = producer.slice(0, 40);
	if (/caffe/i.test(producer))
		return { ...caffe, reason: `guessed from its producer, ${said}: Caffe’s networks take ${words}` };
	if (!planar) return fromLayerNames(graph.nodes);
	if (TENSORFLOW.test(producer) && !/torch/i.test(producer)) return fromLayerNames(graph.nodes);
	if (FAMILIES.find((family) => family.name.test(name))?.alike) return null;
	const torch = /torch/i.test(producer);
	return {
		normalisation: TORCH,
		order: 'rgb',
		reason: torch
			? `guessed from its producer, ${said}, and classes: torchvision’s networks take ImageNet mean and std`
			: 'guessed from layout and classes: networks of ImageNet with channels first mostly take its mean and std, as torchvision’s do'
	};
}
