import type { InputSpec } from '#contracts/compute.ts';
import type { Graph } from '#contracts/graph.ts';
import type { Normalisation, Preprocessing } from '#contracts/preprocessing.ts';
import { imageLayout } from '#engine/model/inspect.ts';

export interface Guess {
	preprocessing: Preprocessing;
	/** Why: half a sentence. */
	reason: string;
}

const range = (low: number, high: number): Normalisation => ({ kind: 'range', low, high });

/** How published families want their pixels; by name, as their files mostly carry it. */
const FAMILIES: readonly { name: RegExp; normalisation: Normalisation; order?: 'bgr'; title: string }[] = [
	{ name: /efficientnet|convnext/i, normalisation: range(0, 255), title: 'EfficientNet and ConvNeXt take 0 to 255' },
	{
		name: /mobile.?net|inception|xception|nasnet|resnet.{0,3}v2|teachable/i,
		normalisation: range(-1, 1),
		title: 'this family takes −1 to 1'
	},
	{
		name: /vgg|resnet(?!.{0,3}v2)/i,
		normalisation: { kind: 'standard', mean: [0.485, 0.458, 0.4076], std: [1 / 255, 1 / 255, 1 / 255] },
		order: 'bgr',
		title: 'VGG and ResNet take BGR minus the mean of ImageNet'
	},
	{
		name: /densenet/i,
		normalisation: { kind: 'standard', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
		title: 'DenseNet takes the mean and deviation of ImageNet'
	},
	{ name: /darknet|yolo|squeezenet/i, normalisation: range(0, 1), title: 'this family takes 0 to 1' }
];

/** What the first layers do to the pixels themselves. */
function fromLayers(graph: Graph): { normalisation: Normalisation; reason: string } | null {
	const first = graph.nodes.filter((node) => node.inputs.some((input) => graph.inputs.includes(input)));
	if (first.some((node) => node.type === 'Rescale' || node.type === 'Normalization'))
		return { normalisation: range(0, 255), reason: 'the model rescales the pixels itself' };
	if (first.some((node) => /^(Subtract|Divide|Multiply)$/.test(node.type)))
		return { normalisation: range(0, 255), reason: 'the model starts by shifting or scaling its input' };
	const depthwise = graph.nodes.filter((node) => node.type === 'DepthwiseConv2D').length;
	const capped = graph.nodes.some(
		(node) => node.type === 'Relu6' || (node.type === 'Relu' && node.attributes['max'] === 6)
	);
	if (depthwise >= 8 && capped)
		return { normalisation: range(-1, 1), reason: 'it is built like a MobileNet, which takes −1 to 1' };
	return null;
}

/**
 * A first guess that the user sees and can change.
 * @param name of the model or its files
 * @returns null for models without an image input
 */
export function guessPreprocessing({
	graph,
	inputs,
	name
}: {
	graph: Graph;
	inputs: readonly InputSpec[];
	name: string;
}): Guess | null {
	const input = inputs.find((spec) => spec.kind === 'image');
	if (!input) return null;
	const layout = imageLayout(input.shape);
	const [, a, b, c] = input.shape;
	const [height, width, channels] = layout === 'nchw' ? [b, c, a] : [a, b, layout === 'nhw' ? 1 : c];
	const base = {
		width: width ?? 224,
		height: height ?? 224,
		channels: channels === 1 ? 1 : 3,
		fit: 'crop',
		order: 'rgb',
		invert: false
	} as const;
	const digits = base.channels === 1 && base.width <= 32;
	const family = digits ? undefined : FAMILIES.find((entry) => entry.name.test(name));
	if (family) {
		const { normalisation, order = 'rgb', title } = family;
		return { preprocessing: { ...base, order, normalisation }, reason: `guessed from the name: ${title}` };
	}
	const layers = fromLayers(graph);
	if (layers)
		return { preprocessing: { ...base, normalisation: layers.normalisation }, reason: `guessed: ${layers.reason}` };
	const reason = digits
		? 'guessed: small grey images are mostly light strokes on black, 0 to 1'
		: 'a guess: 0 to 1 is most common; try another range if the prediction looks wrong';
	return { preprocessing: { ...base, fit: digits ? 'pad' : 'crop', normalisation: range(0, 1) }, reason };
}
