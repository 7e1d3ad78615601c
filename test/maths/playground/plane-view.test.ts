import { expect, it } from 'vitest';
import { pointAt, steeredPlane, type ZoomRange, zoomedWithin } from '#maths/playground/plane-view.ts';
import type { PlaneWindow } from '#maths/playground/field.ts';
import { MESH_END, meshPosition } from '#maths/scatter/blends.ts';

const window: PlaneWindow = { x1: [0, 4], x2: [-1, 1] };
const rounded = ({ x1, x2 }: PlaneWindow) => [...x1, ...x2].map((value) => Number(value.toFixed(9)) + 0);

it('a hand on a picture moves the plane by its share of the sides, then zooms where it is', () => {
	const size = { width: 200, height: 50 };
	const requested: (readonly number[])[] = [];
	const steer = (dx: number, dy: number, factor: number) =>
		steeredPlane(window, size, { dx, dy, factor, at: [50, 40] }, (moved, ...how) => {
			requested.push([...rounded(moved), ...how]);
			return window;
		});
	// A quarter of the picture to the right, a fifth down: the plane goes left and up.
	expect(rounded(steer(50, 10, 1))).toEqual([-1, 3, -0.6, 1.4]);
	expect(rounded(steer(0, 10, 1))).toEqual([0, 4, -0.6, 1.4]);
	expect(steer(0, 0, 1)).toBe(window);
	expect(requested).toEqual([]);
	steer(50, 0, 2);
	steer(0, 0, 0.5);
	expect(requested).toEqual([
		[-1, 3, -1, 1, 2, 0.25, 0.8],
		[0, 4, -1, 1, 0.5, 0.25, 0.8]
	]);
});

it('zooms as far as there is room, and keeps what lies at the position', () => {
	const range: ZoomRange = { min: 0.5, max: 4 };
	const zoomed = (factor: number) => zoomedWithin(window, factor, range, 0.25, 0.8);
	expect(rounded(zoomed(2))).toEqual([0.5, 2.5, -0.8, 0.2]);
	expect([zoomed(8), zoomed(0.1)].map(rounded)).toEqual([zoomed(4), zoomed(0.5)].map(rounded));
	for (const factor of [0.5, 2, 4])
		for (const k of [0, 1])
			expect(pointAt(zoomed(factor), 0.25, 0.8)[k]).toBeCloseTo(pointAt(window, 0.25, 0.8)[k]!, 9);
	expect(zoomed(1)).toBe(window);
	expect(zoomedWithin(window, 2, { min: 1, max: 1 }, 0.5, 0.5)).toBe(window);
});

it('positions of a mesh go evenly from end to end', () => {
	expect(Array.from({ length: 5 }, (_, c) => meshPosition(c, 5))).toEqual(
		[-1, -0.5, 0, 0.5, 1].map((share) => expect.closeTo(share * MESH_END, 12) as number)
	);
});
