import { LabError } from '#contracts/errors.ts';
import type { Shape } from '#contracts/graph.ts';
import type { Mapped } from '#engine/model/layers/mapping.ts';
import { worded } from '#engine/model/layers/made.ts';
import type { JsonObject } from '#maths/json.ts';

/** Layers without weights that TF.js does not know, or computes otherwise than Keras, in the words of the operator table. */

export interface OwnLayer {
	/** One after the other; none for what hands on its input. */
	stages: readonly Mapped[];
	shape: Shape;
}

interface Given {
	className: string;
	path: string;
	config: JsonObject;
	shapes: readonly Shape[];
}

/** Alters images while a model is trained, and nothing else. */
const RANDOM =
	/^(Random(Flip|Rotation|Zoom|Translation|Contrast|Brightness|Hue|Saturation|ColorJitter|ColorDegeneration|Grayscale|Invert|Posterization|Sharpness|Shear|Erasing|GaussianBlur|ElasticTransform|Perspective|Width|Height)|RandAugment|AugMix|CutMix|MixUp)$/;
const TRAINING_ONLY = /^(Spatial)?Dropout([123]D)?$|^(Gaussian(Noise|Dropout)|AlphaDropout|ActivityRegularization)$/;

const refused = ({ className, path }: Given, what: string) =>
	new LabError(
		`The layer "${path}" (${className}) ${what}.`,
		'Save the model again, or export it as a TF.js graph model.'
	);

/** Height and width of what goes in; refused where they are not known. */
function grid(given: Given): [batch: number | null, height: number, width: number, channels: number | null] {
	const [shape = []] = given.shapes;
	const [batch = null, height, width, channels = null] = shape;
	if (shape.length !== 4 || !height || !width) throw refused(given, `does not take what it is given: ${worded(shape)}`);
	return [batch, height, width, channels];
}

function requestedSize(given: Given): [number, number] {
	const { height, width } = given.config;
	const fits = (n: unknown): n is number => Number.isInteger(n) && (n as number) > 0 && (n as number) <= 16_384;
	if (!fits(height) || !fits(width)) throw refused(given, 'does not say its height and width');
	return [height, width];
}

const cropped = (top: number, bottom: number, left: number, right: number): Mapped => ({
	type: 'Crop2D',
	attributes: {
		cropping: [
			[top, bottom],
			[left, right]
		]
	}
});

/** The middle of that size; the odd cell stays at the end. */
function middle(height: number, width: number, h: number, w: number): Mapped[] {
	const [top, left] = [Math.floor((height - h) / 2), Math.floor((width - w) / 2)];
	return h === height && w === width ? [] : [cropped(top, height - h - top, left, width - w - left)];
}

/** Keras's smart_resize: the largest middle of the wanted aspect, then resized. */
function smartResized(given: Given, method: string): OwnLayer {
	const [batch, height, width, channels] = grid(given);
	const [h, w] = requestedSize(given);
	const cropHeight = Math.min(height, Math.trunc((width * h) / w));
	const cropWidth = Math.min(width, Math.trunc((height * w) / h));
	const stages = middle(height, width, cropHeight, cropWidth);
	if (cropHeight !== h || cropWidth !== w) stages.push({ type: 'Resize', attributes: { size: [h, w], method } });
	return { stages, shape: [batch, h, w, channels] };
}

function resizing(given: Given): OwnLayer {
	const method = given.config['interpolation'] ?? 'bilinear';
	if (method !== 'bilinear' && method !== 'nearest')
		throw refused(given, `resizes by "${String(method).slice(0, 40)}", which is not computed here`);
	if (given.config['pad_to_aspect_ratio'] === true || given.config['antialias'] === true)
		throw refused(given, 'resizes with padding or antialiasing, which is not computed here');
	if (given.config['crop_to_aspect_ratio'] === true) return smartResized(given, method);
	const [batch, height, width, channels] = grid(given);
	const [h, w] = requestedSize(given);
	const stages = h === height && w === width ? [] : [{ type: 'Resize', attributes: { size: [h, w], method } }];
	return { stages, shape: [batch, h, w, channels] };
}

