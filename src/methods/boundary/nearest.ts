import { LabError, throwIfAborted } from '#contracts/errors.ts';
import * as tf from '#engine/tf.ts';
import { minus, norm } from '#maths/slices/frame.ts';
import type { Classifier } from '#methods/boundary/classifier.ts';
import { scoreGradients, scoreOfClass } from '#methods/boundary/directions.ts';

/** How far it is to another class. */

export interface NearestContext {
	classifier: Classifier;
	/** A batch of one. */
	input: tf.Tensor;
	batch: number;
	signal: AbortSignal;
	turn<T>(job: () => Promise<T>): Promise<T>;
	/** Keeps the numbers within these; null lets them go anywhere. */
	limits: readonly [low: number, high: number] | null;
}

export interface Nearest {
	from: number;
	/** The class across; `from` where none was found. */
	to: number;
	found: boolean;
	start: Float64Array;
	/** Just across the boundary. */
	end: Float64Array;
	/** Lead of the first class at the start, in scores, over the rival that the first step goes to. */
	margin: number;
	/** The distance of the boundary with that rival to first order: margin / |gradient of the margin|. */
	linear: number;
	tolerance: number;
	gradients: number;
	evaluations: number;
	probabilities: readonly [before: number, after: number];
}

/** The boundary is found to this share of the step. */
const TOLERANCE = 1e-4;
const ROUNDS = 30;
/** Multiples of the first-order distance that are tried evenly, and how far it goes beyond, by powers of two. */
const EVENLY = 4;
const FURTHER = 8;
/** Steps of DeepFool, and the classes that it looks at. */
const MAX_STEPS = 50;
const MAX_CLASSES = 10;
/** DeepFool's own: a little beyond the boundary. */
const OVERSHOOT = 0.02;

const best = (row: ArrayLike<number>) => {
	let winner = 0;
	for (let k = 1; k < row.length; k++) if ((row[k] as number) > (row[winner] as number)) winner = k;
	return winner;
};
const clipped = (x: Float64Array, limits: NearestContext['limits']) =>
	limits ? x.map((value) => Math.min(limits[1], Math.max(limits[0], value))) : x;
const zeroGradient = () =>
	new LabError('The gradient is zero here: no direction leads to another class.', 'Try another input.', {
		code: 'refused'
	});
const usable = (size: number) => size > 0 && size < Infinity;
const moved = (x: Float64Array, by: Float64Array, t: number) => x.map((value, i) => value + t * (by[i] as number));

/** Asks the classifier, and counts how often. */
class Oracle {
	evaluations = 0;
	gradients = 0;

	constructor(readonly context: NearestContext) {}

	async scores(points: readonly Float64Array[], kind: 'scores' | 'probabilities' = 'scores'): Promise<Float32Array[]> {
		const { classifier, input, batch, signal, turn } = this.context;
		const rows: Float32Array[] = [];
		for (let first = 0; first < points.length; first += batch) {
			throwIfAborted(signal);
			const some = points.slice(first, first + batch);
			const values = await turn(async () => {
				const table = tf.tidy(() => {
					const flat = new Float32Array(some.length * input.size);
					some.forEach((point, i) => flat.set(point, i * input.size));
					return classifier[kind](tf.tensor(flat, [some.length, ...input.shape.slice(1)]));
				});
				try {
					return await table.data();
				} finally {
					table.dispose();
				}
			});
			for (let i = 0; i < some.length; i++)
				rows.push(Float32Array.from(values.subarray(i * classifier.classes, (i + 1) * classifier.classes)));
		}
		this.evaluations += points.length;
		return rows;
	}

	async leads(point: Float64Array, from: number, rivals: readonly number[]): Promise<Float64Array[]> {
		const { classifier, input, batch, signal, turn } = this.context;
		const all: Float64Array[] = [];
		for (let first = 0; first < rivals.length; first += batch) {
			throwIfAborted(signal);
			const weights = rivals.slice(first, first + batch).map((k) => scoreOfClass(classifier.classes, k, from));
			const some = await turn(async () => {
				const x = tf.tensor(Float32Array.from(point), input.shape);
				try {
					return await scoreGradients(classifier, x, weights);
				} finally {
					x.dispose();
				}
			});
			all.push(...some);
		}
		this.gradients += rivals.length;
		return all;
	}
}

async function begin(oracle: Oracle) {
	const start = Float64Array.from(await oracle.context.input.data());
	const [scores] = (await oracle.scores([start])) as [Float32Array];
	const from = best(scores);
	const rivals = [...scores.keys()]
		.filter((k) => k !== from)
		.sort((a, b) => (scores[b] as number) - (scores[a] as number))
		.slice(0, MAX_CLASSES);
	if (!rivals.length)
		throw new LabError('The output has one class only: there is no boundary.', '', { code: 'refused' });
	return { start, scores, from, rivals };
}

/**
 * The first point on the way from `start` along `way` where the class is another, by narrowing a bracket with a row of
 * points at once.
 * @param bracket multiples of `way`: at the low end the class is the first, at the high end another
 */
