import { expect, it } from 'vitest';
import { topK } from '#maths/top-k.ts';
import { membersOf } from '#maths/members.ts';
import { fastStream } from '#maths/random.ts';
import { processorTime } from '../tools/processor-time.ts';

const { uniform, below } = fastStream(6, 'layout');
function sorted(values: Float32Array, count: number): number[] {
	return [...values.keys()]
		.filter((i) => Number.isFinite(values[i]))
		.sort((a, b) => values[b]! - values[a]! || a - b)
		.slice(0, count)
		.sort((a, b) => a - b);
}

it.each([
	['spread', () => uniform()],
	['of few steps', () => below(5) / 4],
	['all the same', () => 0.5],
	['with holes', () => (uniform() < 0.3 ? NaN : uniform())],
	['far apart', () => Math.exp(40 * uniform())]
])('the largest of values %s are those of a sort', (_, make) => {
	const values = Float32Array.from({ length: 700 }, make);
	for (const count of [0, 1, 35, 699, 900]) expect([...topK(values, count)]).toEqual(sorted(values, count));
});

it('a million take no time that would be seen', () => {
	const values = Float32Array.from({ length: 1_000_000 }, (_, i) => (i % 16) / 15);
	const times = Array.from({ length: 3 }, () => processorTime(() => expect(topK(values, 50_000)).toHaveLength(50_000)));
	expect(Math.min(...times)).toBeLessThan(60);
});

it('members of a code', () => {
	expect([...membersOf(Int32Array.of(2, 0, 2, -1, 2), 2)]).toEqual([0, 2, 4]);
	expect(membersOf(Int32Array.of(2), 7)).toHaveLength(0);
});
