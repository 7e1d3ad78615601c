import { expect, it } from 'vitest';
import { tiling } from '#maths/tiling.ts';

const square = { ratio: 1, gap: 12, minWidth: 100 };
const bare = [{ across: 0, down: 0 }];

it('four squares are two by two in a square pane, and a row or a column in a long one', () => {
	expect(tiling(4, { width: 812, height: 812 }, bare, square)).toEqual({ columns: 2, width: 400, shape: 0 });
	expect(tiling(4, { width: 836, height: 200 }, bare, square)).toEqual({ columns: 4, width: 200, shape: 0 });
	expect(tiling(4, { width: 200, height: 836 }, bare, square)).toEqual({ columns: 1, width: 200, shape: 0 });
});

it('what a tile has beside its picture takes its place, in the shape that leaves most', () => {
	const shapes = [
		{ across: 140, down: 40 },
		{ across: 16, down: 150 }
	];
	// 2 × 2: beside it min(464 − 140, 375 − 40) = 324, below it min(448, 225).
	expect(tiling(4, { width: 940, height: 762 }, shapes, square)).toEqual({ columns: 2, width: 324, shape: 0 });
	// A narrow pane has no room beside; it is scrolled rather than shrunk below the least.
	expect(tiling(4, { width: 358, height: 600 }, shapes, { ...square, minWidth: 280 })).toEqual({
		columns: 1,
		width: 280,
		shape: 1
	});
});

it('of equally large pictures those are taken that need the least scrolling', () => {
	const shapes = [
		{ across: 136, down: 46 },
		{ across: 16, down: 156 }
	];
	// One below the other they would be as large: 4 × 252 pixels instead of 2 × 362.
	expect(tiling(4, { width: 456, height: 620 }, shapes, { ...square, minWidth: 206 })).toEqual({
		columns: 2,
		width: 206,
		shape: 1
	});
	expect(tiling(4, { width: 456, height: 2000 }, shapes, { ...square, minWidth: 206 }).columns).toBe(1);
});

it('wide pictures are held by the width, tall ones by the height', () => {
	expect(tiling(1, { width: 800, height: 800 }, bare, { ...square, ratio: 4 }).width).toBe(800);
	expect(tiling(1, { width: 800, height: 800 }, bare, { ...square, ratio: 0.5 }).width).toBe(400);
});

it('no tile, and no room, ask for nothing', () => {
	expect(tiling(0, { width: 100, height: 100 }, bare, square).columns).toBe(1);
	expect(tiling(3, { width: 0, height: 0 }, bare, square)).toEqual({ columns: 1, width: 0, shape: 0 });
});
