import type { PlaneNetwork, Points } from '#contracts/playground.ts';
import { classColour, scaleColours } from '#maths/colour.ts';
import { valuesAt } from '#maths/playground/field.ts';

/** How answers, points and weights are coloured: two classes and values on one diverging scale, more by hue. */

export const SCALE = 'puor';
const STEPS = scaleColours(SCALE, 65);
/** Colours end beyond what a sure answer reaches, so that points can be told from the plane behind them. */
export const END = 1.4;

export const css = (k: number) => `rgb(${classColour(k).join(' ')})`;

/** Of a number on the diverging scale. */
export const signedColour = (value: number) =>
	STEPS[Math.round(32 * (1 + Math.min(1, Math.max(-1, Number.isFinite(value) ? value / END : 0))))] as string;

export const pointColour = ({ classes }: Pick<Points, 'classes'>, y: number) => (classes ? css(y) : signedColour(y));

interface Shown {
	/** Null where the class with the largest value is shown. */
	plane: number | null;
	range: readonly [number, number];
	spread: number;
}

/** How a field of outputs is shown. */
export function shownAs({ loss, outputs }: Pick<PlaneNetwork, 'loss' | 'outputs'>): Shown {
	const probable = loss === 'logistic' || loss === 'cross-entropy';
	const range = probable ? ([0.5 - END / 2, 0.5 + END / 2] as const) : ([-END, END] as const);
	if (outputs <= 2 && !(outputs === 2 && !probable)) return { plane: outputs - 1, range, spread: 1 };
	return { plane: null, range, spread: probable ? 1 : 2 };
}

/** The class that outputs say. */
export function classOf({ loss, outputs }: Pick<PlaneNetwork, 'loss' | 'outputs'>, values: ArrayLike<number>): number {
	if (outputs === 1) return (values[0] as number) > (loss === 'logistic' ? 0.5 : 0) ? 1 : 0;
	let best = 0;
	for (let k = 1; k < outputs; k++) if ((values[k] as number) > (values[best] as number)) best = k;
	return best;
}

/** Multiply-adds that the page may spend on points while it draws. */
const MOST = 1_500_000;

/** Which points are on the wrong side; null for values, and where it would take the page too long. */
export function wrongPoints(network: PlaneNetwork, points: Points): Uint8Array | null {
	const count = points.y.length;
	if (!points.classes || !count || network.parameters.length * count > MOST) return null;
	const values = valuesAt(network, points, 'outputs');
	const one = new Float32Array(network.outputs);
	return Uint8Array.from(points.y, (y, i) => {
		for (let k = 0; k < network.outputs; k++) one[k] = values[k * count + i] as number;
		return classOf(network, one) === y ? 0 : 1;
	});
}
