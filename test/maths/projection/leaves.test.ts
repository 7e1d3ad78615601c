import { expect, it } from 'vitest';
import { randomLeaves } from '#maths/projection/leaves.ts';
import { PlainLocalJoin } from '#maths/projection/local-join.ts';
import { fastStream, type Random } from '#maths/random.ts';
import { comparable, finish } from '#maths/projection/rows.ts';
import { hash01 } from '../../tools/hash01.ts';

/** Dasgupta & Freund's tree written down as it is said: by recursion, the side of a row by its distances to the two. */
function split(points: readonly number[][], rows: readonly number[], size: number, { below }: Random): number[][] {
	if (rows.length <= size) return [[...rows]];
	const [a, b] = [points[rows[below(rows.length)]!]!, points[rows[below(rows.length)]!]!];
	const far = (row: number, from: readonly number[]) =>
		points[row]!.reduce((sum, value, c) => sum + (value - from[c]!) ** 2, 0);
	const isLeft = rows.map((row) => {
		const nearer = far(row, b) - far(row, a);
		return nearer > 0 || (nearer === 0 && below(2) === 1);
	});
	let parts = [true, false].map((side) => rows.filter((_, n) => isLeft[n] === side));
	if (parts.some((part) => !part.length)) {
		// All on one side, in the order in which they lay.
		const half = rows.length >> 1;
		parts = [rows.slice(0, half), rows.slice(half)];
	}
	const [left, right] = parts as [number[], number[]];
	const near = split(points, left, size, { below } as Random);
	return [...near, ...split(points, right, size, { below } as Random)];
}

// Whole numbers, so that every sum is exact: many rows lie half-way, and some at one position.
it.each([
	['of three columns', 700, 3, 6, 10],
	['of a single column, most at one position', 300, 1, 4, 12],
	['at two positions', 90, 2, 2, 7],
	['no more than a leaf holds', 10, 3, 6, 10],
	['one more than a leaf holds', 11, 3, 6, 10]
])('random leaves of rows %s are those of the textbook', (_, count, width, letters, size) => {
	const values = Float32Array.from({ length: count * width }, (__, at) => Math.floor(letters * hash01(7, at)));
	const points = Array.from({ length: count }, (__, i) => [...values.subarray(i * width, (i + 1) * width)]);
	const localJoin = new PlainLocalJoin(comparable({ values, count, width }, 'euclidean'));
	for (const part of [0, 3]) {
		const { rows, offsets } = finish(randomLeaves(localJoin, size, 5, part));
		const leaves = offsets.slice(1).map((end, k) => [...rows.subarray(offsets[k], end)]);
		const all = Array.from({ length: count }, (__, i) => i);
		expect(leaves).toEqual(split(points, all, size, fastStream(5, 'trees', part)));
	}
});

it('rows at one position are halved until they fit', () => {
	const localJoin = new PlainLocalJoin(
		comparable({ values: new Float32Array(200), count: 100, width: 2 }, 'euclidean')
	);
	const { rows, offsets } = finish(randomLeaves(localJoin, 8, 1, 0));
	expect([...rows].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
	expect(offsets.at(-1)).toBe(100);
	expect(Math.max(...offsets.slice(1).map((end, k) => end - offsets[k]!))).toBeLessThanOrEqual(8);
});
