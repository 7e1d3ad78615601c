import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../close.ts';
import { useBackend } from '../tools/backends.ts';
import { labelsOf } from '../tools/labels-of.ts';
import { scoresOf, softmaxOf, type Linear } from '../tools/linear.ts';
import { distance, field, HEAD, LINEAR, now, opened, OTHERS, plane, unwrapped, valuesIn, X } from '../tools/slicing.ts';

/** The whole way of a slice in the worker, on models whose boundary is known. */

describe.each(['cpu', 'wasm'] as const)('slices on %s', (backend) => {
	let before = 0;
	beforeAll(() => useBackend(backend));
	beforeEach(() => {
		before = tf.memory().numTensors;
	});

	it('marks three rows where they are, with the model’s own answers', async () => {
		const { slices, session } = opened();
		const { marks, box, lengths, handle } = await plane(slices, { kind: 'three' }, OTHERS);
		const rows = [X, ...OTHERS];
		expect(marks[0]!.at).toEqual([0, 0]);
		expect(marks[1]!.at[0]).toBeCloseTo(distance(X, OTHERS[0]!), 6);
		expect(marks[1]!.at[1]).toBeCloseTo(0, 12);
		expect(lengths[0]).toBeCloseTo(distance(X, OTHERS[0]!), 6);
		expect(distance(marks[2]!.at, marks[1]!.at)).toBeCloseTo(distance(OTHERS[1]!, OTHERS[0]!), 6);
		rows.forEach((row, k) => {
			const own = softmaxOf(scoresOf(LINEAR, row));
			expect(marks[k]!.off).toBeLessThan(1e-7);
			expect(marks[k]!.label).toBe(own.indexOf(Math.max(...own)));
			expect(marks[k]!.probability).toBeCloseTo(Math.max(...own), 5);
			expect(marks[k]!.at[0] > box.x1[0] && marks[k]!.at[0] < box.x1[1]).toBe(true);
			expect(marks[k]!.at[1] > box.x2[0] && marks[k]!.at[1] < box.x2[1]).toBe(true);
		});
		// The class at each mark, by its coordinates alone, is the model's own.
		for (const [k, { at }] of marks.entries()) {
			const point = unwrapped(await slices.api.slicePoint(handle, HEAD, at, now));
			expectClose(
				{ data: point.probabilities },
				{ data: softmaxOf(scoresOf(LINEAR, rows[k]!)) },
				{ rtol: 1e-5, atol: 1e-6 }
			);
			expectClose({ data: point.values }, { data: rows[k]! }, { rtol: 1e-6, atol: 1e-6 });
		}
		slices.forget();
		session.dispose();
		expect(tf.memory().numTensors).toBe(before);
	});

	it('equals softmax of linear scores at every pixel', async () => {
		const { slices, fields } = opened();
		const { handle, box } = await plane(slices, { kind: 'features', first: 2, second: 0 });
		const side = 24;
		const report = await field(slices, handle, box, side);
		const expected = new Float32Array(3 * side * side);
		for (let y = 0; y < side; y++)
			for (let x = 0; x < side; x++) {
				const row = [...X];
				row[2] = box.x1[0] + ((x + 0.5) / side) * (box.x1[1] - box.x1[0]);
				row[0] = box.x2[1] - ((y + 0.5) / side) * (box.x2[1] - box.x2[0]);
				softmaxOf(scoresOf(LINEAR, row)).forEach((value, k) => (expected[(k * side + y) * side + x] = value));
			}
		expectClose({ data: valuesIn(fields, report) }, { data: expected }, { rtol: 1e-5, atol: 1e-6 });
		expect(report).toMatchObject({ classes: [0, 1, 2], evaluated: side * side, bound: 0, done: 1, count: 3 });
		expect(report.shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
		slices.forget();
	});

	it('refines to the same picture with fewer questions, under its stated bound', async () => {
		const { slices, fields } = opened();
		const { handle, box } = await plane(slices, { kind: 'random', seed: 3 });
		const wide = { x1: [box.x1[0] * 8, box.x1[1] * 8], x2: [box.x2[0] * 8, box.x2[1] * 8] } as const;
		const side = 192;
		const full = await field(slices, handle, wide, side);
		const fullLabels = labelsOf(valuesIn(fields, full), 3, side * side);
		const quick = await field(slices, handle, wide, side, true);
		const labels = labelsOf(valuesIn(fields, quick), 3, side * side);
		const wrong = labels.reduce((sum, label, i) => sum + Number(label !== fullLabels[i]), 0) / side ** 2;
		expect(full.shares.filter((share) => share > 0.02).length).toBeGreaterThan(1);
		expect(wrong).toBeLessThanOrEqual(quick.bound);
		expect(quick.bound).toBeLessThan(0.03);
		// Up to three rounds are checked, each of them with a third of the doubt.
		const left = 1 - (quick.evaluated - quick.checked) / side ** 2;
		expect([quick.wrong, quick.bound]).toEqual([0, expect.closeTo(left * (1 - (0.05 / 3) ** (1 / quick.checked)), 9)]);
		expect(quick.evaluated).toBeLessThan(full.evaluated / 2.5);
		expect(quick.pieces).toBe(full.pieces);
		slices.forget();
	});

	it('spans planes by gradients, noise and main directions', async () => {
		const { slices } = opened();
		// The gradient of a class's score is its column of W.
		const uphill = await plane(slices, { kind: 'gradient', unit: 2, seed: 5 });
		expect(uphill.lengths[0]).toBeCloseTo(Math.hypot(...LINEAR.w.map((row) => row[2]!)), 5);
		const two = await plane(slices, { kind: 'adversarial', units: [0, 1] });
		const [w0, w1] = [0, 1].map((k) => LINEAR.w.map((row) => row[k]!)) as [number[], number[]];
		expect(two.cosine).toBeCloseTo(
			w0.reduce((sum, value, i) => sum + value * w1[i]!, 0) / Math.hypot(...w0) / Math.hypot(...w1),
			5
		);
		const along = unwrapped(await slices.api.slicePoint(two.handle, HEAD, [2, 0], now));
		along.values.forEach((value, i) => expect(value).toBeCloseTo(X[i]! + (2 * w0[i]!) / Math.hypot(...w0), 5));
		// The same seed gives the same plane.
		const again = await plane(slices, { kind: 'random', seed: 8 });
		const there = unwrapped(await slices.api.slicePoint(again.handle, HEAD, [1, 1], now)).values;
		const once = await plane(slices, { kind: 'random', seed: 8 });
		expect(unwrapped(await slices.api.slicePoint(once.handle, HEAD, [1, 1], now)).values).toEqual(there);
		await expect(async () => slices.api.slicePoint(again.handle, HEAD, [0, 0], now)).rejects.toThrow('gone');
		slices.forget();
	});

	it('finds the two main directions of a set, and its variance', async () => {
		const { slices } = opened();
		// A cloud along (1, 1, 0, 0)/√2 with std 3, and along (0, 0, 1, 0) with 1.
		const set = [-3, -1, 1, 3].flatMap((a) =>
			[-1, 1].map((b) => ({ kind: 'values' as const, values: [a / Math.SQRT2, a / Math.SQRT2, b, 0.25] }))
		);
		const main = await plane(slices, { kind: 'pca', set });
		expect(main.explained![0]).toBeCloseTo(5 / 6, 6);
		expect(main.explained![1]).toBeCloseTo(1 / 6, 6);
		const there = unwrapped(await slices.api.slicePoint(main.handle, HEAD, [1, 0], now)).values;
		there.forEach((value, i) => expect(value - X[i]!).toBeCloseTo(i < 2 ? Math.SQRT1_2 : 0, 5));
		expect(main.set).toHaveLength(8);
		main.set.forEach(({ off }) => expect(off).toBeCloseTo(Math.hypot((X[0]! - X[1]!) / Math.SQRT2, X[3]! - 0.25), 5));
		slices.forget();
	});

	it('asks the model of a set’s members and of their feet', async () => {
		const { slices, session } = opened();
		const rows = Array.from({ length: 30 }, (_, i) => [0, 1, 2, 3].map((k) => 2 * Math.sin(7 * i + 3 * k * k)));
		const set = rows.map((values) => ({ kind: 'values' as const, values }));
		const main = await plane(slices, { kind: 'pca', set });
		const { labels, planeLabels } = unwrapped(await slices.api.sliceSet(main.handle, HEAD, now));
		const best = (values: ArrayLike<number>) => Array.from(values).indexOf(Math.max(...Array.from(values)));
		expect(labels).toEqual(rows.map((row) => best(scoresOf(LINEAR, row))));
		for (const [i, { at }] of main.set.entries())
			expect(planeLabels[i]).toBe(
				best(unwrapped(await slices.api.slicePoint(main.handle, HEAD, at, now)).probabilities)
			);
		// Some stand on another class's ground: that is what the check is for.
		const backed = labels.filter((label, i) => label === planeLabels[i]).length;
		expect(backed).toBeGreaterThan(5);
		expect(backed).toBeLessThan(30);
		slices.forget();
		session.dispose();
		expect(tf.memory().numTensors).toBe(before);
	});

	it.each([
		['integers', LINEAR, 'Softmax', 'int32', 'integers'],
		['two equal rows', LINEAR, 'Softmax', 'float32', 'the same'],
		['a value', { w: LINEAR.w.map(([first]) => [first!]), b: [0] }, '', 'float32', 'a value, not a class']
	] as const)('says why not: %s', async (_, linear, ending, dtype, sentence) => {
		const { slices, session } = opened(linear, ending, dtype);
		const same = [{ kind: 'current' }, { kind: 'current' }, { kind: 'values', values: OTHERS[0]! }] as const;
		const head = { output: session.heads[0]!.output, unit: 0 };
		const slice = async () => slices.api.slicePlane({ head, inputs: same, plane: { kind: 'three' } }, now);
		await expect(slice).rejects.toThrow(sentence);
	});

	it('compares pictures of the same points by the share of equal classes', async () => {
		const { slices, replace } = opened();
		const at = async () => plane(slices, { kind: 'random', seed: 3 });
		const box = { x1: [-9, 9], x2: [-9, 9] } as const;
		const first = await at();
		expect((await field(slices, first.handle, box, 32)).agreement).toBeNull();
		await slices.api.sliceKeep(true, now);
		expect((await field(slices, first.handle, box, 32)).agreement).toBe(1);
		expect((await field(slices, first.handle, { ...box, x1: [-8, 9] }, 32)).agreement).toBeNull();
		// The last two classes change places: what was neither of them stays.
		replace(
			opened({ w: LINEAR.w.map(([a, b, c]) => [a!, c!, b!]), b: [LINEAR.b[0]!, LINEAR.b[2]!, LINEAR.b[1]!] }).session
		);
		const swapped = await field(slices, (await at()).handle, box, 32);
		expect(swapped.agreement).toBeCloseTo(swapped.shares[0]!, 12);
		expect(swapped.agreement).toBeLessThan(1);
		await slices.api.sliceKeep(false, now);
		expect((await field(slices, (await at()).handle, box, 32)).agreement).toBeNull();
		slices.forget();
	});

	it('counts pieces and agreement by all twelve classes, not by the eight that are drawn', async () => {
		// Wedges about the middle: class k wins where the point lies its way.
		const angles = Array.from({ length: 12 }, (_, k) => (2 * Math.PI * k) / 12 + (k < 5 ? 0.1 : 0.02));
		const wedges: Linear = { w: [angles.map(Math.cos), angles.map(Math.sin)], b: angles.map(() => 0) };
		const { slices, replace } = opened(wedges);
		const box = { x1: [-9, 9], x2: [-9, 9] } as const;
		const at = async () => plane(slices, { kind: 'features', first: 0, second: 1 });
		const side = 96;
		const winner = (x: number, y: number) => {
			const scores = scoresOf(wedges, [-9 + ((x + 0.5) * 18) / side, 9 - ((y + 0.5) * 18) / side]);
			return scores.indexOf(Math.max(...scores));
		};
		const areas = angles.map(() => 0);
		for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) areas[winner(x, y)]! += 1 / side ** 2;
		const full = await field(slices, (await at()).handle, box, side);
		expect(full.classes).toHaveLength(8);
		expect(full.pieces).toBe(12);
		const named = full.classes.filter((k) => k >= 0);
		const others = angles.map((_, k) => k).filter((k) => !named.includes(k));
		full.shares.forEach((share, plane) => {
			const k = full.classes[plane]!;
			const own = k >= 0 ? areas[k]! : others.reduce((sum, other) => sum + areas[other]!, 0);
			expect(share).toBeCloseTo(own, 3);
		});
		await slices.api.sliceKeep(true, now);
		// Two of the classes without a plane change places: only where they were, the answer is another.
		const [a, b] = others as [number, number];
		const swap = (row: readonly number[]) => row.map((value, k) => (k === a ? row[b]! : k === b ? row[a]! : value));
		replace(opened({ w: wedges.w.map(swap), b: wedges.b }).session);
		const swapped = await field(slices, (await at()).handle, box, side);
		expect(swapped.pieces).toBe(12);
		expect(swapped.agreement).toBeCloseTo(1 - areas[a]! - areas[b]!, 3);
		const quick = await field(slices, (await at()).handle, box, side, true);
		expect(quick.pieces).toBe(12);
		expect(quick.agreement).toBeCloseTo(1 - areas[a]! - areas[b]!, 2);
		slices.forget();
	});

	it('lets a plane go with its model', async () => {
		const { slices, replace } = opened();
		const { handle, box } = await plane(slices, { kind: 'random', seed: 1 });
		replace(opened().session);
		await expect(field(slices, handle, box)).rejects.toThrow('gone');
	});

	it('keeps the newer plane when an older one comes late', async () => {
		const { slices } = opened();
		const controller = new AbortController();
		const request = { head: HEAD, inputs: [{ kind: 'current' } as const], plane: { kind: 'random', seed: 1 } as const };
		const older = slices.api.slicePlane(request, { ...now, signal: controller.signal });
		controller.abort();
		const newer = await plane(slices, { kind: 'random', seed: 2 });
		await expect(older).rejects.toThrow('cancelled');
		expect(unwrapped(await slices.api.slicePoint(newer.handle, HEAD, [0, 0], now)).label).toBe(newer.marks[0]!.label);
		slices.forget();
	});

	it('stops between two batches', async () => {
		const { slices } = opened();
		const { handle, box } = await plane(slices, { kind: 'random', seed: 1 });
		const controller = new AbortController();
		const run = slices.api.sliceField(
			{ plane: handle, head: HEAD, box, width: 256, height: 256, adaptive: false },
			'x',
			{ signal: controller.signal, progress: () => controller.abort() }
		);
		await expect(run).rejects.toThrow('cancelled');
		slices.forget();
	});
});
