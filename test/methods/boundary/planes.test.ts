import { beforeAll, describe, expect, it } from 'vitest';
import { planesOfClasses, shownClasses, winnersOf, yesOrNo, type Classifier } from '#methods/boundary/classifier.ts';
import { noise, principalDirections, scoreGradients, scoreOfClass } from '#methods/boundary/directions.ts';
import { pixelPoint, PlanePoints } from '#methods/boundary/plane-points.ts';
import { checksOf, evaluate, sliceField, type FieldContext, type FieldStep } from '#methods/boundary/slice-field.ts';
import * as tf from '#engine/tf.ts';
import { hashNormal } from '#maths/hash-normal.ts';
import { shareBound } from '#maths/slices/share-bound.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';

/** Planes of an input space: their points, their classes, and the directions that span them. */

beforeAll(() => useBackend('cpu'));
const { signal } = new AbortController();

describe('classes that get a plane', () => {
	it('all where eight are enough', () => {
		expect(shownClasses(new Float32Array(8), 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
		expect(shownClasses(new Float32Array(3), 3)).toEqual([0, 1, 2]);
	});
	it('else seven: those that win most often, then the likeliest; the last plane is of all others', () => {
		// Classes 9 and 4 win, twice and once; of the others the sum decides; 0 and 1 have least.
		const rows = [
			[0.01, 0.02, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.11, 0.41],
			[0.01, 0.02, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.11, 0.41],
			[0.01, 0.02, 0.05, 0.06, 0.41, 0.08, 0.07, 0.1, 0.11, 0.09]
		];
		expect(shownClasses(rows.flat(), 10)).toEqual([3, 4, 5, 6, 7, 8, 9, -1]);
		// A class that wins once goes before one that is often second.
		const often = Array.from({ length: 9 }, (_, k) => (k === 8 ? 0.5 : k === 0 ? 0.49 : 0));
		const once = Array.from({ length: 9 }, (_, k) => (k === 7 ? 1 : 0));
		expect(shownClasses([...often, ...often, ...once], 9)).toEqual([0, 1, 2, 3, 4, 7, 8, -1]);
	});
});

it('tables: the winner of each row; the shown classes, the largest of the others, and the winner', async () => {
	const table = tf.tensor2d([[0.1, 0.2, 0.7], [0.5, 0.3, 0.2]]); // prettier-ignore
	expect(await winnersOf(table).array()).toEqual([[2], [0]]);
	expectClose({ data: await planesOfClasses(table, [0, 1, 2]).data() }, { data: [0.1, 0.2, 0.7, 2, 0.5, 0.3, 0.2, 0] });
	expectClose({ data: await planesOfClasses(table, [1, -1]).data() }, { data: [0.2, 0.7, 2, 0.3, 0.5, 0] });
});

it('yes or no is a classifier of two: no, yes', async () => {
	const both = yesOrNo(
		(x) => tf.mul(x, 2) as tf.Tensor2D,
		(x) => tf.sigmoid(tf.mul(x, 2)) as tf.Tensor2D
	);
	expect(both.classes).toBe(2);
	expect(await both.scores(tf.tensor2d([[3], [-1]])).array()).toEqual([[0, 6], [0, -2]]); // prettier-ignore
	const p = 1 / (1 + Math.exp(-6));
	expectClose({ data: await both.probabilities(tf.tensor2d([[3]])).data() }, { data: [1 - p, p] }, { atol: 1e-6 });
});

describe('directions', () => {
	it('noise is of its seed, its number and its index', () => {
		const one = noise(4, 7, 2);
		expect([...one]).toEqual([0, 1, 2, 3].map((i) => hashNormal(7, 2, i)));
	});

	it('a class’s score, or its lead over another', () => {
		expect(scoreOfClass(3, 1)).toEqual([0, 1, 0]);
		expect(scoreOfClass(3, 1, 2)).toEqual([0, 1, -1]);
		expect(scoreOfClass(3, 0, 0)).toEqual([0, 0, 0]);
	});

	it('gradients of several scores at once', async () => {
		// Scores x², x y, y at (3, 5): gradients (6, 0), (5, 3), (0, 1).
		const scores = (batch: tf.Tensor) => {
			const [x, y] = tf.split(batch as tf.Tensor2D, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
			return tf.concat([tf.square(x), tf.mul(x, y), y], 1) as tf.Tensor2D;
		};
		const classifier = { classes: 3, scores, probabilities: scores } as Classifier;
		const before = tf.memory().numTensors;
		const input = tf.tensor2d([[3, 5]]);
		const found = await scoreGradients(classifier, input, [[1, 0, 0], [0, 1, -1], [0, 0, 2]]); // prettier-ignore
		input.dispose();
		expect(tf.memory().numTensors).toBe(before);
		expect(found.map((row) => [...row])).toEqual([[6, 0], [5, 2], [0, 2]]); // prettier-ignore
	});

	it.each([
		['more points than numbers', 2],
		['more numbers than points', 9]
	])('the two main directions: %s', (_, size) => {
		// A cross: 4 and -4 along the first axis, 1 and -1 along the second, about (10, 20, 0...).
		const points = [
			[4, 0],
			[-4, 0],
			[0, 1],
			[0, -1]
		].map(([a, b]) =>
			// prettier-ignore
			Float64Array.from({ length: size }, (__, i) => (i === 0 ? 10 - a! : i === 1 ? 20 + b! : 0))
		);
		const { directions, explained } = principalDirections(points);
		expectClose({ data: explained }, { data: [16 / 17, 1 / 17] }, { rtol: 1e-12 });
		// Shares have no scale.
		const small = principalDirections(points.map((point) => point.map((value) => value / 1024)));
		expectClose({ data: small.explained }, { data: [16 / 17, 1 / 17] }, { rtol: 1e-9 });
		const axis = (k: number) => Array.from({ length: size }, (__, i) => (i === k ? 1 : 0));
		// Turned so that the largest number is positive.
		expectClose({ data: directions![0] }, { data: axis(0) }, { atol: 1e-12 });
		expectClose({ data: directions![1] }, { data: axis(1) }, { atol: 1e-12 });
	});

	it('of points on a line, of one point and of none there are no two', () => {
		const line = principalDirections([[0, 0], [1, 1], [3, 3]].map((row) => Float64Array.from(row))); // prettier-ignore
		expect(line.directions).toBeNull();
		expect(line.explained[0]).toBeCloseTo(1, 12);
		const one = principalDirections([Float64Array.of(1, 2, 3)]);
		expect(one).toEqual({ directions: null, explained: [0, 0] });
	});
});

/** The plane of the first and the third of three numbers, about (5, 6, 7). */
const frame = { origin: Float64Array.of(5, 6, 7), u: Float64Array.of(1, 0, 0), v: Float64Array.of(0, 0, 1) };

describe('points of a plane', () => {
	it('are made in the shape of the input', async () => {
		const before = tf.memory().numTensors;
		const plane = new PlanePoints(frame, [1, 3, 1]);
		const points = plane.at([[0, 0], [1, 2], [-3, 0.5]]); // prettier-ignore
		expect(points.shape).toEqual([3, 3, 1]);
		expect([...(await points.data())]).toEqual([5, 6, 7, 6, 6, 9, 2, 6, 7.5]);
		points.dispose();
		plane.dispose();
		expect(tf.memory().numTensors).toBe(before);
	});

	it('lie at the middle of their pixels, rows from the top', () => {
		const box = { x1: [10, 14], x2: [-2, 1] } as const;
		expect(pixelPoint(box, 4, 3, 0)).toEqual([10.5, 0.5]);
		expect(pixelPoint(box, 4, 3, 6)).toEqual([12.5, -0.5]);
		expect(pixelPoint(box, 4, 3, 11)).toEqual([13.5, -1.5]);
	});
});

/** Class 1 where x > z, of (x, y, z) in the plane; a ring of class 2 far from both. */
const halves = (batch: tf.Tensor) =>
	tf.tidy(() => {
		const [x, , z] = tf.split(batch as tf.Tensor2D, 3, 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
		const lead = tf.mul(tf.sub(tf.sub(x, 5), tf.sub(z, 7)), 8);
		return tf.softmax(tf.concat([tf.zerosLike(lead), lead, tf.sub(tf.zerosLike(lead), 9)], 1)) as tf.Tensor2D;
	});

function context(change: Partial<FieldContext> = {}): FieldContext {
	const classifier: Classifier = { classes: 3, scores: halves, probabilities: halves };
	const plane = new PlanePoints(frame, [1, 3]);
	return { classifier, plane, batch: 40, signal, turn: (job) => job(), ...change };
}
const right = (side: number, box: { x1: readonly [number, number]; x2: readonly [number, number] }) =>
	Array.from({ length: side * side }, (_, i) => {
		const [a, b] = pixelPoint(box, side, side, i);
		return Number(a > b);
	});

describe('a field', () => {
	const box = { x1: [-1, 1], x2: [-1.3, 0.9] } as const;

	it('asks in batches, eight at a turn', async () => {
		const sizes: number[] = [];
		let turns = 0;
		const turn = <T>(job: () => Promise<T>) => (turns++, job());
		const points = Array.from({ length: 100 }, (_, i): [number, number] => [i, -i]);
		const found = await evaluate(context({ batch: 7, turn }), points, (rows) => {
			sizes.push(rows.shape[0]!);
			return tf.slice(rows as tf.Tensor2D, [0, 0], [-1, 2]);
		});
		expect(sizes).toEqual([...Array.from({ length: 14 }, () => 7), 2]);
		expect(turns).toBe(2);
		expect([...found]).toEqual(points.flatMap(([a]) => [5 + a, 6]));
		const controller = new AbortController();
		controller.abort();
		const stopped = evaluate(context({ signal: controller.signal }), points, () => tf.zeros([1, 1]));
		await expect(stopped).rejects.toThrow('cancelled');
		expect((await evaluate(context(), [], () => tf.zeros([1, 1]))).length).toBe(0);
	});

	it('checks a share of the picture, between 128 and 1,024 pixels', () => {
		expect([0, 256 * 128, 256 * 129, 256 * 1024, 256 * 1025].map(checksOf)).toEqual([128, 128, 129, 1024, 1024]);
	});

	const all = async (
		adaptive: boolean,
		side: number,
		at: typeof box | { x1: readonly [number, number]; x2: readonly [number, number] } = box
	) => {
		const steps: FieldStep[] = [];
		for await (const step of sliceField(context(), { box: at, width: side, height: side, adaptive }))
			steps.push({ ...step });
		return steps;
	};

	it('whole: every pixel is evaluated, and none is in doubt', async () => {
		const steps = await all(false, 24);
		const last = steps.at(-1)!;
		expect(last).toMatchObject({
			classes: [0, 1, 2],
			evaluated: 576,
			checked: 0,
			wrong: 0,
			bound: 0,
			error: 0,
			done: 1
		});
		expect([...last.labels]).toEqual(right(24, box));
		const [a, b] = pixelPoint(box, 24, 24, 100);
		const p = 1 / (1 + Math.exp(8 * (a - b)) + Math.exp(-9));
		expect(last.values[100]).toBeCloseTo(p, 5);
		expect(last.values[576 + 100]).toBeCloseTo(p * Math.exp(8 * (a - b)), 5);
		// The first look is coarse, and says of how much it is.
		expect(steps[0]).toMatchObject({ bound: 1, checked: 0, done: steps[0]!.evaluated / 576 });
		expect(steps[0]!.evaluated).toBeLessThan(100);
	});

	it('refined: the same classes by fewer questions, under its bound', async () => {
		const side = 160;
		const wide = { x1: [-9, 9], x2: [-9.1, 8.9] } as const;
		const last = (await all(true, side, wide)).at(-1)!;
		const expected = right(side, wide);
		const wrong = expected.filter((label, i) => label !== last.labels[i]).length / side ** 2;
		expect(wrong).toBeLessThanOrEqual(last.bound);
		expect(last.evaluated).toBeLessThan(side ** 2 / 3);
		expect(last).toMatchObject({ done: 1, wrong: 0, checked: 128 });
		const left = 1 - (last.evaluated - last.checked) / side ** 2;
		expect(last.bound).toBeCloseTo(left * shareBound(0, 128, 1 - 0.05 / 3), 9);
	});

	it('is looked over three times at most, and says how much may still be wrong', async () => {
		// Specks of one pixel in sixty-four, which the coarse look misses and nothing around them foretells.
		const side = 200;
		const speck = (column: number, row: number) => column % 8 === 3 && row % 8 === 5;
		const pixel = (value: number, [low, high]: readonly [number, number]) =>
			Math.floor((side * (value - low)) / (high - low));
		const sizes: number[] = [];
		const specks = (batch: tf.Tensor) => {
			const values = batch.dataSync();
			const n = batch.shape[0]!;
			sizes.push(n);
			const flags = Array.from({ length: n }, (_, i) =>
				Number(speck(pixel(values[3 * i]! - 5, box.x1), side - 1 - pixel(values[3 * i + 2]! - 7, box.x2)))
			);
			return tf.oneHot(tf.tensor1d(flags, 'int32'), 2).toFloat() as tf.Tensor2D;
		};
		const classifier: Classifier = { classes: 2, scores: specks, probabilities: specks };
		let last: FieldStep | null = null;
		const request = { box, width: side, height: side, adaptive: true };
		for await (const step of sliceField(context({ classifier, batch: 2000 }), request)) last = step;
		// No other question is of so many points.
		expect(sizes.filter((n) => n === checksOf(side ** 2))).toHaveLength(3);
		expect(last).toMatchObject({ checked: 156, done: 1 });
		expect(last!.wrong).toBeGreaterThan(0);
		expect(last!.bound).toBeLessThan(shareBound(last!.wrong, 156, 1 - 0.05 / 3));
		const truth = Array.from({ length: side ** 2 }, (_, i) => Number(speck(i % side, Math.floor(i / side))));
		const wrong = truth.filter((flag, i) => flag !== last!.labels[i]).length / side ** 2;
		expect(wrong).toBeGreaterThan(0);
		expect(wrong).toBeLessThanOrEqual(last!.bound);
	});

	it('of more than eight classes shows seven, and all the others as one', async () => {
		const many = (batch: tf.Tensor) =>
			tf.tidy(() => {
				const x = tf.slice(batch as tf.Tensor2D, [0, 0], [-1, 1]);
				// Class k is likeliest at x = 5 + (k - 4.5) / 5.
				const middles = tf.tensor2d([Array.from({ length: 10 }, (_, k) => 5 + (k - 4.5) / 5)]);
				return tf.softmax(tf.mul(tf.square(tf.sub(x, middles)), -400)) as tf.Tensor2D;
			});
		const classifier: Classifier = { classes: 10, scores: many, probabilities: many };
		let last: FieldStep | null = null;
		const request = { box, width: 40, height: 40, adaptive: false };
		for await (const step of sliceField(context({ classifier }), request)) last = step;
		const { classes, labels, values } = last!;
		expect(classes).toHaveLength(8);
		expect(classes.at(-1)).toBe(-1);
		const winner = (i: number) => Math.min(9, Math.max(0, Math.round((pixelPoint(box, 40, 40, i)[0] + 0.9) * 5)));
		for (let i = 0; i < 40; i++) {
			expect(labels[i]).toBe(winner(i));
			const plane = classes.includes(winner(i)) ? classes.indexOf(winner(i)) : 7;
			for (let k = 0; k < 8; k++)
				if (k !== plane) expect(values[k * 1600 + i]!).toBeLessThan(values[plane * 1600 + i]!);
		}
	});
});
