import { derivedInputs } from '#maths/playground/data.ts';
import { networkLayout } from '#maths/playground/layout.ts';
import { outputActivation } from '#maths/playground/losses.ts';
import { TypedNetwork } from '#maths/playground/network.ts';
import type { Loss, NetworkSpec } from '#maths/playground/spec.ts';

/** A network's outputs over a part of the plane, on typed arrays: the twin of the GPU's field kernel. */

/** A part of the plane; x2 grows upwards, and the first row of a field is the top one. */
export interface PlaneWindow {
	x1: readonly [low: number, high: number];
	x2: readonly [low: number, high: number];
}

/**
 * What a field holds. `outputs`: each output as it is shown (probability, tanh, value). `scores`: before that activation.
 * `neurons`: the activation of every hidden neuron, layer by layer, then the outputs.
 */
export type FieldContent = 'outputs' | 'scores' | 'neurons';

/** Values at the centres of width × height pixels of a window. */
export interface PlaneRequest {
	window: PlaneWindow;
	width: number;
	height: number;
	content: FieldContent;
	/** Only this one of its planes. */
	plane?: number | undefined;
}

/** What a field is made of, wherever the network was trained. */
export interface PlaneNetwork {
	network: NetworkSpec;
	/** Decides the outputs' activation. */
	loss: Loss;
	outputs: number;
	/** By `networkLayout`. */
	parameters: Float32Array;
	/** Of batch normalisation. */
	running: Float32Array;
}

/** Planes that a field has. */
export function planesOf(
	{ network, outputs }: Pick<PlaneNetwork, 'network' | 'outputs'>,
	{ content, plane }: Pick<PlaneRequest, 'content' | 'plane'>
): number {
	if (plane !== undefined) return 1;
	return outputs + (content === 'neurons' ? network.hidden.reduce((sum, units) => sum + units, 0) : 0);
}

/**
 * The smallest side of a window within this one whose neighbouring pixels float32, which the GPU computes in, tells apart
 * with bits to spare: a pixel is four steps of the numbers that are added there, the coordinates and biases of about 1.
 */
export function finest({ x1, x2 }: PlaneWindow, pixels: number): number {
	return pixels * 4 * 2 ** -23 * Math.max(1, ...[...x1, ...x2].map(Math.abs));
}

export function isHonest(window: PlaneWindow, width: number, height: number): boolean {
	const side = ([low, high]: readonly [number, number]) => (1 + 1e-9) * Math.abs(high - low);
	return side(window.x1) >= finest(window, width) && side(window.x2) >= finest(window, height);
}

/**
 * A weighted sum of this size counts as no number, as 3.4 times it does in 32 bits, and with it all of its layer and of
 * those after: what training that diverged leaves behind. Activations would make a sure output of it.
 */
export const MAX_SUM = 1e38;

const CHUNK = 64;

/** @returns [planes, points], row-major; NaN where the output is no number */
export function valuesAt(
	{ network, loss, outputs, parameters, running }: PlaneNetwork,
	points: { x1: Float64Array; x2: Float64Array },
	pictured: Pick<PlaneRequest, 'content' | 'plane'>
): Float32Array {
	const { content, plane: only } = pictured;
	const layout = networkLayout(network, outputs);
	const typed = new TypedNetwork({ ...network, dropout: 0 }, layout, parameters, running, CHUNK, 0);
	const total = points.x1.length;
	const values = new Float32Array(planesOf({ network, outputs }, pictured) * total);
	const lost = new Uint8Array(CHUNK);
	for (let first = 0; first < total; first += CHUNK) {
		const count = Math.min(CHUNK, total - first);
		const some = {
			x1: points.x1.subarray(first, first + count),
			x2: points.x2.subarray(first, first + count)
		};
		const features = derivedInputs(some, network.inputs);
		for (let s = 0; s < count; s++) typed.feed(s, features, s);
		typed.forward(count, null);
		lost.fill(0);
		let plane = 0;
		const put = (from: Float64Array, units: number) => {
			for (let o = 0; o < units; o++, plane++) {
				if (only !== undefined && plane !== only) continue;
				const start = (only === undefined ? plane * total : 0) + first;
				for (let s = 0; s < count; s++) values[start + s] = lost[s] ? NaN : (from[s * units + o] as number);
			}
		};
		for (const [l, { units }] of layout.layers.entries()) {
			const sums = typed.sums(l);
			for (let i = 0; i < count * units; i++)
				if (!(Math.abs(sums[i] as number) < MAX_SUM)) lost[Math.floor(i / units)] = 1;
			if (content === 'neurons' && l < layout.layers.length - 1) put(typed.activations(l), units);
		}
		if (content !== 'scores')
			for (let s = 0; s < count; s++) outputActivation(loss, typed.outputs, s * outputs, outputs);
		put(typed.outputs, outputs);
	}
	return values;
}

/** Some rows of a field, from `first` to before `last`, into their rows in `values` ([planes, height, width]). */
export function planeRows(
	network: PlaneNetwork,
	request: PlaneRequest,
	first: number,
	last: number,
	values: Float32Array
): void {
	const { window, width, height } = request;
	const points = width * (last - first);
	const x1 = new Float64Array(points);
	const x2 = new Float64Array(points);
	const [[left, right], [bottom, top]] = [window.x1, window.x2];
	for (let row = first, i = 0; row < last; row++)
		for (let column = 0; column < width; column++, i++) {
			x1[i] = left + ((column + 0.5) / width) * (right - left);
			x2[i] = top + ((row + 0.5) / height) * (bottom - top);
		}
	const some = valuesAt(network, { x1, x2 }, request);
	for (let plane = 0; plane * points < some.length; plane++)
		values.set(some.subarray(plane * points, (plane + 1) * points), (plane * height + first) * width);
}

/** @returns [planes, height, width] */
export function planeField(network: PlaneNetwork, request: PlaneRequest): Float32Array<ArrayBuffer> {
	const { width, height } = request;
	const values = new Float32Array(planesOf(network, request) * height * width);
	planeRows(network, request, 0, height, values);
	return values;
}
