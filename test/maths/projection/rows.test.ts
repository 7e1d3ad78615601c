import { describe, expect, it } from 'vitest';
import { Drawn, NearLists } from '#maths/projection/acquaintances.ts';
import { neighboursFor } from '#maths/projection/affinities.ts';
import { nearestOf } from '#maths/projection/exact-neighbours.ts';
import { GROUP, PlainLocalJoin } from '#maths/projection/local-join.ts';
import { FidelityTally, soundK } from '#maths/projection/quality.ts';
import { projected, randomAxes } from '#maths/projection/random-axes.ts';
import { fastStream, sample } from '#maths/random.ts';
import { between, comparable, finish, finished, firstBroken, within, type Job } from '#maths/projection/rows.ts';
import { randomStart, scaledStart } from '#maths/projection/start.ts';
import { tsneMomentum, tsneRate } from '#maths/projection/tsne-layout.ts';
import { expectClose } from '../../close.ts';
import { hash01 } from '../../tools/hash01.ts';

describe('numbers in sequence', () => {
	it('are Marsaglia’s xorshift from a hash, as an independent program has it', () => {
		const bits = (seed: number, use: Parameters<typeof fastStream>[1], part?: number, n = 1) => {
			const stream = fastStream(seed, use, part);
			return Array.from({ length: n }, () => stream.bits());
		};
		expect(bits(3, 'layout', 0, 4)).toEqual([2116758886, 1803285509, 2861597176, 4015278415]);
		expect(bits(3, 'layout', 2, 2)).toEqual([3946216197, 2928667886]);
		const uses = ['trees', 'descent', 'start', 'axes', 'layout', 'sample', 'triplets', 'spectrum'] as const;
		expect(uses.map((use) => bits(1, use)[0])).toEqual([
			...[3680994286, 2446238566, 1763380725, 3849834616],
			...[1692773373, 3365689139, 1922989158, 959254921]
		]);
		const { below } = fastStream(3, 'layout');
		expect(Array.from({ length: 5 }, () => below(10))).toEqual([4, 4, 6, 9, 6]);
		expect(fastStream(3, 'layout').uniform()).toBeCloseTo(0.4928463399410248, 15);
		expect(fastStream(3, 'layout').normal()).toBeCloseTo(-1.0419385008281214, 12);
	});
	it('choose different rows, or all', () => {
		expect([...sample(20, 6, 5)]).toEqual([0, 5, 7, 13, 17, 18]);
		expect([...sample(3, 3, 5)]).toEqual([0, 1, 2]);
		expect([...sample(3, 9, 5)]).toEqual([0, 1, 2]);
		const often = new Float64Array(10);
		for (let seed = 0; seed < 2000; seed++) for (const i of sample(10, 3, seed)) often[i]! += 1 / 600;
		expect(Math.max(...often.map((v) => Math.abs(v - 1)))).toBeLessThan(0.15);
	});
});

