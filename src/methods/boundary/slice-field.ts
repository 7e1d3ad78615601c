import { throwIfAborted } from '#contracts/errors.ts';
import * as tf from '#engine/tf.ts';
import type { PlaneBox, Point } from '#maths/slices/frame.ts';
import { Refinement } from '#maths/slices/refine.ts';
import { shareBound } from '#maths/slices/share-bound.ts';
import { planesOfClasses, shownClasses, type Classifier } from '#methods/boundary/classifier.ts';
import { pixelPoint, type PlanePoints } from '#methods/boundary/plane-points.ts';

/** The probabilities of classes over a part of a plane, coarse first, then where the boundary crosses. */

export interface FieldContext {
	classifier: Classifier;
	plane: PlanePoints;
	/** Rows that suit the device. */
	batch: number;
	signal: AbortSignal;
	/** Runs one batch when the device is free: other jobs come between. */
	turn<T>(job: () => Promise<T>): Promise<T>;
}

export interface FieldRequest {
	box: PlaneBox;
	width: number;
	height: number;
	adaptive: boolean;
}

export interface FieldStep {
	/** [planes, height, width], all filled in; stays the generator's. */
	values: Float32Array;
	classes: readonly number[];
	/** [height, width]: the class at each pixel, of all classes; stays the generator's. */
	labels: Int32Array;
	evaluated: number;
	checked: number;
	wrong: number;
	bound: number;
	error: number;
	/** 0..1, as far as it can be told. */
	done: number;
}

/** Batches that are read back together: on a GPU every reading costs a round trip. */
const GROUP = 8;
/** Rounds of checking and mending. */
const ROUNDS = 3;
/** Of the bound of each round, so that with all rounds it holds with 95 %. */
const CONFIDENCE = 1 - 0.05 / ROUNDS;
/** Milliseconds between two steps that are handed out. */
const INTERVAL = 400;
/** What is mostly evaluated of a picture, for the progress. */
const USUAL = 0.15;

export const checksOf = (pixels: number) => Math.min(1024, Math.max(128, Math.round(pixels / 256)));

/** @returns [points, columns] of what the classifier says of some points, row-major */
export async function evaluate(
	{ plane, batch, signal, turn }: Omit<FieldContext, 'classifier'>,
	points: readonly Point[],
	ask: (rows: tf.Tensor) => tf.Tensor2D
): Promise<Float32Array> {
	const parts: Float32Array[] = [];
	for (let first = 0; first < points.length; first += GROUP * batch) {
		throwIfAborted(signal);
		const last = Math.min(points.length, first + GROUP * batch);
		parts.push(
			await turn(async () => {
				const table = tf.tidy(() => {
					const tables: tf.Tensor2D[] = [];
					for (let at = first; at < last; at += batch)
						tables.push(tf.tidy(() => ask(plane.at(points.slice(at, Math.min(last, at + batch))))));
					return tf.concat(tables, 0);
				});
				try {
					return Float32Array.from(await table.data());
				} finally {
					table.dispose();
				}
			})
		);
	}
	return joined(parts);
}

function joined(parts: readonly Float32Array[]): Float32Array {
	const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}

/** A table of `planesOfClasses` in its parts: [points, planes], and the class of each point. */
function parted(table: Float32Array, planes: number): [values: Float32Array, labels: Int32Array] {
	const points = table.length / (planes + 1);
	const values = new Float32Array(points * planes);
	const labels = new Int32Array(points);
	for (let i = 0; i < points; i++) {
		const row = table.subarray(i * (planes + 1), (i + 1) * (planes + 1));
		values.set(row.subarray(0, planes), i * planes);
		labels[i] = row[planes] as number;
	}
	return [values, labels];
}

async function reduced(table: Float32Array, total: number, classes: readonly number[]) {
	const tensor = tf.tidy(() => planesOfClasses(tf.tensor2d(table, [table.length / total, total]), classes));
	try {
		return parted(Float32Array.from(await tensor.data()), classes.length);
	} finally {
		tensor.dispose();
	}
}

/** Yields pictures that get sharper; the last has `done` 1. */
export async function* sliceField(
	context: FieldContext,
	{ box, width, height, adaptive }: FieldRequest
): AsyncGenerator<FieldStep, void, void> {
	const { classifier } = context;
	const pixels = width * height;
	const pointsOf = (some: Int32Array) => Array.from(some, (pixel) => pixelPoint(box, width, height, pixel));
	const stride = 2 ** Math.max(2, Math.round(Math.log2(Math.max(width, height) / 16)));

	// The first, coarse look also tells which classes there are to be shown.
	const coarse = new Refinement(width, height, 1, { stride }).next();
	const table = await evaluate(context, pointsOf(coarse), (rows) => classifier.probabilities(rows));
	const classes = shownClasses(table, classifier.classes);
	const field = new Refinement(width, height, classes.length, { stride, classes });
	field.put(coarse, ...(await reduced(table, classifier.classes, classes)));

	const found = { checked: 0, wrong: 0, bound: 1, error: 0 };
	const step = (done: number): FieldStep => {
		field.interpolate();
		return { values: field.values, labels: field.labels, classes, evaluated: field.evaluated, ...found, done };
	};
	const ask = async (some: Int32Array) => {
		const planes = (rows: tf.Tensor) => tf.tidy(() => planesOfClasses(classifier.probabilities(rows), classes));
		return parted(await evaluate(context, pointsOf(some), planes), classes.length);
	};
	yield step(field.evaluated / pixels);

	let last = performance.now();
	const chunk = GROUP * context.batch;
	async function* refine(next: () => Int32Array, expected: number): AsyncGenerator<FieldStep, void, void> {
		for (let waiting = next(); waiting.length; waiting = next()) {
			const some = waiting.slice(0, chunk);
			field.put(some, ...(await ask(some)));
			if (performance.now() - last < INTERVAL) continue;
			yield step(Math.min(0.95, field.evaluated / expected));
			last = performance.now();
		}
	}

	if (!adaptive) {
		let from = 0;
		yield* refine(() => {
			const some: number[] = [];
			for (; from < pixels && some.length < chunk; from++) if (!field.known[from]) some.push(from);
			return Int32Array.from(some);
		}, pixels);
		found.bound = 0;
		yield step(1);
		return;
	}
	for (let round = 0; round < ROUNDS; round++) {
		yield* refine(() => field.next(), USUAL * pixels);
		const left = pixels - field.evaluated;
		const checks = field.sample(checksOf(pixels), round);
		const { wrong, error } = field.check(checks, ...(await ask(checks)));
		Object.assign(found, {
			checked: checks.length,
			wrong,
			error,
			bound: checks.length ? (shareBound(wrong, checks.length, CONFIDENCE) * left) / pixels : 0
		});
		if (!wrong) break;
	}
	yield* refine(() => field.next(), USUAL * pixels);
	yield step(1);
}
