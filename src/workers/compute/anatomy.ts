import type {
	Ablation,
	ChannelEffects,
	Derivation,
	ExcitingPatch,
	StripRequest,
	LayerActivation,
	Maximised,
	MaximiseRequest
} from '#contracts/anatomy.ts';
import type { Target } from '#contracts/compute.ts';
import { decoded } from '#contracts/decode.ts';
import { LabError, throwIfAborted } from '#contracts/errors.ts';
import { parseReference } from '#contracts/graph.ts';
import type { Rectangle } from '#contracts/preprocessing.ts';
import { breath } from '#engine/breath.ts';
import { report } from '#engine/device.ts';
import { fitted, normalisedTensor, prepareImage } from '#engine/image.ts';
import { behind } from '#engine/model/inspect.ts';
import * as tf from '#engine/tf.ts';
import { channelEffects, channelGradients } from '#methods/activation/ablation.ts';
import { derive } from '#methods/activation/derivation.ts';
import { activationStrip } from '#methods/activation/strip.ts';
import { maximise } from '#methods/activation/maximise.ts';
import { peak } from '#methods/activation/patches.ts';
import { receptiveFields, receptiveFieldOf } from '#methods/structure/receptive-field.ts';
import type { Outlets } from '#workers/compute/outlets.ts';
import type { Session } from '#workers/compute/session.ts';

/** What is asked of the inside of the open model. */

/** Patches that are kept of an image set, and their side in pixels. */
const PATCHES = 12;
const PATCH_SIDE = 96;

const current = (session: Session) => session.feeds(session.explained().tensor);

export function activations(session: Session, request: StripRequest, outlets: Outlets): Promise<LayerActivation[]> {
	const { signal, send } = outlets;
	const feeds = current(session);
	return activationStrip({ model: session.model, feeds, transfer: report().transfer, signal, send }, request);
}

function effectContext(session: Session, target: Target, signal: AbortSignal) {
	const { tensor } = session.explained();
	return {
		model: session.model,
		feeds: session.feeds(tensor),
		repeated: (rows: number) => session.feeds(tf.tile(tensor, [rows, ...tensor.shape.slice(1).map(() => 1)])),
		score: (feeds: Parameters<Session['score']>[1]) => session.score(target, feeds),
		batch: session.batch,
		signal
	};
}

export async function effects(
	session: Session,
	layer: string,
	by: Ablation['by'],
	target: Target,
	{ signal, progress }: Outlets
): Promise<ChannelEffects> {
	let last: ChannelEffects | null = null;
	for await (const step of channelEffects(effectContext(session, target, signal), layer, by)) {
		last = step;
		if (step.done < 1) progress(step);
	}
	if (!last) throw new LabError(`The layer “${layer}” has no channels.`);
	return last;
}

export function gradients(session: Session, layer: string, target: Target, { signal }: Outlets): Promise<Float32Array> {
	return channelGradients(effectContext(session, target, signal), layer);
}

export function derivation(session: Session, layer: string, position: readonly number[]): Promise<Derivation> {
	return derive(session.model, current(session), layer, position);
}

/** The explained input, and how its picture was prepared. */
function imageInput(session: Session, layer: string) {
	const { spec: input, picture } = session.explained();
	if (!behind(session.model.graph, [input.id]).has(parseReference(layer)[0]))
		throw new LabError(`The layer “${layer}” does not look at “${input.id}”.`, 'Choose another explained input.', {
			code: 'refused'
		});
	if (!picture) throw new LabError(`The input “${input.id}” takes no image.`, '', { code: 'refused' });
	return { input, preprocessing: picture.preprocessing };
}

/** In pixels of the explained image as the model sees it; null where the layer does not look at it. */
export function receptiveField(session: Session, layer: string, position: readonly [number, number]): Rectangle | null {
	const { spec, picture } = session.explained();
	const field = receptiveFields(session.model.graph, [spec.id]).get(layer);
	if (!field || !picture) return null;
	const { width, height } = picture.preprocessing;
	return receptiveFieldOf(field, position, [height, width]);
}

async function bitmapOf(pixels: tf.Tensor3D): Promise<ImageBitmap> {
	const [height, width, channels] = pixels.shape;
	const values = await pixels.data();
	const image = new ImageData(width, height);
	for (let i = 0; i < width * height; i++) {
		for (let k = 0; k < 3; k++)
			image.data[4 * i + k] = 255 * (values[i * channels + (channels >= 3 ? k : 0)] as number);
		image.data[4 * i + 3] = 255;
	}
	return createImageBitmap(image);
}

/** Progress carries the pictures on the way. */
export async function maximised(session: Session, request: MaximiseRequest, outlets: Outlets): Promise<Maximised> {
	const { input, preprocessing } = imageInput(session, request.layer);
	const { height, width, channels } = preprocessing;
	const others = current(session);
	const steps = maximise(
		{
			model: session.model,
			size: [height, width, channels],
			signal: outlets.signal,
			feeds: (pixels) => ({ ...others, [input.id]: normalisedTensor(pixels, preprocessing, input.shape) })
		},
		request
	);
	let last: Maximised | null = null;
	for await (const { pixels, ...rest } of steps) {
		const picture = await bitmapOf(pixels).finally(() => pixels.dispose());
		throwIfAborted(outlets.signal);
		last = { ...rest, picture };
		if (rest.done < 1) outlets.progress(last, [picture]);
	}
	return last as Maximised;
}

/** The parts of given images that excite a channel most, best first; progress carries the best so far. */
export async function patches(
	session: Session,
	layer: string,
	channel: number,
	images: readonly Blob[],
	{ signal, progress }: Outlets
): Promise<ExcitingPatch[]> {
	const { input, preprocessing } = imageInput(session, layer);
	const field = receptiveFields(session.model.graph, [input.id]).get(layer);
	const found: ExcitingPatch[] = [];
	const others = current(session);
	for (const [index, blob] of images.entries()) {
		await breath(signal);
		const bitmap = await decoded(blob).catch(() => null);
		if (!bitmap) continue;
		const prepared = prepareImage(bitmap, preprocessing, input.shape);
		try {
			const { value, position } = await peak(session.model, { ...others, [input.id]: prepared.tensor }, layer, channel);
			const size = [preprocessing.height, preprocessing.width] as const;
			const part = field ? receptiveFieldOf(field, position, size) : { x: 0, y: 0, width: size[1], height: size[0] };
			if (found.length < PATCHES || value > (found.at(-1) as ExcitingPatch).value) {
				const pixels = fitted(bitmap, preprocessing);
				const { x, y, width, height } = part;
				const picture = await createImageBitmap(pixels, x, y, Math.max(1, width), Math.max(1, height), {
					resizeWidth: PATCH_SIDE,
					resizeHeight: Math.max(1, Math.round((PATCH_SIDE * height) / Math.max(1, width))),
					resizeQuality: 'pixelated'
				});
				found.push({ index, value, part, picture });
				found.sort((a, b) => b.value - a.value);
				found.splice(PATCHES).forEach((worse) => worse.picture.close());
			}
		} finally {
			prepared.tensor.dispose();
			bitmap.close();
		}
		if (index % 8 === 7) progress({ done: (index + 1) / images.length });
	}
	return found;
}
