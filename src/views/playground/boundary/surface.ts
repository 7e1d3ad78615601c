import type { SurfacePoints } from '#contracts/planes.ts';
import type { Dataset, PlaneNetwork, PlaneWindow, Points } from '#contracts/playground.ts';
import { written } from '#maths/format.ts';
import { valuesAt } from '#maths/playground/field.ts';
import { productsOf } from '#maths/playground/layout.ts';
import { positionOf, pointAt, ticks } from '#maths/playground/plane-view.ts';
import type { PointOutputs } from '#state/playground/pictures.svelte.ts';
import { classOf, END, pointBytes, sharesOf } from './colouring.ts';
import type { PictureDisplay } from './planes.ts';

/** What stands on a surface, and how high. */

interface HeightAxis {
	name: string;
	ends: readonly [low: number, high: number];
	marks: readonly { text: string; share: number }[];
}

/** Samples along each side at which heights are looked up, and multiply-adds that this may cost the page. */
const SAMPLES = 32;
const MAX_HEIGHT_PRODUCTS = 2 ** 22;

/** What the network, or one neuron, gives at a coarse grid over a window, its edges included; [samples]. */
export function coarseValues(network: PlaneNetwork, window: PlaneWindow, neuron: number | null): Float32Array {
	const side = Math.max(4, Math.min(SAMPLES, Math.floor(Math.sqrt(MAX_HEIGHT_PRODUCTS / productsOf(network)))));
	const [x1, x2] = [new Float64Array(side * side), new Float64Array(side * side)];
	for (let i = 0; i < side * side; i++)
		[x1[i], x2[i]] = pointAt(window, (i % side) / (side - 1), Math.floor(i / side) / (side - 1));
	const requested =
		neuron === null ? ({ content: 'outputs' } as const) : ({ content: 'neurons', plane: neuron } as const);
	return valuesAt(network, { x1, x2 }, requested);
}

/**
 * @param neuron whose activation is the height, or null for the output
 * @param surface values that it has, of which none is to be cut off; of classes they are shares
 */
export function heightAxis(data: Dataset | null, neuron: number | null, surface: Iterable<number>): HeightAxis {
	const classes = data?.classes ?? 2;
	if (classes && neuron === null)
		return {
			name: 'probability',
			ends: [0, 1],
			marks: [0, 0.25, 0.5, 0.75, 1].map((share) => ({ text: `${100 * share} %`, share }))
		};
	const values = [...surface, ...(neuron === null && data ? [...data.train.y, ...data.test.y] : [])];
	let [low, high] = [-END, END];
	for (const value of values.filter(Number.isFinite)) [low, high] = [Math.min(low, value), Math.max(high, value)];
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
export function surfacePoints(
	network: PlaneNetwork,
	window: PlaneWindow,
	pointOutputs: PointOutputs,
	test: boolean,
	sheets: PictureDisplay['sheets'],
	radius = 4
): SurfacePoints {
	const [positions, marks]: [number[], number[]] = [[], []];
	const put = (points: Points, values: Float32Array, diamond: number) => {
		const count = points.y.length;
		const own = new Float32Array(network.outputs);
		for (let i = 0; i < count; i++) {
			const y = points.y[i] as number;
			for (let k = 0; k < network.outputs; k++) own[k] = values[k * count + i] as number;
			const shares = sharesOf(network, own);
			const sheet = typeof sheets === 'number' ? Math.min(sheets, shares.length - 1) : y;
			const predicted = classOf(network, own);
			const height = points.classes ? (predicted < 0 ? 0 : (shares[sheet] ?? NaN)) : y;
			const wrong = points.classes && predicted !== y ? 2 : 0;
			const base = points.classes ? NaN : (own[0] as number);
			positions.push(...positionOf(window, points.x1[i] as number, points.x2[i] as number), height, base);
			marks.push(...pointBytes(points, y), diamond + wrong);
		}
	};
	put(pointOutputs.data.train, pointOutputs.train, 0);
	if (test) put(pointOutputs.data.test, pointOutputs.test, 1);
	return { positions: Float32Array.from(positions), marks: Float32Array.from(marks), radius };
}
