import { beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { alongGradient, deepFool, type NearestContext } from '#methods/boundary/nearest.ts';
import type { Classifier } from '#methods/boundary/classifier.ts';
import * as tf from '#engine/tf.ts';
import { useBackend } from '../../tools/backends.ts';

/** The way to another class, where it is known: along a line, around a ring, through steps that no gradient foretells. */

beforeAll(() => useBackend('cpu'));
let before = 0;
beforeEach(() => (before = tf.memory().numTensors));
afterEach(() => expect(tf.memory().numTensors).toBe(before));

type Scores = (x: tf.Tensor2D) => tf.Tensor;
function context(scores: Scores, classes: number, start: number[], change: Partial<NearestContext> = {}) {
	const classifier: Classifier = {
		classes,
		scores: (batch) => tf.tidy(() => scores(batch as tf.Tensor2D)) as tf.Tensor2D,
		probabilities: (batch) => tf.tidy(() => tf.softmax(scores(batch as tf.Tensor2D))) as tf.Tensor2D
	};
	const input = tf.tensor2d([start]);
	const signal = new AbortController().signal;
	const all: NearestContext = { classifier, input, batch: 5, signal, turn: (job) => job(), limits: null, ...change };
	return { all, done: () => input.dispose() };
}
async function found(way: typeof deepFool, ...[scores, classes, start, change]: Parameters<typeof context>) {
	const { all, done } = context(scores, classes, start, change);
	try {
		return await way(all);
	} finally {
		done();
	}
}
const linear =
	(w: number[][], b: number[]): Scores =>
	(x) =>
		tf.add(tf.matMul(x, tf.tensor2d(w)), tf.tensor1d(b));
const ways = [
	['straight', alongGradient],
	['DeepFool', deepFool]
] as const;

describe.each(ways)('%s', (_, way) => {
	it('to a line: margin over slope, at right angles', async () => {
		// Class 0 leads by x + 2 y - 1 at (3, 1): 4, which is 4 / √5 away.
		const result = await found(way, linear([[1, 0], [2, 0]], [-1, 0]), 2, [3, 1]); // prettier-ignore
		expect(result).toMatchObject({ from: 0, to: 1, found: true });
		expect(result.margin).toBeCloseTo(4, 5);
		expect(result.linear).toBeCloseTo(4 / Math.sqrt(5), 5);
		const away = [result.end[0]! - 3, result.end[1]! - 1];
		expect(Math.hypot(...away)).toBeGreaterThanOrEqual(4 / Math.sqrt(5) - 1e-6);
		expect(Math.hypot(...away)).toBeCloseTo(4 / Math.sqrt(5), 3);
		expect(away[1]! / away[0]!).toBeCloseTo(2, 3);
		expect([...result.start]).toEqual([3, 1]);
		expect(result.tolerance).toBeLessThanOrEqual(1.0001e-4 * (4 / Math.sqrt(5)) * 1.03);
		expect(result.probabilities[0]).toBeCloseTo(1 / (1 + Math.exp(-4)), 5);
		expect(result.probabilities[1]).toBeCloseTo(0.5, 3);
		expect(result.gradients).toBe(1);
	});

	it('within limits it stays, and says where there is no other class', async () => {
		const scores = linear([[1, 0], [2, 0]], [-1, 0]); // prettier-ignore
		const inside = await found(way, scores, 2, [3, 1], { limits: [0, 5] });
		// Down to y = 0, then along the border: x = 1 is where the lead ends.
		expect(inside.end[1]).toBe(0);
		if (way === deepFool || inside.found) expect(inside.end[0]!).toBeLessThanOrEqual(1.03);
		const shut = await found(way, scores, 2, [3, 1], { limits: [2, 5] });
		expect(shut).toMatchObject({ from: 0, to: 0, found: false, tolerance: Infinity });
		shut.end.forEach((value) => expect(value).toBeGreaterThanOrEqual(2));
		const above = await found(way, linear([[-1, 0], [0, 0]], [4, 0]), 2, [1, 1], { limits: [0, 3] }); // prettier-ignore
		expect(above.found).toBe(false);
		expect(above.end[0]).toBe(3);
	});

	it('stops when told', async () => {
		const controller = new AbortController();
		controller.abort();
		const requested = found(way, linear([[1, 0]], [0, 0]), 2, [1], { signal: controller.signal });
		await expect(requested).rejects.toThrow('cancelled');
	});

	it('refuses one class, and a gradient of zero or without end', async () => {
		await expect(found(way, linear([[1]], [0]), 1, [1])).rejects.toThrow('one class only');
		await expect(found(way, linear([[1, 1]], [1, 0]), 2, [1])).rejects.toThrow('gradient is zero');
		const steep: Scores = (x) => tf.concat([tf.mul(x, Infinity), tf.zerosLike(x)], 1);
		await expect(found(way, steep, 2, [1])).rejects.toThrow('gradient is zero');
	});
});

describe('straight', () => {
	it('takes the first of several crossings', async () => {
		// The lead of class 0 is cos x, about 3: it is lost at π/2 + π and nearer, at π/2... from x = 0.3 going up.
		const waves: Scores = (x) => tf.concat([tf.mul(tf.cos(x), 2), tf.mul(tf.cos(x), -2)], 1);
		const { end, to, linear: first } = await found(alongGradient, waves, 2, [0.3]);
		expect(to).toBe(1);
		expect(end[0]!).toBeCloseTo(Math.PI / 2, 3);
		expect(first).toBeCloseTo(Math.cos(0.3) / Math.sin(0.3), 4);
	});

	it.each([
		[3.9, true],
		[100, true],
		[1000, true],
		[1030, false]
	])('goes on to 1,024 times the first order: a wall at %d', async (wall, there) => {
		// The lead is 1 - x / 1 at x = 0 to first order, and bends away: one far off is the wall.
		const bent: Scores = (x) => {
			const lead = tf.sub(tf.exp(tf.neg(x)), tf.mul(tf.cast(tf.greater(x, wall), 'float32'), 10));
			return tf.concat([lead, tf.zerosLike(x)], 1);
		};
		const result = await found(alongGradient, bent, 2, [0]);
		expect(result.found).toBe(there);
		if (there) {
			expect(result.end[0]!).toBeGreaterThan(wall);
			expect(result.end[0]! - wall).toBeLessThan(2e-4 * wall);
			expect(result.tolerance).toBeLessThan(1e-4 * wall);
		} else expect(result.end[0]!).toBeCloseTo(1024, 3);
		expect(result.margin).toBeCloseTo(1, 5);
		expect(result.linear).toBeCloseTo(1, 5);
	});

	it('a boundary right at the start is found in no distance', async () => {
		const { end, evaluations } = await found(alongGradient, linear([[0, 1]], [0, 0]), 2, [0]);
		expect(end[0]!).toBeGreaterThan(0);
		expect(end[0]!).toBeLessThan(1e-11);
		// No bracket that begins at nought is narrow: it is given up after thirty rounds of five.
		expect(evaluations).toBe(1 + 16 + 30 * 5 + 2);
	});

	it('asks in batches, and counts what it asks', async () => {
		let [turns, max] = [0, 0];
		const counted: Scores = (x) => {
			max = Math.max(max, x.shape[0]);
			return linear([[1, 0], [2, 0]], [-1, 0])(x); // prettier-ignore
		};
		const turn = <T>(job: () => Promise<T>) => (turns++, job());
		const result = await found(alongGradient, counted, 2, [3, 1], { batch: 3, turn });
		expect(max).toBe(3);
		// The start; 16 even steps, the last of which is on the boundary or short of it; the rest by rows of three; both ends.
		const narrowing = result.evaluations - 1 - 2;
		expect(narrowing % 3 === 16 % 3 || narrowing % 3 === 32 % 3).toBe(true);
		expect(turns).toBeGreaterThan(7);
		expect(result.evaluations).toBeLessThan(70);
	});
});

describe('DeepFool', () => {
	it('goes to the nearest of the boundaries, not to the runner-up’s', async () => {
		// Class 1 is second but slow; class 2 is third and steep: 3 / 4 away.
		const scores = linear([[0, 0.1, 4]], [3, 2.9, 0]);
		const result = await found(deepFool, scores, 3, [0]);
		expect(result).toMatchObject({ from: 0, to: 2, found: true });
		expect(result.margin).toBeCloseTo(3, 5);
		expect(result.linear).toBeCloseTo(0.75, 5);
		expect(result.end[0]!).toBeCloseTo(0.75, 3);
		expect(result.gradients).toBe(2);
	});

	it('looks at the ten likeliest classes', async () => {
		// Twelve classes: the last two would be nearest.
		const b = [13, ...Array.from({ length: 11 }, (_, k) => 11 - k)];
		const w = [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 100]];
		const result = await found(deepFool, linear(w, b), 12, [0]);
		// Class 10 has rank ten: 13 - 2 = 11, by 6.
		expect(result.linear).toBeCloseTo(11 / 6, 4);
		expect(result.gradients).toBe(10);
	});

	it('bends around a ring, and comes back on the straight way', async () => {
		// Class 0 within a radius of 2: the nearest point is outwards, and the linearised way overshoots less and less.
		const ring: Scores = (x) => {
			const out = tf.sub(tf.sum(tf.square(x), 1, true), 4);
			return tf.concat([tf.neg(out), out], 1);
		};
		const result = await found(deepFool, ring, 2, [0.6, 0.8]);
		expect(Math.hypot(...result.end)).toBeCloseTo(2, 3);
		expect(Math.hypot(...result.end)).toBeGreaterThanOrEqual(2 - 1e-6);
		expect(result.end[1]! / result.end[0]!).toBeCloseTo(4 / 3, 4);
		// To first order: (4 - 1) / (2 · 1), of scores 2 (4 - r²).
		expect(result.linear).toBeCloseTo(1.5, 4);
		expect(result.margin).toBeCloseTo(6, 4);
	});

	it('gives up after fifty steps', async () => {
		// The lead e^-x never ends: each step of 1.02 to first order leaves more than a third of it.
		const result = await found(deepFool, (x) => tf.concat([tf.exp(tf.neg(x)), tf.zerosLike(x)], 1), 2, [0]);
		expect(result).toMatchObject({ found: false, to: 0, gradients: 50, tolerance: Infinity });
		expect(result.end[0]!).toBeCloseTo(50 * 1.02, 2);
		expect(result.evaluations).toBe(1 + 50 + 2);
	});

	it('stops where the slope ends', async () => {
		const flat: Scores = (x) => tf.concat([tf.sub(2, tf.minimum(x, 1)), tf.zerosLike(x)], 1);
		const result = await found(deepFool, flat, 2, [0]);
		expect(result).toMatchObject({ found: false, gradients: 2 });
		expect(result.end[0]!).toBeCloseTo(2 * 1.02, 4);
	});
});
