import { describe, expect, it } from 'vitest';
import { blendAt, emptyBlends } from '#maths/scatter/blends.ts';
import { clusters } from '#maths/scatter/clusters.ts';
import { density, MARGIN } from '#maths/scatter/density.ts';
import { FlatNeighbours } from '#maths/scatter/flat-neighbours.ts';
import { SpatialGrid, within } from '#maths/scatter/grid.ts';
import { expectClose } from '../../close.ts';
import { hash01 } from '../../tools/hash01.ts';

/** Shares of four cells for each point, and three means of a square around each cell, as sums over all. */
function spread(positions: Float32Array, side: number, radius: number): Float64Array {
	let field = new Float64Array(side * side);
	const cells = Array.from({ length: side }, (_, c) => c);
	const hat = (v: number, cell: number) => Math.max(0, 1 - Math.abs(((v / MARGIN + 1) / 2) * side - 0.5 - cell));
	for (let i = 0; i < positions.length; i += 2)
		// A point whose four cells are not all there counts nowhere.
		if ([positions[i]!, positions[i + 1]!].every((v) => cells.reduce((sum, c) => sum + hat(v, c), 0) > 0.99999))
			for (const r of cells)
				for (const c of cells) field[r * side + c]! += hat(positions[i]!, c) * hat(positions[i + 1]!, r);
	for (let pass = 0; pass < 3; pass++) {
		const before = field;
		field = new Float64Array(side * side);
		for (const r of cells)
			for (const c of cells)
				for (let y = Math.max(0, r - radius); y <= Math.min(side - 1, r + radius); y++)
					for (let x = Math.max(0, c - radius); x <= Math.min(side - 1, c + radius); x++)
						field[r * side + c]! += before[y * side + x]! / (2 * radius + 1) ** 2;
	}
	const max = Math.max(...field);
	return field.map((v) => (max ? v / max : 0));
}

describe('crowding beside sums over all cells', () => {
	const cloud = Float32Array.from({ length: 120 }, (_, at) => 2.4 * hash01(4, at) - 1.2);
	it.each([
		['a cloud up to the edges and beyond', cloud, 13, 2],
		['a cloud without means', cloud, 13, 0],
		['means that are wider than the map', cloud, 5, 7],
		// The outermost cells' middles are at 1.15 · 12 / 13.
		[
			'positions near the last middle',
			Float32Array.of(1.06, 0, 1.0616, 0.1, 0, 1.06, 0.1, 1.0616, -1.0616, 0, 0.2, -1.0616),
			13,
			1
		],
		['nothing', new Float32Array(0), 4, 1],
		['what has no position', Float32Array.of(NaN, 0, 0, NaN, 1e6, 0), 4, 1]
	])('%s', (_, positions, side, radius) =>
		expectClose(
			{ data: density(positions, side, radius) },
			{ data: spread(positions, side, radius) },
			{ rtol: 1e-5, atol: 1e-5 }
		)
	);
});

describe('groups by crowding', () => {
	/** Points at one position each. */
	const heaps = (...sizes: readonly (readonly [x: number, y: number, count: number])[]) =>
		Float32Array.from(sizes.flatMap(([x, y, count]) => Array.from({ length: count }, () => [x, y]).flat()));
	const sizesOf = ({ codes, count }: ReturnType<typeof clusters>) =>
		Array.from({ length: count }, (_, k) => codes.filter((code) => code === k).length);

	it('are of six points at least, or of four in a thousand', () => {
		const few = clusters(heaps([-0.7, -0.7, 5], [0.7, 0.7, 6], [0, 0, 7]), 9);
		expect(sizesOf(few)).toEqual([7, 6]);
		expect([...few.codes.subarray(0, 5)]).toEqual([-1, -1, -1, -1, -1]);
		// Of 5,000 points, 20: the floor is a share of what is usual, and all heaps are as crowded as their size.
		const sized = (count: number) => clusters(heaps(...ring(5000, count)), 60);
		expect([sizesOf(sized(20)).at(-1), sizesOf(sized(19)).at(-1)]).toEqual([20, 184]);
	});
	/** So many points on heaps of 184, and one of `last`. */
	function ring(all: number, last: number): [number, number, number][] {
		const heap = (k: number, count: number): [number, number, number] => [
			0.9 * Math.cos(k * 2.4) * Math.sqrt((k + 1) / 28),
			0.9 * Math.sin(k * 2.4) * Math.sqrt((k + 1) / 28),
			count
		];
		const rest = all - last;
		const each = Math.floor(rest / 27);
		return [...Array.from({ length: 27 }, (_, k) => heap(k, k ? each : rest - 26 * each)), heap(27, last)];
	}

	it('are as many as are asked for, the largest first; of equals, the lower one on the map', () => {
		const five = heaps([-0.7, 0.7, 10], [0.7, -0.7, 10], [0, 0, 30], [0.7, 0.7, 20], [-0.7, -0.7, 8]);
		const all = clusters(five, 9);
		expect(sizesOf(all)).toEqual([30, 20, 10, 10, 8]);
		expect([all.codes[0], all.codes[10]]).toEqual([3, 2]);
		const three = clusters(five, 3);
		expect([sizesOf(three), three.codes[0], three.codes[10]]).toEqual([[30, 20, 10], -1, 2]);
	});
});