describe('rows', () => {
	const values = Float32Array.from({ length: 3 * 70 }, (_, i) => 4 * hash01(8, i) - 2);
	it('lie apart by squares or by absolute differences, and no more is added up than is wanted', () => {
		for (const width of [1, 4, 31, 32, 33, 64, 70]) {
			const rows = { values, count: 3, width };
			const sum = (f: (d: number) => number) =>
				Array.from({ length: width }, (_, c) => f(values[width + c]! - values[2 * width + c]!)).reduce((a, b) => a + b);
			const [squared, plain] = [comparable(rows, 'euclidean'), comparable(rows, 'manhattan')];
			expect(between(squared, 1, rows, 2)).toBeCloseTo(
				sum((d) => d * d),
				5
			);
			expect(between(plain, 1, rows, 2)).toBeCloseTo(sum(Math.abs), 5);
			const cut = between(squared, 1, rows, 2, 1);
			expect(cut).toBeGreaterThan(Math.min(1, sum((d) => d * d) - 1e-9));
			if (width === 70) expect(cut).toBeLessThan(between(squared, 1, rows, 2));
		}
	});
	it('have a distance of the metric', () => {
		expect([
			finished('euclidean', 9),
			finished('manhattan', 9),
			finished('cosine', 1),
			finished('correlation', 1)
		]).toEqual([3, 9, 0.5, 0.5]);
		const unit = comparable({ values: Float32Array.of(3, 4, 0, 0, 1, 1), count: 3, width: 2 }, 'cosine');
		expect([unit.width, unit.squared, unit.metric]).toEqual([3, true, 'cosine']);
		expectClose({ data: unit.values }, { data: [0.6, 0.8, 0, 0, 0, 1, Math.SQRT1_2, Math.SQRT1_2, 0] }, { atol: 1e-7 });
		const centred = comparable({ values: Float32Array.of(1, 2, 3, 7, 7, 7), count: 2, width: 3 }, 'correlation');
		expectClose({ data: centred.values }, { data: [-Math.SQRT1_2, 0, Math.SQRT1_2, 0, 0, 0, 0, 1] }, { atol: 1e-7 });
	});
	it('are named where they hold what is no number', () => {
		expect(firstBroken({ values: Float32Array.of(1, 2, 3, 4, Infinity, NaN), count: 3, width: 2 })).toBe(2);
		expect(firstBroken({ values: Float32Array.of(1, 2), count: 1, width: 2 })).toBe(-1);
	});
	it('that are asked for are not their own neighbours; others may be', () => {
		const rows = comparable({ values: Float32Array.of(0, 1, 3), count: 3, width: 1 }, 'euclidean');
		const own = finish(nearestOf(rows, Int32Array.of(1), 5));
		expect([own.k, [...own.indices], [...own.distances]]).toEqual([2, [0, 2], [1, 2]]);
		const other = finish(
			nearestOf(rows, comparable({ values: Float32Array.of(1), count: 1, width: 1 }, 'euclidean'), 5)
		);
		expect([other.k, [...other.indices], [...other.distances]]).toEqual([3, [1, 0, 2], [0, 1, 2]]);
	});
	it('are projected onto axes that keep lengths, about a mean', () => {
		const axes = Float32Array.of(1, 2, 0, 1, 1, 0);
		const rows = { values: Float32Array.of(1, 2, 3, 0, 5, 0), count: 2, width: 3 };
		expect([...finish(projected(rows, axes, 2))]).toEqual([4, 4, 0, 5]);
		expect([...finish(projected(rows, axes, 2, Float64Array.of(1, 1, 0)))]).toEqual([3, 1, -1, 2]);
		const drawn = randomAxes(400, 9, 3);
		expect(drawn).toHaveLength(3600);
		expect(drawn.reduce((sum, v) => sum + v * v, 0) / 400).toBeCloseTo(1, 1);
	});
});

describe('jobs', () => {
	it('within another count from where to where', () => {
		const job = function* (): Job<string> {
			yield { done: 0 };
			yield { done: 0.5, positions: new Float32Array(1) };
			return 'end';
		};
		const steps = within(job(), 0.2, 0.6);
		expect(steps.next().value).toEqual({ done: 0.2 });
		expect(steps.next().value).toEqual({ done: expect.closeTo(0.4, 12) as number, positions: new Float32Array(1) });
		expect(steps.next()).toEqual({ done: true, value: 'end' });
		expect(finish(job())).toBe('end');
	});
});

