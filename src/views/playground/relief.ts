import type { ReliefPoints } from '#contracts/planes.ts';
import type { Dataset, PlaneNetwork, PlaneWindow, Points } from '#contracts/playground.ts';
import { written } from '#maths/format.ts';
import { placeOf, ticks } from '#maths/playground/plane-view.ts';
import type { Answers } from '#state/playground-pictures.svelte.ts';
import { classOf, END, pointBytes, sharesOf } from './colouring.ts';
import type { PictureLook } from './planes.ts';

/** What stands on a surface, and how high. */

interface HeightAxis {
	name: string;
	ends: readonly [low: number, high: number];
	marks: readonly { text: string; share: number }[];
}

/** @param neuron whose activation is the height, or null for the answer */
export function heightAxis(data: Dataset | null, neuron: number | null): HeightAxis {
	const classes = data?.classes ?? 2;
	if (classes && neuron === null)
		return {
			name: 'probability',
			ends: [0, 1],
			marks: [0, 0.25, 0.5, 0.75, 1].map((share) => ({ text: `${100 * share} %`, share }))
		};
	const values = neuron === null && data ? [...data.train.y, ...data.test.y] : [];
	let [low, high] = [-END, END];
	for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
	const { name, scale, shift } = (neuron === null && data?.train.value) || { name: 'value', scale: 1, shift: 0 };
	const [first, last] = [low * scale + shift, high * scale + shift];
	return {
		name: neuron === null ? name : 'activation',
		ends: [low, high],
		marks: ticks([first, last], 5).map((own) => ({ text: written(own), share: (own - first) / (last - first) }))
	};
}

/**
 * Points of classes stand where the network puts their own class (of one sheet, that class), where it is no number on the
 * floor, as the surface there; points of values at their value, with a stick to the surface.
 */
export function reliefPoints(
	network: PlaneNetwork,
	window: PlaneWindow,
	answers: Answers,
	test: boolean,
	sheets: PictureLook['sheets'],
	radius = 4
): ReliefPoints {
	const [places, marks]: [number[], number[]] = [[], []];
	const put = (points: Points, values: Float32Array, diamond: number) => {
		const count = points.y.length;
		const own = new Float32Array(network.outputs);
		for (let i = 0; i < count; i++) {
			const y = points.y[i] as number;
			for (let k = 0; k < network.outputs; k++) own[k] = values[k * count + i] as number;
			const shares = sharesOf(network, own);
			const sheet = typeof sheets === 'number' ? Math.min(sheets, shares.length - 1) : y;
			const said = classOf(network, own);
			const height = points.classes ? (said < 0 ? 0 : (shares[sheet] ?? NaN)) : y;
			const wrong = points.classes && said !== y ? 2 : 0;
			const base = points.classes ? NaN : (own[0] as number);
			places.push(...placeOf(window, points.x1[i] as number, points.x2[i] as number), height, base);
			marks.push(...pointBytes(points, y), diamond + wrong);
		}
	};
	put(answers.data.train, answers.train, 0);
	if (test) put(answers.data.test, answers.test, 1);
	return { places: Float32Array.from(places), marks: Float32Array.from(marks), radius };
}
