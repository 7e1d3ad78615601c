import { expect, it } from 'vitest';
import type { RowState } from '#contracts/comparison.ts';
import { highest, linesOf } from '#views/compare/lines.ts';

const rows = (states: string) =>
	[...states].map((letter, i) => ({
		first: `a${i}`,
		second: i % 2 ? `B${i}` : null,
		type: i === 4 ? 'Dense' : 'Conv2D',
		state: ({ s: 'same', w: 'weights', a: 'added' } as Record<string, RowState>)[letter]!
	}));
const text = (lines: ReturnType<typeof linesOf>) =>
	lines
		.map((line) => (line.kind === 'row' ? String(line.row) : `${line.row}+${line.count}${line.open ? 'o' : ''}`))
		.join(' ');
const all = { states: new Set<RowState>(), search: '', unfolded: new Set<number>() };

it('runs of three and more are folded, and unfold', () => {
	expect(text(linesOf(rows('wsswsssswssss'), all))).toBe('0 1 2 3 4+4 8 9+4');
	expect(text(linesOf(rows('wsswsssswssss'), { ...all, unfolded: new Set([4]) }))).toBe('0 1 2 3 4+4o 4 5 6 7 8 9+4');
	expect(linesOf([], all)).toEqual([]);
});

it('whoever filters or searches sees every row that fits', () => {
	expect(text(linesOf(rows('ssssw'), { ...all, states: new Set<RowState>(['same']) }))).toBe('0 1 2 3');
	expect(text(linesOf(rows('ssssw'), { ...all, search: 'b3' }))).toBe('3');
	expect(text(linesOf(rows('ssssw'), { ...all, search: 'dense' }))).toBe('4');
	expect(text(linesOf(rows('ssssw'), { ...all, search: 'a', states: new Set<RowState>(['weights']) }))).toBe('4');
});

it('a thinned chart keeps what is furthest', () => {
	const points = Array.from({ length: 1000 }, (_, i) => ({ row: i, far: i === 333 ? 9 : i % 7 }));
	const thin = highest(points, 100);
	expect(thin).toHaveLength(100);
	expect(thin[33]).toEqual({ row: 333, far: 9 });
	expect(thin.every(({ row }, k) => row >= 10 * k && row < 10 * (k + 1))).toBe(true);
	expect(highest(points, 1000)).toBe(points);
});