describe('acquaintances', () => {
	it('are kept nearest first, each once, and their bound with them', () => {
		const bounds = new Float32Array(2).fill(Infinity);
		const lists = new NearLists(2, 3, bounds);
		const offers = [
			[5, 10],
			[2, 11],
			[5, 12],
			[5, 10],
			[2, 11],
			[9, 13],
			[3, 14],
			[5, 15]
		] as const;
		expect(offers.map(([sum, i]) => lists.offer(1, sum, i))).toEqual([1, 1, 1, 0, 0, 0, 1, 0]);
		expect([...lists.indices.subarray(3)]).toEqual([11, 14, 10]);
		expect([...lists.sums.subarray(3)]).toEqual([2, 3, 5]);
		expect([...bounds]).toEqual([Infinity, 5]);
		lists.fresh[3] = 0;
		lists.offer(1, 1, 20);
		expect([...lists.fresh]).toEqual([0, 0, 0, 1, 0, 1]);
		expect([...lists.indices.subarray(0, 3)]).toEqual([-1, -1, -1]);
	});
	it('are drawn by priority, each once, as many as there is room for', () => {
		const drawn = new Drawn(2, 3);
		for (const [row, priority] of [
			[7, 50],
			[8, 20],
			[7, 10],
			[9, 60],
			[6, 30],
			[5, 60],
			[6, 1]
		] as const)
			drawn.offer(1, row, priority);
		expect([...drawn.rows.subarray(3)]).toEqual([8, 6, 7]);
		expect([...drawn.sizes]).toEqual([0, 3]);
		expect([8, 9, 5, 7].map((row) => drawn.has(1, row))).toEqual([true, false, false, true]);
		expect(drawn.has(0, 0)).toBe(false);
	});
	it('meet in groups: the new ones each other and the rest, and who undercuts a bound is told', () => {
		const rows = comparable({ values: Float32Array.of(0, 1, 3, 7), count: 4, width: 1 }, 'euclidean');
		const localJoin = new PlainLocalJoin(rows);
		localJoin.list.set([0, 2, 1, 2]);
		const pairs = (count: number) =>
			Array.from({ length: count }, (_, n) => [
				localJoin.reported[3 * n],
				localJoin.reported[3 * n + 1],
				localJoin.sums[3 * n + 2]
			]);
		expect(pairs(localJoin.meet(2, 4))).toEqual([
			[0, 2, 9],
			[0, 1, 1],
			[0, 2, 9],
			[2, 1, 4]
		]);
		localJoin.bounds.fill(4);
		expect(pairs(localJoin.meet(2, 4))).toEqual([[0, 1, 1]]);
		localJoin.bounds[2] = 5;
		expect(pairs(localJoin.meet(2, 3))).toEqual([
			[0, 1, 1],
			[2, 1, 4]
		]);
		expect([localJoin.count, localJoin.list.length, localJoin.width]).toEqual([4, GROUP, 1]);
		finish(localJoin.reorder(Int32Array.of(3, 0, 1, 2)));
		expect([...localJoin.row(0), ...localJoin.row(3)]).toEqual([7, 3]);
		const out = new Float32Array(2);
		localJoin.products(Int32Array.of(9, 0, 2), 1, 3, Float32Array.of(2), out);
		expect([...out]).toEqual([14, 2]);
	});
});

describe('where layouts begin, and how fast', () => {
	it('is within ten of the middle', () => {
		const start = randomStart(2000, 2, 1);
		expect([Math.min(...start), Math.max(...start)].map(Math.round)).toEqual([-10, 10]);
		expect(Math.abs(start.reduce((a, b) => a + b) / 4000)).toBeLessThan(0.3);
		expect(randomStart(3, 2, 1)).toEqual(randomStart(3, 2, 1));
		expect(randomStart(3, 2, 1)).not.toEqual(randomStart(3, 2, 2));
	});
	it('is centred and scaled, with a thousandth of noise', () => {
		const scaled = scaledStart(Float32Array.of(1, 10, 3, 10, 8, 10), 2, 1);
		// Means 4 and 10; the farthest is 4 away.
		expectClose({ data: scaled }, { data: [-7.5, 0, -2.5, 0, 10, 0] }, { atol: 5e-3 });
		expect(scaled[1]).not.toBe(0);
		const same = scaledStart(new Float32Array(4000).fill(3), 2, 1);
		expect(Math.sqrt(same.reduce((sum, v) => sum + v * v, 0) / 4000)).toBeCloseTo(1e-3, 4);
	});
	it('is as openTSNE and scikit-learn have it', () => {
		expect([tsneRate(100, 12), tsneRate(48_000, 12), tsneRate(48_000, 24)]).toEqual([50, 1000, 500]);
		expect([tsneMomentum(0, 10), tsneMomentum(9, 10), tsneMomentum(10, 10)]).toEqual([0.5, 0.5, 0.8]);
		expect([neighboursFor(30, 1000), neighboursFor(5.1, 1000), neighboursFor(30, 50), neighboursFor(30, 1)]).toEqual([
			90, 16, 49, 1
		]);
		expect([soundK(15, 4), soundK(15, 3), soundK(2, 100), soundK(15, 33)]).toEqual([1, 1, 2, 15]);
	});
});

it('no claim is made of a map of too few rows', () => {
	const tally = new FidelityTally(Float32Array.of(0, 0, 1, 0, 2, 0, 3, 0), 2, 2, 4);
	expect(tally.result()).toEqual({ trustworthiness: NaN, continuity: NaN, overlap: NaN, triplets: NaN, sampled: 0 });
	tally.add(0, Float32Array.of(0, 1, 2, 3));
	const few = tally.result();
	expect(few).toMatchObject({ overlap: 1, triplets: 1, sampled: 1, trustworthiness: 1 });
	const three = new FidelityTally(Float32Array.of(0, 0, 1, 0, 2, 0), 2, 2, 3);
	three.add(0, Float32Array.of(0, 1, 2));
	expect(three.result().trustworthiness).toBeNaN();
});
