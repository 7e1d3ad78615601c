import type { HeadSpec, InputSpec } from '#contracts/compute.ts';
import type { Graph, GraphNode } from '#contracts/graph.ts';
import type { Normalisation, Preprocessing } from '#contracts/preprocessing.ts';
import { FAMILIES, fromMakers, IMAGENET, range, TORCH, type Wanted } from '#engine/model/families.ts';
import { imageLayout } from '#engine/model/inspect.ts';
import { operatorOf } from '#engine/model/operators/index.ts';

export interface Guess {
	preprocessing: Preprocessing;
	/** Why: half a sentence. */
	reason: string;
	/** The model itself says so. */
	sure: boolean;
}

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

/** The numbers that each channel of an input is standardised by, as the first layer learned them. */
export interface Statistics {
	mean: ArrayLike<number>;
	variance: ArrayLike<number>;
}

/** The weights of a batch normalisation that comes right behind an input: their names, or null. */
export function statisticsNames(graph: Graph, id: string): { mean: string; variance: string } | null {
	for (const { weights } of firstNodes(graph, id)) {
		const [mean, variance] = ['mean', 'variance'].map((role) =>
			weights.find((one) => one.role === role && !one.missing)
		);
		if (mean && variance) return { mean: mean.name, variance: variance.name };
	}
	return null;
}

/**
 * What pixels a batch normalisation right behind the input saw in training. Of photos with 0 to 1, the mean is about 0.45
 * and the deviation 0.27: so they are about −0.1 and 0.55 with −1 to 1, 115 and 70 with 0 to 255, and 0 and 1 where they
 * were standardised before.
 */
function fromStatistics({ mean, variance }: Statistics): FromLayers | null {
	const average = (list: ArrayLike<number>) => Array.from(list).reduce((sum, n) => sum + n, 0) / list.length;
	const [m, std] = [average(mean), Math.sqrt(average(variance))];
	if (!Number.isFinite(m) || !(std > 0)) return null;
	const found = (normalisation: Normalisation, words: string) => ({
		normalisation,
		reason: `its first batch normalisation has a mean of ${Number(m.toPrecision(2))} and a standard deviation of ${Number(std.toPrecision(2))}, as of ${words}`,
		sure: false
	});
	if (m >= USUAL || std >= USUAL) return found(range(0, 255), '0 to 255');
	if (m > 0.2 && m < 1 && std < 0.5) return found(range(0, 1), '0 to 1');
	if (Math.abs(m) > 0.5) return null;
	return std < 0.8 ? found(range(-1, 1), '−1 to 1') : found(TORCH, 'ImageNet mean and std');
}

/** Whether a model is one of a family, or only called like it. */
function agrees(
	{ sides, classes }: (typeof FAMILIES)[number],
	width: number,
	height: number,
	heads: readonly HeadSpec[]
): boolean {
	const fits = classes === null || heads.some(({ kind, units }) => kind === 'classes' && classes.includes(units));
	return fits && width === height && sides.includes(width);
}

/** The order in which the file has the numbers of a picture. */
const isPlanar = ({ shape, axes }: InputSpec) =>
	imageLayout(shape) === 'nchw' || (axes?.length === 4 && axes[1] === 3 && axes[2] === 1);

/**
 * A first guess that the user sees and can change: from what the first layers do, else from who made the model (its
 * producer, its layout, the names of its layers), else from what it is called. A name counts only where the size of the
 * image and the number of classes are its family's, too: a "tiny VGG" is none.
 * @param name of the model or its files
 * @param producer what wrote the file, as it says itself
 * @param statistics of the batch normalisation right behind the input
 * @returns null for an input that takes no pictures
 */
export function guessPreprocessing({
	graph,
	input,
	heads,
	name,
	producer = '',
	statistics
}: {
	graph: Graph;
	input: InputSpec;
	heads: readonly HeadSpec[];
	name: string;
	producer?: string | undefined;
	statistics?: Statistics | undefined;
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
	const learned = statistics ? fromStatistics(statistics) : null;
	const own = fromLayers(graph, input.id, name);
	const layers = own?.sure ? own : (learned ?? own);
	const shifted = shifts(graph, input.id);
	const planar = isPlanar(input);
	// What the model does itself says more than who made it; of names, some are published with and without a scale.
	const scales = shifted && (planar || HUB.test(name) || OWN_SCALE.test(name));
	const stronger = layers && (layers.sure || layers === learned || scales);
	const imagenet =
		base.channels === 3 && heads.some(({ kind, units }) => kind === 'classes' && IMAGENET.includes(units));
	const made = imagenet ? fromMakers(graph, { planar, producer, name }) : null;
	const known: Wanted | null =
		made ??
		(named && agrees(named, base.width, base.height, heads)
			? {
					normalisation: named.normalisation,
					order: named.order ?? 'rgb',
					reason: `guessed from name, size and classes: ${named.title}`
				}
			: null);
	if (!stronger && known) {
		const { reason, ...wanted } = known;
		return { preprocessing: { ...base, ...wanted }, reason, sure: false };
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
