import type { LoadedModel } from '#contracts/loader.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';
import type { Step } from '#engine/model/step.ts';
import { ExecutableModel } from '#engine/model/executor.ts';
import * as tf from '#engine/tf.ts';

/** A model of two pictures of different sizes, one in colour and one grey, whose answers have a closed form. */

const LEFT = [8, 8, 3] as const;
const RIGHT = [4, 6, 1] as const;
const size = ([h, w, c]: readonly number[]) => h! * w! * c!;
const wave = (count: number, scale: number, phase: number) =>
	Array.from({ length: count }, (_, i) => scale * Math.sin(1.7 * i + phase));

/** Of each number of the left picture, and of the right one. */
const A = wave(size(LEFT), 0.04, 0.3);
const B = wave(size(RIGHT), 0.09, 1.1);
const C = wave(size(LEFT), 0.05, 2.2);
const D = wave(size(RIGHT), 0.2, 0.7);

const dot = (w: readonly number[], x: ArrayLike<number>, power = 1) =>
	w.reduce((sum, value, i) => sum + value * x[i]! ** power, 0);

/** In float64: the first score multiplies what both see, the second adds it. */
export const scores = (x: ArrayLike<number>, y: ArrayLike<number>): [number, number] => [
	dot(A, x, 2) * (1 + dot(B, y)),
	dot(C, x) - dot(D, y, 2)
];

/** Of the first score. */
export const gradients = (x: readonly number[], y: readonly number[]) => ({
	left: A.map((a, i) => 2 * a * x[i]! * (1 + dot(B, y))),
	right: B.map((b) => b * dot(A, x, 2))
});

/** Integrated Gradients of the first score: of each number, where only its own picture moves from an even baseline. */
export const integrals = (x: readonly number[], y: readonly number[], from: number) => ({
	left: A.map((a, i) => a * (x[i]! ** 2 - from ** 2) * (1 + dot(B, y))),
	right: B.map((b, i) => b * (y[i]! - from) * dot(A, x, 2))
});

export function twoPictures(): LoadedModel {
	const node = (id: string, type: string, inputs: readonly string[], shape: readonly (number | null)[]) => ({
		...{ id, type, inputs, shape, attributes: {}, dtype: 'float32', weights: [], group: [] }
	});
	const weighed = (x: tf.Tensor, w: readonly number[]) =>
		tf.sum(tf.mul(tf.reshape(x, [x.shape[0]!, -1]), tf.tensor1d([...w])), 1);
	const steps: Step[] = [
		{ node: node('left', 'Input', [], [null, ...LEFT]), compute: () => [] },
		{ node: node('right', 'Input', [], [null, ...RIGHT]), compute: () => [] },
		{
			node: node('scores', 'Dense', ['left', 'right'], [null, 2]),
			compute: ([x, y]) =>
				tf.tidy(() => {
					const first = tf.mul(weighed(tf.square(x!), A), tf.add(1, weighed(y!, B)));
					return [tf.stack([first, tf.sub(weighed(x!, C), weighed(tf.square(y!), D))], 1)];
				})
		}
	];
	const program = { steps, inputs: ['left', 'right'], outputs: ['scores'], weights: new Map(), dispose: () => {} };
	return { model: new ExecutableModel(program), format: 'test', warnings: [] };
}

const prepared = ([height, width, channels]: typeof LEFT | typeof RIGHT, low: number): Preprocessing => ({
	...{ width, height, channels, fit: 'stretch', order: 'rgb', invert: false },
	normalisation: { kind: 'range', low, high: 1 }
});

/** The left one takes 0 to 1, the right one -1 to 1. */
export const preprocessingByInput = new Map([
	['left', prepared(LEFT, 0)],
	['right', prepared(RIGHT, -1)]
]);

export type Colour = readonly [red: number, green: number, blue: number];
type Bytes = (i: number) => Colour;

/** A picture of given bytes, as the page has it. */
export function picture(width: number, height: number, bytes: Bytes): Promise<ImageBitmap> {
	const image = new ImageData(width, height);
	for (let i = 0; i < width * height; i++) image.data.set([...bytes(i), 255], 4 * i);
	return createImageBitmap(image);
}

export const leftBytes: Bytes = (i) => [(37 * i) % 256, (91 * i + 5) % 256, (150 + 13 * i) % 256];
export const rightBytes: Bytes = (i) => [(53 * i + 9) % 256, (29 * i) % 256, (200 + 71 * i) % 256];

/** What the model gets of bytes, in float64. @param low what 0 becomes; 255 becomes 1 */
export const coloured = (bytes: Bytes, low: number) =>
	Array.from({ length: LEFT[0] * LEFT[1] }, (_, i) => bytes(i)).flatMap((colour) =>
		colour.map((value) => low + (value / 255) * (1 - low))
	);
/** Rec. 601, rounded as Pillow rounds. */
export const grey = (bytes: Bytes, low: number) =>
	Array.from({ length: RIGHT[0] * RIGHT[1] }, (_, i) => {
		const [r, g, b] = bytes(i);
		return low + (Math.round(0.299 * r + 0.587 * g + 0.114 * b) / 255) * (1 - low);
	});
