import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SliceStep } from '#contracts/slices.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../close.ts';
import { useBackend } from '../tools/backends.ts';
import { scoresOf, softmaxOf, type Linear } from '../tools/linear.ts';
import { distance, HEAD, LINEAR, now, opened, OTHERS, plane, unwrapped, X } from '../tools/slicing.ts';

/** The smallest steps to another class, and ways through a plane, on models whose boundary is known. */

describe.each(['cpu', 'wasm'] as const)('steps and ways on %s', (backend) => {
	let before = 0;
	beforeAll(() => useBackend(backend));
	beforeEach(() => {
		before = tf.memory().numTensors;
	});

	it('finds a linear boundary at margin / |w|, both ways', async () => {
		const { slices, session } = opened();
		const scores = scoresOf(LINEAR, X);
		const order = [0, 1, 2].sort((a, b) => scores[b]! - scores[a]!);
		const far = (k: number) => {
			const w = LINEAR.w.map((row) => row[order[0]!]! - row[k]!);
			return (scores[order[0]!]! - scores[k]!) / Math.hypot(...w);
		};
		const ask = async (way: SliceStep['way']) =>
			unwrapped(
				await slices.api.sliceStep({ head: HEAD, input: { kind: 'current' }, way, clip: false, plane: null }, now)
			) as SliceStep;
		const line = await ask('line');
		expect(line).toMatchObject({ from: order[0], to: order[1], found: true });
		expect(line.margin).toBeCloseTo(scores[order[0]!]! - scores[order[1]!]!, 5);
		expect(line.linear / far(order[1]!)).toBeCloseTo(1, 5);
		expect(line.l2 / far(order[1]!)).toBeCloseTo(1, 3);
		expect(line.l2).toBeGreaterThanOrEqual(far(order[1]!) * (1 - 1e-5));
		expect(line.tolerance).toBeLessThanOrEqual(1.01e-4 * line.l2);
		// The step is along w, and its figures are its own.
		const w = LINEAR.w.map((row) => row[order[1]!]! - row[order[0]!]!);
		line.values.forEach((value, i) => expect(value / line.l2).toBeCloseTo(w[i]! / Math.hypot(...w), 4));
		expect(line.maxAbs).toBeCloseTo(Math.max(...line.values.map(Math.abs)), 12);
		expect(line.rms).toBeCloseTo(line.l2 / 2, 12);
		// DeepFool goes to the nearest of all boundaries.
		const fool = await ask('deepfool');
		const nearest = Math.min(far(order[1]!), far(order[2]!));
		expect(fool.l2 / nearest).toBeCloseTo(1, 3);
		expect(fool.found).toBe(true);
		slices.forget();
		session.dispose();
		expect(tf.memory().numTensors).toBe(before);
	});

	it('gives lead and slope of one rival where the nearest is not the runner-up', async () => {
		// Class 1 comes second but its lead grows slowly; class 2 is further behind and across a steep slope.
		const steep: Linear = {
			w: [
				[0, 0.1, 4],
				[0, 0, 3]
			],
			b: [2, 1.5, -5]
		};
		const { slices, session } = opened(steep);
		const request = {
			head: HEAD,
			input: { kind: 'current' } as const,
			way: 'deepfool' as const,
			clip: false,
			plane: null
		};
		const step = unwrapped(await slices.api.sliceStep(request, now)) as SliceStep;
		const scores = scoresOf(steep, X.slice(0, 2));
		expect(scores[1]!).toBeGreaterThan(scores[2]!);
		const lead = scores[0]! - scores[2]!;
		expect(step).toMatchObject({ from: 0, to: 2, found: true });
		expect(step.margin / lead).toBeCloseTo(1, 5);
		expect(step.linear / (lead / 5)).toBeCloseTo(1, 5);
		expect(step.margin / step.linear).toBeCloseTo(5, 4);
		slices.forget();
		session.dispose();
	});

	it.each(['line', 'deepfool'] as const)(
		'says that no direction leads away where the gradient is zero: %s',
		async (way) => {
			const { slices, session } = opened({ w: LINEAR.w.map(() => [1, 1, 1]), b: [1, 0, 0] });
			const request = { head: HEAD, input: { kind: 'current' } as const, way, clip: false, plane: null };
			await expect(async () => slices.api.sliceStep(request, now)).rejects.toThrow('gradient is zero');
			slices.forget();
			session.dispose();
		}
	);

	it('follows the straight way of Integrated Gradients, and says how far it is from the plane', async () => {
		const { slices } = opened();
		const inside = await plane(slices, { kind: 'path', baseline: 'black', unit: 0, beside: 'gradient', seed: 1 });
		const path = unwrapped(await slices.api.slicePath(inside.handle, HEAD, 'black', 1, 11, now));
		expect(path.off[0] + path.off[1]).toBeLessThan(1e-6);
		expect(distance(path.to, [0, 0])).toBeLessThan(1e-7);
		expect(path.from[0]).toBeCloseTo(Math.hypot(...X), 6);
		path.probabilities.forEach((probability, i) => {
			const row = X.map((value) => (value * i) / 10);
			expect(probability).toBeCloseTo(softmaxOf(scoresOf(LINEAR, row))[1]!, 5);
		});
		const other = await plane(slices, { kind: 'features', first: 0, second: 1 });
		const projected = unwrapped(await slices.api.slicePath(other.handle, HEAD, 'black', 1, 3, now));
		expect(projected.off[0]).toBeCloseTo(Math.hypot(X[2]!, X[3]!), 6);
		expect(projected.off[1]).toBeLessThan(1e-7);
		expect(projected.to).toEqual([Math.fround(X[0]!), Math.fround(X[1]!)]);
		slices.forget();
	});

	it('varies one feature, alone and on the mean over rows', async () => {
		const { slices } = opened();
		const request = { head: HEAD, feature: 1, range: [-2, 2] as const, steps: 5, rows: OTHERS };
		const partial = unwrapped(await slices.api.slicePartial(request, now));
		const expected = (row: readonly number[], value: number) =>
			softmaxOf(
				scoresOf(
					LINEAR,
					row.map((old, i) => (i === 1 ? value : old))
				)
			);
		expect(partial.at).toEqual([-2, -1, 0, 1, 2]);
		partial.at.forEach((value, i) => {
			expectClose({ data: partial.own[i]! }, { data: expected(X, value) }, { rtol: 1e-5, atol: 1e-6 });
			const both = OTHERS.map((row) => expected(row, value));
			expectClose(
				{ data: partial.mean![i]! },
				{ data: both[0]!.map((p, k) => (p + both[1]![k]!) / 2) },
				{ rtol: 1e-5, atol: 1e-6 }
			);
		});
	});

	it('asks a yes-or-no output for its half', async () => {
		const binary: Linear = { w: [[2], [-1]], b: [0.5] };
		const { slices } = opened(binary, 'Sigmoid');
		const step = unwrapped(
			await slices.api.sliceStep({ head: HEAD, input: { kind: 'current' }, way: 'line', clip: false, plane: null }, now)
		) as SliceStep;
		const score = 2 * X[0]! - X[1]! + 0.5;
		expect(step).toMatchObject({ from: 1, to: 0, found: true });
		expect(step.l2 / (score / Math.sqrt(5))).toBeCloseTo(1, 3);
		expect(step.probabilities[1]).toBeCloseTo(0.5, 3);
	});
});
