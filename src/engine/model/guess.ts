import type { HeadSpec, InputSpec } from '#contracts/compute.ts';
import type { Graph, GraphNode } from '#contracts/graph.ts';
import { PRESETS, type Normalisation, type Preprocessing } from '#contracts/preprocessing.ts';
import { imageLayout } from '#engine/model/inspect.ts';
import { operatorOf } from '#engine/model/operators/index.ts';

export interface Guess {
	preprocessing: Preprocessing;
	/** Why: half a sentence. */
	reason: string;
	/** The model itself says so. */
	sure: boolean;
}

const range = (low: number, high: number): Normalisation => ({ kind: 'range', low, high });

/** Classes of ImageNet, with or without a background. */
const IMAGENET = [1000, 1001];

interface Family {
	name: RegExp;
	normalisation: Normalisation;
	order?: 'bgr';
	title: string;
	/** Sides of the images that it was published for. */
	sides: readonly number[];
	/** How many classes it was published with; null for any number. */
	classes: readonly number[] | null;
}

/** How published families want their pixels: by name, as their files mostly carry it, where size and classes agree. */
const FAMILIES: readonly Family[] = [
	{
		name: /efficientnet.?lite/i,
		normalisation: range(-127 / 128, 1),
		title: 'EfficientNet-Lite takes −1 to 1',
		sides: [224, 240, 260, 280, 300],
		classes: IMAGENET
	},
	{
		name: /efficientnet|convnext/i,
		normalisation: range(0, 255),
		title: 'EfficientNet and ConvNeXt take 0 to 255',
		sides: [224, 240, 260, 300, 380, 384, 456, 480, 528, 600],
		classes: IMAGENET
	},
	{
		name: /mobile.?net|inception|xception|nasnet|resnet.{0,3}v2/i,
		normalisation: range(-1, 1),
		title: 'this family takes −1 to 1',
		sides: [96, 128, 160, 192, 224, 299, 331],
		classes: IMAGENET
	},
	{ name: /teachable/i, normalisation: range(-1, 1), title: 'this family takes −1 to 1', sides: [224], classes: null },
	{
		name: /vgg|resnet(?!.{0,3}v2)/i,
		normalisation: { kind: 'standard', mean: [0.485, 0.458, 0.4076], std: [1 / 255, 1 / 255, 1 / 255] },
		order: 'bgr',
		title: 'VGG and ResNet take BGR minus ImageNet mean',
		sides: [224],
		classes: IMAGENET
	},
	{
		name: /densenet/i,
		normalisation: { kind: 'standard', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
		title: 'DenseNet takes ImageNet mean and std',
		sides: [224],
		classes: IMAGENET
	},
	{
		name: /darknet|yolo|squeezenet/i,
		normalisation: range(0, 1),
		title: 'this family takes 0 to 1',
		sides: [224, 227, 256, 320, 416, 448, 512, 608, 640],
		classes: null
	}
];

interface FromLayers {
	normalisation: Normalisation;
	reason: string;
	sure: boolean;
}

/** Networks are made for numbers of about this size. */
const USUAL = 8;
const maxAbs = (value: unknown) => Math.max(...[value ?? 0].flat().map((n) => Math.abs(Number(n))));

/** Which pixels a layer brings to the size that networks take: 0 to 255, or 0 to 1 where 255 would stay far too large. */
function rescaled({ attributes }: GraphNode): FromLayers {
	const small =
		attributes['scale'] !== undefined
			? 255 * maxAbs(attributes['scale']) > USUAL && maxAbs(attributes['offset']) <= 2
			: attributes['mean'] !== undefined && maxAbs(attributes['mean']) <= 1;
	const reason = 'the model rescales the pixels itself';
	return { normalisation: range(0, small ? 1 : 255), reason: small ? `${reason}, from 0 to 1` : reason, sure: true };
}

/** The first layers behind an input. */
const firstNodes = (graph: Graph, id: string) => {
	const taken = new Set([id]);
	// In what shape and as what kind of numbers they come is no matter.
	for (const { id, type, inputs } of graph.nodes) {
		const handsOn = ['identity', 'reshaped'].includes(operatorOf(type).result);
		if (handsOn && inputs.some((input) => taken.has(input))) taken.add(id);
	}
	return graph.nodes.filter(({ id, inputs }) => !taken.has(id) && inputs.some((input) => taken.has(input)));
};
const shifts = (graph: Graph, id: string) =>
	firstNodes(graph, id).some(({ type }) => operatorOf(type).prepares === 'maybe');

/** TensorFlow's collection: https://tfhub.dev/google/imagenet/mobilenet_v2_100_224/classification/5. */
const HUB = /tf-?hub|imagenet\/|\/(classification|feature.vector)\/\d/i;

/** Published with and without a scale of their own. */
const OWN_SCALE = /mobile.?net.?v?3|efficientnet.?v2|convnext/i;

/** What the first layers behind an input do to the pixels themselves. */
function fromLayers(graph: Graph, id: string, name: string): FromLayers | null {
	const first = firstNodes(graph, id).find(({ type }) => operatorOf(type).prepares === 'surely');
	if (first) return rescaled(first);
	if (shifts(graph, id) && HUB.test(name))
		return { normalisation: range(0, 1), reason: 'modules of TensorFlow Hub take 0 to 1', sure: false };
	if (shifts(graph, id))
		return { normalisation: range(0, 255), reason: 'the model starts by shifting or scaling its input', sure: false };
	const depthwise = graph.nodes.filter((node) => node.type === 'DepthwiseConv2D').length;
	const capped = graph.nodes.some(
		(node) => node.type === 'Relu6' || (node.type === 'Relu' && node.attributes['max'] === 6)
	);
	if (depthwise >= 8 && capped)
		return { normalisation: range(-1, 1), reason: 'it is built like a MobileNet, which takes −1 to 1', sure: false };
	return null;
}

/** Whether a model is one of a family, or only called like it. */
function agrees({ sides, classes }: Family, width: number, height: number, heads: readonly HeadSpec[]): boolean {
	const fits = classes === null || heads.some(({ kind, units }) => kind === 'classes' && classes.includes(units));
	return fits && width === height && sides.includes(width);
}

/**
 * A first guess that the user sees and can change. A name counts only where the size of the image and the number of
 * classes are its family's, too: a "tiny VGG" is none.
 * @param name of the model or its files
 * @returns null for an input that takes no pictures
 */
export function guessPreprocessing({
	graph,
	input,
	heads,
	name
}: {
	graph: Graph;
	input: InputSpec;
	heads: readonly HeadSpec[];
	name: string;
}): Guess | null {
	if (input.kind !== 'image') return null;
	const layout = imageLayout(input.shape);
	const [, a, b, c] = input.shape;
	const [height, width, channels] = layout === 'nchw' ? [b, c, a] : [a, b, layout === 'nhw' ? 1 : c];
	const base = {
		width: width ?? 224,
		height: height ?? 224,
		channels: channels === 1 || channels === 4 ? channels : 3,
		fit: 'crop',
		order: 'rgb',
		invert: false
	} as const;
	const digits = base.channels === 1 && base.width <= 32;
	const named = base.channels === 3 ? FAMILIES.find((entry) => entry.name.test(name)) : undefined;
	const layers = fromLayers(graph, input.id, name);
	// What the model does itself says more than its name.
	const stronger = layers && (layers.sure || (shifts(graph, input.id) && (HUB.test(name) || OWN_SCALE.test(name))));
	if (!stronger && named && agrees(named, base.width, base.height, heads)) {
		const { normalisation, order = 'rgb', title } = named;
		return {
			preprocessing: { ...base, order, normalisation },
			reason: `guessed from name, size and classes: ${title}`,
			sure: false
		};
	}
	if (layers) {
		const { normalisation, reason, sure } = layers;
		return { preprocessing: { ...base, normalisation }, reason: sure ? reason : `guessed: ${reason}`, sure };
	}
	const reason = digits
		? 'guessed: small grey images are mostly light strokes on black, 0 to 1'
		: `not known${named ? ': its name is that of a family, its size or classes are not' : ''}; 0 to 1 is most common`;
	return { preprocessing: { ...base, fit: digits ? 'pad' : 'crop', normalisation: range(0, 1) }, reason, sure: false };
}

/** The usual ways to prepare an image for a model, the one in use first. */
export function usualWays(now: Preprocessing): { title: string; preprocessing: Preprocessing; current: boolean }[] {
	const same = (preset: (typeof PRESETS)[number]) =>
		JSON.stringify(preset.normalisation) === JSON.stringify(now.normalisation) &&
		(now.channels === 1 || preset.order === now.order);
	const own = PRESETS.find(same)?.title ?? 'As it is set';
	const others = PRESETS.filter(
		(preset) => !same(preset) && (now.channels === 3 || preset.normalisation.kind === 'range')
	);
	return [
		{ title: own, preprocessing: now, current: true },
		...others.map(({ title, normalisation, order }) => ({
			title,
			preprocessing: { ...now, normalisation, order },
			current: false
		}))
	];
}
