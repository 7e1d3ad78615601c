import { describe, expect, it } from 'vitest';
import { best, cellSpreads, ranking, spreadOf } from '#maths/playground/grid-results.ts';
import type { Metrics } from '#maths/playground/spec.ts';

const near = (value: number): number => expect.closeTo(value, 12) as number;
const metrics = (loss: number, accuracy: number): Metrics => ({
	step: 1,
	epoch: 1,
	rate: 1,
	train: { loss: 2 * loss, accuracy: 1 },
	test: { loss, accuracy }
});

describe('what a grid came to', () => {
	it('is a mean and a standard deviation of a sample; what is no number is counted, not averaged', () => {
		expect(spreadOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({
			...{ mean: 5, low: 2, high: 9, lost: 0 },
			std: near(Math.sqrt(32 / 7))
		});
		expect(spreadOf([1, NaN, 3])).toEqual({ mean: 2, std: near(Math.SQRT2), low: 1, high: 3, lost: 1 });
		expect(spreadOf([0.5])).toMatchObject({ mean: 0.5, std: 0 });
		expect(spreadOf([NaN, Infinity])).toEqual({ mean: NaN, std: NaN, low: NaN, high: NaN, lost: 2 });
	});

	it('takes the seeds of a cell together, in each figure', () => {
		const all = [metrics(1, 0.5), metrics(3, 0.7), metrics(0.1, 1), metrics(0.3, 0.9)];
		expect(cellSpreads(all, 2, 'test-loss').map(({ mean }) => mean)).toEqual([2, near(0.2)]);
		expect(cellSpreads(all, 2, 'train-loss').map(({ mean }) => mean)).toEqual([4, near(0.4)]);
		expect(cellSpreads(all, 2, 'test-accuracy').map(({ mean }) => mean)).toEqual([near(0.6), near(0.95)]);
		expect(cellSpreads(all, 1, 'test-loss')).toHaveLength(4);
	});

	it('ranks lost seeds behind all others, and tells what chance may have decided', () => {
		const spreads = [
			[0.4, 0.6],
			[0.1, NaN],
			[0.3, 0.5],
			[NaN, NaN],
			[2, 2]
		].map(spreadOf);
		expect(ranking(spreads, false)).toEqual([2, 0, 4, 1, 3]);
		expect(ranking(spreads, true)).toEqual([4, 0, 2, 1, 3]);
		// Of equals the first comes first, whatever comes between them.
		const equal = [
			[1, 1],
			[0, 0],
			[1, 1],
			[1, NaN],
			[1, 1],
			[NaN, NaN],
			[NaN, NaN]
		].map(spreadOf);
		expect(ranking(equal, false)).toEqual([1, 0, 2, 4, 3, 5, 6]);
		expect(ranking(equal, true)).toEqual([0, 2, 4, 1, 3, 5, 6]);
		expect(best(spreads, false)).toEqual({ first: 2, close: new Set([0]) });
		expect(best(spreads, true)).toEqual({ first: 4, close: new Set() });
		expect(best([spreadOf([NaN])], false).first).toBeNull();
		expect(best([], false).first).toBeNull();
	});
});
