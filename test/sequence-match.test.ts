import { describe, expect, it } from 'vitest';
import { commonSubsequence, increasing } from '#maths/sequence-match.ts';
import { processorTime } from './tools/processor-time.ts';

/** The length of the longest common subsequence by the table of all prefixes. */
function longest(a: readonly number[], b: readonly number[]): number {
	let row = new Array<number>(b.length + 1).fill(0);
	for (const x of a) {
		const next = [0];
		b.forEach((y, j) => next.push(x === y ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!)));
		row = next;
	}
	return row.at(-1)!;
}

/** A small seeded generator, so that a failure comes again. */
function random(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (Math.imul(state, 1103515245) + 12345) >>> 0;
		return (state >>> 8) % below;
	};
}

describe('common subsequences', () => {
	it('are common, rise, and are the longest where nothing is unique', () => {
		for (let seed = 1; seed <= 200; seed++) {
			const next = random(seed);
			const letters = 2 + next(3);
			const draw = (n: number) => Array.from({ length: n }, () => next(letters));
			const [a, b] = [draw(8 + next(30)), draw(8 + next(30))];
			const pairs = commonSubsequence(a, b);
			pairs.forEach(([i, j], k) => {
				expect(a[i]).toBe(b[j]);
				if (k) expect(i > pairs[k - 1]![0] && j > pairs[k - 1]![1]).toBe(true);
			});
			const repeated = (list: number[]) => list.every((x) => list.filter((y) => y === x).length > 1);
			if (repeated(a) && repeated(b)) expect(pairs.length, `seed ${seed}`).toBe(longest(a, b));
			expect(pairs.length).toBeLessThanOrEqual(longest(a, b));
		}
	});

	it('take what occurs once as anchors', () => {
		// The longest would be 1 2 1 2; the unique 9 says what belongs together.
		expect(commonSubsequence([9, 1, 2, 1, 2], [1, 2, 1, 2, 9])).toEqual([[0, 4]]);
	});

	it('end soon on long sequences that have little in common', () => {
		const next = random(7);
		const a = Array.from({ length: 20_000 }, () => next(2));
		const b = Array.from({ length: 20_000 }, () => 2 + next(2));
		expect(processorTime(() => expect(commonSubsequence(a, b)).toEqual([]))).toBeLessThan(3000);
	});

	it('of empty ones are empty', () => {
		expect(commonSubsequence([], [1])).toEqual([]);
		expect(commonSubsequence([1, 2], [])).toEqual([]);
	});
});

it('a rising chain is the longest there is', () => {
	const pairs = [5, 1, 4, 2, 3, 0, 6].map((second, first) => [first, second] as const);
	expect(increasing(pairs).map(([, second]) => second)).toEqual([1, 2, 3, 6]);
	expect(increasing([])).toEqual([]);
});
