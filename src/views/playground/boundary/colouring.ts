import type { PlaneNetwork, Points } from '#contracts/playground.ts';
import { classColour, classHex, type Rgb } from '#maths/class-colours.ts';
import { scaleColours } from '#maths/colour.ts';

/** How outputs, points and weights are coloured: two classes and values on one diverging scale, more by hue. */

export const SCALE = 'puor';
const STEPS = scaleColours(SCALE, 65);
/** Colours end beyond what a sure output reaches, so that points can be told from the plane behind them. */
export const END = 1.4;

/** Of a number on the diverging scale. */
export const signedColour = (value: number) =>
	STEPS[Math.round(32 * (1 + Math.min(1, Math.max(-1, Number.isFinite(value) ? value / END : 0))))] as string;

/** Red, green and blue of a point, 0 to 255. */
export function pointBytes({ classes }: Pick<Points, 'classes'>, y: number): Rgb {
	if (classes) return classColour(y);
	const colour = parseInt(signedColour(y).slice(1), 16);
	return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

export const pointColour = ({ classes }: Pick<Points, 'classes'>, y: number) =>
	classes ? classHex(y) : signedColour(y);

type OutputsOf = Pick<PlaneNetwork, 'loss' | 'outputs'>;

/** What an output says when it is sure that it is not, and that it is its class; null for values. */
export function outputRange({ loss }: Pick<PlaneNetwork, 'loss'>): readonly [number, number] | null {
	return loss === 'squared' ? null : loss === 'squared-tanh' ? [-1, 1] : [0, 1];
}

/** How sure each class is, as the picture shows it (contracts/planes.ts); empty for values. */
export function sharesOf(network: OutputsOf, values: ArrayLike<number>): number[] {
	const ends = outputRange(network);
	if (!ends) return [];
	const part = (value: number) => Math.max(0, (value - ends[0]) / (ends[1] - ends[0]));
	const parts = Array.from({ length: network.outputs }, (_, k) => part(values[k] as number));
	if (parts.length === 1) return [1 - (parts[0] as number), parts[0] as number];
	const whole = parts.reduce((sum, v) => sum + v, 0);
	return parts.map((v) => (whole > 1 ? v / whole : v + (1 - whole) / parts.length));
}

/** The class that outputs say; -1 where one of them is no number. */
export function classOf({ loss, outputs }: OutputsOf, values: ArrayLike<number>): number {
	for (let k = 0; k < outputs; k++) if (!Number.isFinite(values[k])) return -1;
	if (outputs === 1) return (values[0] as number) > (loss === 'logistic' ? 0.5 : 0) ? 1 : 0;
	let best = 0;
	for (let k = 1; k < outputs; k++) if ((values[k] as number) > (values[best] as number)) best = k;
	return best;
}

/** Which points are on the wrong side, or on none; null for values. @param values of the network at the points, [outputs, points] */
export function wrongPoints(network: OutputsOf, points: Points, values: Float32Array): Uint8Array | null {
	const count = points.y.length;
	if (!points.classes || values.length !== count * network.outputs) return null;
	const one = new Float32Array(network.outputs);
	return Uint8Array.from(points.y, (y, i) => {
		for (let k = 0; k < network.outputs; k++) one[k] = values[k * count + i] as number;
		return classOf(network, one) === y ? 0 : 1;
	});
}
