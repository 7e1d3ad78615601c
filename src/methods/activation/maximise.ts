import type { MaximiseRequest } from '#contracts/anatomy.ts';
import { LabError, throwIfAborted } from '#contracts/errors.ts';
import { parseReference } from '#contracts/graph.ts';
import type { Feeds, Model } from '#contracts/model.ts';
import { breath } from '#engine/breath.ts';
import { operatorOf } from '#engine/model/operators/index.ts';
import * as tf from '#engine/tf.ts';
import { hashNormal, hash } from '#maths/hash-normal.ts';

/**
 * The image that excites a channel most (Erhan et al. 2009; Olah, Mordvintsev & Schubert 2017, with the conventions of
 * Lucid): optimised by Adam over its frequencies, in decorrelated colours, under random shifts and scales.
 */

/** Square root of the colours' covariance in ImageNet, over its largest column norm (Lucid). */
const COLOURS = [
	[0.26, 0.09, 0.02],
	[0.27, 0, -0.05],
	[0.27, -0.09, 0.03]
];
const MAX_NORM = Math.max(...[0, 1, 2].map((k) => Math.hypot(...COLOURS.map((row) => row[k] as number))));

const RATE = 0.05;
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];
/**
 * A rectified target gives no gradient where it is dead, so what comes before its rectifier counts, too: fully in the first
 * steps (Lucid redirects gradients in its first 16), a little afterwards.
 */
const REDIRECTED = 16;
const LEAK = 0.05;
const SCALES = [0.9, 1, 1.1];

export interface MaximiseContext {
	model: Model;
	/** Pixels 0..1, [1, h, w, 1 or 3] in RGB -> the feeds of the model. */
	feeds(pixels: tf.Tensor4D): Feeds;
	/** Of the image that the model takes. */
	size: readonly [height: number, width: number, channels: number];
	signal: AbortSignal;
}

export interface MaximiseStep {
	/** [h, w, channels] 0..1; the receiver disposes. */
	pixels: tf.Tensor3D;
	noise: number;
	value: number;
	done: number;
}

/** Rows are the cosines of DCT-II, orthonormal (Ahmed, Natarajan & Rao 1974). */
function cosines(n: number): tf.Tensor2D {
	const values = Float32Array.from({ length: n * n }, (_, i) => {
		const [k, x] = [Math.floor(i / n), i % n];
		return Math.sqrt((k ? 2 : 1) / n) * Math.cos((Math.PI * (x + 0.5) * k) / n);
	});
	return tf.tensor2d(values, [n, n]);
}

/** 1 / frequency, so that all scales move alike. [channels * h, w] */
function decay([h, w, channels]: MaximiseContext['size']): tf.Tensor2D {
	const min = 1 / Math.max(h, w);
	const plane = Float32Array.from({ length: h * w }, (_, i) => {
		const [fy, fx] = [Math.floor(i / w) / (2 * h), (i % w) / (2 * w)];
		return 1 / Math.max(Math.hypot(fx, fy), min) / 4;
	});
	return tf.tile(tf.tensor2d(plane, [h, w]), [channels, 1]);
}

/** The image of given frequencies: [channels * h, w] -> [h, w, channels], 0..1. */
class Canvas {
	readonly #rows: tf.Tensor2D;
	readonly #columns: tf.Tensor2D;
	readonly #decay: tf.Tensor2D;
	readonly #colours: tf.Tensor2D | null;

	constructor(
		private readonly size: MaximiseContext['size'],
		decorrelate: boolean
	) {
		const [h, w, channels] = size;
		this.#rows = tf.tidy(() => tf.transpose(cosines(h)));
		this.#columns = cosines(w);
		this.#decay = tf.tidy(() => decay(size));
		const matrix = COLOURS.map((row) => row.map((value) => value / MAX_NORM));
		this.#colours = channels === 3 && decorrelate ? tf.tidy(() => tf.transpose(tf.tensor2d(matrix))) : null;
	}

