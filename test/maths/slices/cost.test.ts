import { expect, it } from 'vitest';
import { affordableSide, expectedEvaluations, SIDES } from '#maths/slices/cost.ts';

it('a picture costs its coarse grid and a band along its boundaries, and no more than all its pixels', () => {
	// Cells of 8 pixels: 65 x 65 corners, and along three sides two more for each of three halvings and the first.
	expect(expectedEvaluations(512, 512)).toBe(65 * 65 + 3 * 512 * 8);
	expect(expectedEvaluations(256, 512)).toBe(33 * 65 + 3 * 512 * 8);
	expect(expectedEvaluations(512, 256)).toBe(65 * 33 + 3 * 512 * 8);
	expect(expectedEvaluations(1024, 1024)).toBe(65 * 65 + 3 * 1024 * 10);
	// No cell is wider than a pixel: all of them.
	expect([expectedEvaluations(64, 64), expectedEvaluations(32, 16)]).toEqual([64 * 64, 32 * 16]);
	expect(expectedEvaluations(128, 128)).toBe(65 * 65 + 3 * 128 * 4);
});

it('the sharpest side that time allows, but the coarsest in any case', () => {
	const cost = SIDES.map((side) => expectedEvaluations(side, side));
	expect(affordableSide(1, cost[3]!)).toBe(SIDES[3]);
	expect(affordableSide(1, cost[3]! - 1)).toBe(SIDES[2]);
	expect(affordableSide(2, 2 * cost[2]!)).toBe(SIDES[2]);
	expect([affordableSide(1, 1), affordableSide(0, 1), affordableSide(0, 1, 1024), affordableSide(0, 1, 256)]).toEqual([
		...[32, 512, 1024, 256]
	]);
});