function centerCrop(given: Given): OwnLayer {
	const [batch, height, width, channels] = grid(given);
	const [h, w] = requestedSize(given);
	if (h > height || w > width) return smartResized(given, 'bilinear');
	return { stages: middle(height, width, h, w), shape: [batch, h, w, channels] };
}

/** Steps and channels of what goes in. */
function steps(given: Given): [batch: number | null, length: number | null, channels: number | null] {
	const [shape = []] = given.shapes;
	if (shape.length !== 3) throw refused(given, `does not take what it is given: ${worded(shape)}`);
	return shape as [number | null, number | null, number | null];
}

/** `n` or `[before, after]`. */
function ends(value: unknown, otherwise: number): [before: number, after: number] {
	const [before = otherwise, after = before] = [value ?? otherwise].flat() as number[];
	return [before, after];
}

function padded1(given: Given): OwnLayer {
	const [batch, length, channels] = steps(given);
	const around = ends(given.config['padding'], 1);
	const stage = { type: 'Pad', attributes: { paddings: [[0, 0], around, [0, 0]] } };
	return { stages: [stage], shape: [batch, length === null ? null : length + around[0] + around[1], channels] };
}

function cropped1(given: Given): OwnLayer {
	const [batch, length, channels] = steps(given);
	const cropping = ends(given.config['cropping'], 1);
	const left = length === null ? null : length - cropping[0] - cropping[1];
	if (left !== null && left < 1) throw refused(given, `leaves nothing of ${worded(given.shapes[0] as Shape)}`);
	return { stages: [{ type: 'Crop1D', attributes: { cropping } }], shape: [batch, left, channels] };
}

function repeated1(given: Given): OwnLayer {
	const [batch, length, channels] = steps(given);
	const size = (given.config['size'] ?? 2) as number;
	return {
		stages: [{ type: 'Upsample1D', attributes: { size } }],
		shape: [batch, length === null ? null : length * size, channels]
	};
}

const pooled3 =
	(type: string) =>
	(given: Given): OwnLayer => {
		const [shape = []] = given.shapes;
		if (shape.length !== 5) throw refused(given, `does not take what it is given: ${worded(shape)}`);
		const axes = given.config['data_format'] === 'channels_first' ? [2, 3, 4] : [1, 2, 3];
		const keepDims = given.config['keepdims'] === true;
		const rest = shape.flatMap((n, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [n]));
		return { stages: [{ type, attributes: { axes, keepDims } }], shape: rest };
	};

function unit(given: Given): OwnLayer {
	const [shape = []] = given.shapes;
	const axes = [given.config['axis'] ?? -1].flat() as number[];
	return { stages: [{ type: 'UnitNormalization', attributes: { axes } }], shape };
}

const OWN: ReadonlyMap<string, (given: Given) => OwnLayer> = new Map([
	['Identity', ({ shapes }) => ({ stages: [], shape: shapes[0] as Shape })],
	['ZeroPadding1D', padded1],
	['Cropping1D', cropped1],
	['UpSampling1D', repeated1],
	['GlobalAveragePooling3D', pooled3('GlobalAveragePool')],
	['GlobalMaxPooling3D', pooled3('GlobalMaxPool')],
	['UnitNormalization', unit],
	['CenterCrop', centerCrop],
	// When nothing is trained it does not crop at random.
	['RandomCrop', (given) => smartResized(given, 'bilinear')],
	['Resizing', resizing]
]);

/** @returns null for a layer that is not among them. @throws LabError naming the layer */
export function ownLayer(given: Given): OwnLayer | null {
	const { className, shapes } = given;
	if (RANDOM.test(className) || TRAINING_ONLY.test(className)) {
		if (shapes.length !== 1) throw refused(given, 'wants one input');
		return { stages: [], shape: shapes[0] as Shape };
	}
	const own = OWN.get(className);
	if (own && shapes.length !== 1) throw refused(given, 'wants one input');
	return own?.(given) ?? null;
}