	paint(frequencies: tf.Tensor): tf.Tensor3D {
		const [h, w, channels] = this.size;
		const lines = tf.matMul(tf.mul(frequencies, this.#decay) as tf.Tensor2D, this.#columns);
		const across = tf.reshape(tf.transpose(tf.reshape(lines, [channels, h, w]), [1, 0, 2]), [h, channels * w]);
		const plane = tf.reshape(tf.matMul(this.#rows, across as tf.Tensor2D), [h, channels, w]);
		const image = tf.reshape(tf.transpose(plane, [0, 2, 1]), [h * w, channels]) as tf.Tensor2D;
		const coloured = this.#colours ? tf.matMul(image, this.#colours) : image;
		return tf.reshape(tf.sigmoid(coloured), [h, w, channels]);
	}

	dispose(): void {
		tf.dispose([this.#rows, this.#columns, this.#decay, ...(this.#colours ? [this.#colours] : [])]);
	}
}

/** Shifted and scaled at random, at the same size: what no longer fits is cut, what is missing is grey. */
function moved(image: tf.Tensor3D, seed: number, step: number, jitter: number): tf.Tensor4D {
	const [h, w, c] = image.shape;
	const draw = (k: number, n: number) => hash(seed, step, k, 7) % n;
	const scale = SCALES[draw(0, SCALES.length)] as number;
	const [sh, sw] = [Math.round(h * scale), Math.round(w * scale)];
	const batch = tf.expandDims(image, 0) as tf.Tensor4D;
	const scaled = scale === 1 ? batch : tf.image.resizeBilinear(batch, [sh, sw], false, true);
	const [top, left] = [Math.max(0, Math.ceil((h - sh) / 2)) + jitter, Math.max(0, Math.ceil((w - sw) / 2)) + jitter];
	const wide = tf.pad(
		scaled,
		[
			[0, 0],
			[top, top],
			[left, left],
			[0, 0]
		],
		0.5
	);
	const free = [(wide.shape[1] as number) - h, (wide.shape[2] as number) - w] as const;
	const middle = free.map((n) => Math.floor(n / 2)) as [number, number];
	const shift = (k: number, axis: 0 | 1) =>
		Math.min(free[axis], Math.max(0, middle[axis] - jitter + draw(k, 2 * jitter + 1)));
	return tf.slice(wide, [0, shift(1, 0), shift(2, 1), 0], [1, h, w, c]);
}

/** The target as one number: a channel's mean over positions, or its middle one. */
function objective(value: tf.Tensor, { channel, objective: kind }: MaximiseRequest): tf.Scalar {
	const count = value.shape.at(-1) as number;
	const rows = tf.reshape(value, [-1, count]) as tf.Tensor2D;
	const column = tf.slice(rows, [0, channel], [rows.shape[0], 1]);
	if (kind === 'channel' || value.rank !== 4) return tf.mean(column);
	const [, h, w] = value.shape as [number, number, number];
	return tf.sum(tf.slice(column, [Math.floor(h / 2) * w + Math.floor(w / 2), 0], [1, 1]));
}

/** @throws LabError where the layer has no such channel */
export async function* maximise(
	context: MaximiseContext,
	request: MaximiseRequest
): AsyncGenerator<MaximiseStep, void, void> {
	const { model, size, signal } = context;
	const { layer, channel, steps, seed } = request;
	const node = model.graph.nodes.find(({ id }) => id === parseReference(layer)[0]);
	const count = node?.shape.at(-1);
	if (!node || (typeof count === 'number' && channel >= count))
		throw new LabError(`The layer “${layer}” has no channel ${channel}.`);
	const rectified = operatorOf(node.type).rectifies && node.inputs.length === 1 ? (node.inputs[0] as string) : layer;
	const canvas = new Canvas(size, request.decorrelate);
	const [h, w, channels] = size;
	let [x, m, v]: tf.Tensor[] = [
		tf.tensor2d(
			Float32Array.from({ length: channels * h * w }, (_, i) => 0.01 * hashNormal(seed, 0, i)),
			[channels * h, w]
		),
		tf.zeros([channels * h, w]),
		tf.zeros([channels * h, w])
	];
	const target = (pixels: tf.Tensor4D) => objective(model.run(context.feeds(pixels), [layer])[0] as tf.Tensor, request);
	const measure = async (): Promise<[tf.Tensor3D, number]> => {
		const [pixels, value] = tf.tidy(() => {
			const image = canvas.paint(x as tf.Tensor);
			return [image, target(tf.expandDims(image, 0) as tf.Tensor4D)] as const;
		});
		const [number] = await value.data().finally(() => value.dispose());
		return [pixels, number as number];
	};
	try {
		const [first, noise] = await measure();
		yield { pixels: first, noise, value: noise, done: 0 };
		let shown = performance.now();
		for (let step = 1; step <= steps; step++) {
			throwIfAborted(signal);
			const score = (frequencies: tf.Tensor) => {
				const feeds = context.feeds(moved(canvas.paint(frequencies), seed, step, request.jitter));
				const [own, before] = model.run(feeds, [layer, rectified]) as [tf.Tensor, tf.Tensor];
				const leak = tf.mul(objective(before, request), step <= REDIRECTED ? 1 : LEAK);
				return tf.add(step <= REDIRECTED ? tf.mul(objective(own, request), 0) : objective(own, request), leak);
			};
			const next = tf.tidy(() => {
				const gradient = tf.grad(score)(x as tf.Tensor);
				const mean = tf.add(tf.mul(m as tf.Tensor, BETA1), tf.mul(gradient, 1 - BETA1));
				const square = tf.add(tf.mul(v as tf.Tensor, BETA2), tf.mul(tf.square(gradient), 1 - BETA2));
				const rate = (RATE * Math.sqrt(1 - BETA2 ** step)) / (1 - BETA1 ** step);
				const up = tf.div(tf.mul(mean, rate), tf.add(tf.sqrt(square), EPSILON));
				return [tf.add(x as tf.Tensor, up), mean, square];
			});
			tf.dispose([x, m, v] as tf.Tensor[]);
			[x, m, v] = next;
			const now = performance.now();
			if (step === steps || now - shown > 200) {
				const [pixels, value] = await measure();
				shown = now;
				yield { pixels, noise, value, done: step / steps };
			} else await breath(signal);
		}
	} finally {
		canvas.dispose();
		tf.dispose([x, m, v] as tf.Tensor[]);
	}
}