async function narrowed(
	oracle: Oracle,
	at: (t: number) => Float64Array,
	from: number,
	[low, high]: readonly [number, number]
): Promise<{ t: number; within: number }> {
	const points = Math.max(1, Math.min(16, oracle.context.batch));
	for (let round = 0; round < ROUNDS && high - low > TOLERANCE * high; round++) {
		const ts = Array.from({ length: points }, (_, i) => low + ((i + 1) * (high - low)) / (points + 1));
		const across = (await oracle.scores(ts.map(at))).map((row) => best(row) !== from);
		const edges = [low, ...ts, high];
		const first = [...across, true].indexOf(true);
		[low, high] = [edges[first] as number, edges[first + 1] as number];
	}
	return { t: high, within: high - low };
}

async function ended(
	oracle: Oracle,
	{ start, from, margin, linear }: Pick<Nearest, 'start' | 'from' | 'margin' | 'linear'>,
	end: Float64Array,
	tolerance: number
): Promise<Nearest> {
	const [before, after] = (await oracle.scores([start, end], 'probabilities')) as [Float32Array, Float32Array];
	const to = best(after);
	return {
		from,
		to,
		found: to !== from,
		start,
		end,
		margin,
		linear,
		tolerance,
		gradients: oracle.gradients,
		evaluations: oracle.evaluations,
		probabilities: [before[from] as number, after[to] as number]
	};
}

/** Straight along the gradient of the lead that the second class lacks: the first crossing, bisected to tolerance. */
export async function alongGradient(context: NearestContext): Promise<Nearest> {
	const oracle = new Oracle(context);
	const { start, scores, from, rivals } = await begin(oracle);
	const [rival] = rivals as [number];
	const margin = (scores[from] as number) - (scores[rival] as number);
	const [gradient] = (await oracle.leads(start, from, [rival])) as [Float64Array];
	const size = norm(gradient);
	if (!usable(size)) throw zeroGradient();
	const linear = margin / size;
	const unit = gradient.map((value) => value / size);
	const at = (t: number) => clipped(moved(start, unit, t), context.limits);
	const known = { start, from, margin, linear };
	// Even steps, so that the first crossing is met; then ever longer ones.
	const scale = Math.max(linear, 1e-9 * norm(start), 1e-12);
	const steps = Array.from({ length: 16 * EVENLY }, (_, i) => ((i + 1) * scale) / 16);
	for (let i = 1; i <= FURTHER; i++) steps.push(EVENLY * scale * 2 ** i);
	let low = 0;
	for (let first = 0; first < steps.length; first += 16) {
		const some = steps.slice(first, first + 16);
		const across = (await oracle.scores(some.map(at))).findIndex((row) => best(row) !== from);
		if (across < 0) {
			low = some.at(-1) as number;
			continue;
		}
		const bracket = [across ? (some[across - 1] as number) : low, some[across] as number] as const;
		const { t, within } = await narrowed(oracle, at, from, bracket);
		return ended(oracle, known, at(t), within);
	}
	return ended(oracle, known, at(low), Infinity);
}

/**
 * DeepFool (Moosavi-Dezfooli, Fawzi & Frossard 2016, arXiv 1511.04599), with the L2 norm: at each step to the nearest of
 * the linearised boundaries of the ten likeliest classes. Its end is brought back on the straight way to the boundary.
 */
export async function deepFool(context: NearestContext): Promise<Nearest> {
	const oracle = new Oracle(context);
	const { start, scores: first, from, rivals } = await begin(oracle);
	let scores = first;
	let x: Float64Array = start;
	let [margin, linear] = [0, 0];
	for (let step = 0; step < MAX_STEPS && best(scores) === from; step++) {
		const gradients = await oracle.leads(x, from, rivals);
		const distances = rivals.map((k, i) => {
			const size = norm(gradients[i] as Float64Array);
			return usable(size) ? ((scores[from] as number) - (scores[k] as number)) / size : Infinity;
		});
		const nearest = distances.indexOf(Math.min(...distances));
		const [distance, gradient] = [distances[nearest] as number, gradients[nearest] as Float64Array];
		if (!Number.isFinite(distance)) {
			if (!step) throw zeroGradient();
			break;
		}
		if (!step) [margin, linear] = [(first[from] as number) - (first[rivals[nearest] as number] as number), distance];
		const size = norm(gradient);
		x = clipped(moved(x, gradient, ((1 + OVERSHOOT) * distance + 1e-6 * norm(start)) / size), context.limits);
		[scores] = (await oracle.scores([x])) as [Float32Array];
	}
	const known = { start, from, margin, linear };
	if (best(scores) === from) return ended(oracle, known, x, Infinity);
	const way = minus(x, start);
	const at = (t: number) => clipped(moved(start, way, t), context.limits);
	const { t, within } = await narrowed(oracle, at, from, [0, 1]);
	return ended(oracle, known, at(t), within * norm(way));
}