describe('cells over a map', () => {
	it('find up to the edges, and nothing beyond them', () => {
		const grid = new SpatialGrid(Float32Array.of(-1, -1, 1, 1, 1.00005, -1, 1.2, 0, 0, -1.2, 0.3, 0.3, 0.3, 0.3));
		const at = (x: number, y: number, hidden: Uint8Array | null = null) => grid.nearest(x, y, 0.1, 0.05, hidden);
		expect([at(-1.05, -1), at(1, 1.04), at(1.05, -1), at(1.2, 0), at(0, -1.2), at(1.25, 0)]).toEqual([
			0, 1, 2, -1, -1, -1
		]);
		// Of equals the last; within an ellipse.
		expect([at(0.3, 0.34), at(0.3, 0.36), at(0.39, 0.3), at(0.41, 0.3)]).toEqual([6, -1, 6, -1]);
		expect(at(0.3, 0.3, Uint8Array.of(0, 0, 0, 0, 0, 0, 1))).toBe(5);
		const all = Float32Array.of(-2, -2, 2, -2, 2, 2, -2, 2);
		expect([...grid.inside(all, null)]).toEqual([0, 1, 2, 5, 6]);
		expect([...grid.inside(all, Uint8Array.of(1, 0, 0, 0, 0, 1))]).toEqual([1, 2, 6]);
		expect([...grid.inside(Float32Array.of(1.5, 1.5, 2, 1.5, 2, 2), null)]).toEqual([]);
	});

	it('are as many as a quarter of the points, and no more than a million', () => {
		const sideOf = (count: number) => new SpatialGrid(new Float32Array(2 * count)).side;
		expect([0, 1, 9, 36, 400, 4.3e6].map(sideOf)).toEqual([1, 1, 2, 3, 10, 1024]);
	});

	it('a polygon holds what a ray from it crosses oddly often', () => {
		// An L: its corner at the upper right is out.
		const l = Float32Array.of(0, 0, 2, 0, 2, 1, 1, 1, 1, 2, 0, 2);
		const inside = (x: number, y: number) => within(l, x, y);
		expect([inside(0.5, 0.5), inside(1.5, 0.5), inside(0.5, 1.5), inside(1.5, 1.5)]).toEqual([true, true, true, false]);
		expect([inside(-0.5, 0.5), inside(2.5, 0.5), inside(0.5, -0.5), inside(0.5, 2.5)]).toEqual(Array(4).fill(false));
		// A slope: (x, y) lies right of the line from (0, 0) to (1, 2) where y < 2 x.
		const slope = Float32Array.of(0, 0, 3, 0, 1, 2);
		expect([within(slope, 0.51, 1), within(slope, 0.49, 1), within(slope, 1.99, 1), within(slope, 2.01, 1)]).toEqual([
			true,
			false,
			true,
			false
		]);
	});

	it('the nearest k are those of a sort, of equals the lower numbers, from far outside too', () => {
		const positions = Float32Array.from({ length: 300 }, (_, at) => Math.round(12 * hash01(9, at) - 6) / 6);
		const near = new FlatNeighbours(positions, 6);
		for (let n = 0; n < 60; n++) {
			const [x, y] = [5 * hash01(10, n) - 2.5, 5 * hash01(11, n) - 2.5];
			for (const [k, reach, except] of [
				[6, 9, -1],
				[3, 0.4, 7],
				[1, 2, n]
			] as const) {
				const all = Array.from({ length: 150 }, (_, i) => ({
					i,
					square: (positions[2 * i]! - x) ** 2 + (positions[2 * i + 1]! - y) ** 2
				}))
					.filter(({ i, square }) => i !== except && square <= reach * reach)
					.sort((a, b) => a.square - b.square || a.i - b.i)
					.slice(0, k);
				expect(near.find(x, y, k, reach, except)).toBe(all.length);
				expect([...near.items.subarray(0, all.length)]).toEqual(all.map(({ i }) => i));
				expect([...near.squares.subarray(0, all.length)]).toEqual(all.map(({ square }) => square));
			}
		}
	});
});

it('of items that are equally far none is favoured', () => {
	const near = new FlatNeighbours(Float32Array.of(0.5, 0, -0.5, 0, 0, 0.5, 0, -0.5), 3);
	const blends = emptyBlends(1, 2);
	expect(blendAt(near, 0, 0, 2, blends, 0)).toBe(true);
	expect([[...blends.items], [...blends.weights]]).toEqual([
		[0, 1],
		[0.5, 0.5]
	]);
	// Franke & Nielson's weights for distances 0.1 and 0.2 of a reach of 0.3: (0.2 / 0.03)² and (0.1 / 0.06)².
	const line = new FlatNeighbours(Float32Array.of(0.1, 0, -0.2, 0), 3);
	expect(blendAt(line, 0, 0, 0.3, blends, 0)).toBe(true);
	expectClose({ data: blends.weights }, { data: [16 / 17, 1 / 17] }, { rtol: 1e-5 });
	expect(blendAt(line, 0.9, 0.9, 0.3, blends, 0)).toBe(false);
});
