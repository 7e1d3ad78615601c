import { describe, expect, it } from 'vitest';
import {
	matrixOf,
	projected,
	showing,
	steered,
	turned,
	unprojected,
	WHOLE,
	type ScatterCamera
} from '#maths/scatter/camera.ts';
import { moveBy, zoomBy } from '#maths/camera.ts';
import { density, MARGIN } from '#maths/scatter/density.ts';
import { convexHull, groups } from '#maths/scatter/groups.ts';
import { mixed } from '#maths/scatter/mixed.ts';
import { pointAt, pointsInside } from '#maths/scatter/pointed.ts';

const size = { width: 400, height: 200 };
const plain: ScatterCamera = { x: 0, y: 0, z: 0, zoom: 1, yaw: 0, pitch: 0 };
const close = (values: readonly number[]) => values.map((v) => expect.closeTo(v, 9) as number);

describe('the eye on a map', () => {
	it('shows -1..1 along the shorter side, y upwards', () => {
		const flat = matrixOf(plain, size, 2);
		expect(projected(flat, size, 0, 0, 0)).toEqual(close([200, 100, 1]));
		expect(projected(flat, size, 1, 1, 0)).toEqual(close([300, 0, 1]));
		expect(projected(matrixOf({ ...plain, x: 0.5, y: -0.25, zoom: 2 }, size, 2), size, 1, 0, 0)).toEqual(
			close([300, 50, 1])
		);
		// Turned and moved along the view it stays what it is, flat.
		expect(matrixOf({ ...plain, yaw: 1, pitch: 1, z: 3 }, size, 2)).toEqual(flat);
		expect(unprojected(flat, size, 300, 0)).toEqual(close([1, 1]));
		expect(projected(matrixOf(plain, { width: 200, height: 400 }, 2), { width: 200, height: 400 }, 1, 1, 0)).toEqual(
			close([200, 100, 1])
		);
		expect(matrixOf(plain, { width: 0, height: 0 }, 2).every(Number.isFinite)).toBe(true);
	});

	it('turns around what it looks at; what is near is larger by 0.28 for a unit', () => {
		const front = matrixOf(plain, size, 3);
		expect(projected(front, size, 0, 0, 1)).toEqual(close([200, 100, 0.72]));
		expect(projected(front, size, 0.36, 0, 1)).toEqual(close([250, 100, 0.72]));
		// A quarter to the side: z is what was x, and x is towards the eye.
		const side = matrixOf({ ...plain, yaw: Math.PI / 2 }, size, 3);
		expect(projected(side, size, 0, 0, 1)).toEqual(close([100, 100, 1]));
		expect(projected(side, size, 1, 0, 0)).toEqual(close([200, 100, 0.72]));
		const above = matrixOf({ ...plain, pitch: Math.PI / 2 }, size, 3);
		expect(projected(above, size, 0, 0, 1)).toEqual(close([200, 0, 1]));
		expect(projected(above, size, 0, 1, 0)).toEqual(close([200, 100, 1.28]));
		const away = matrixOf({ ...plain, yaw: 0.6, pitch: 0.35, x: 0.3, y: -0.2, z: 0.5 }, size, 3);
		expect(projected(away, size, 0.3, -0.2, 0.5)).toEqual(close([200, 100, 1]));
		// Depth is a quarter of the distance, nearer ones first.
		expect(front[2]! * 0 + front[6]! * 0 + front[10]! * 1 + front[14]!).toBeCloseTo(-0.25, 12);
		expect(away[2]! * 0.3 - away[6]! * 0.2 + away[10]! * 0.5 + away[14]!).toBeCloseTo(0, 12);
	});

	it('moves by pixels along the screen, not far out of the map', () => {
		expect(steered(plain, size, moveBy(50, 20), 2)).toEqual({ ...plain, x: -0.5, y: 0.2 });
		expect(steered({ ...plain, zoom: 4 }, size, moveBy(50, 20), 2)).toEqual({ ...plain, zoom: 4, x: -0.125, y: 0.05 });
		expect(steered(plain, size, moveBy(1e5, 1e5), 2)).toEqual({ ...plain, x: -1.5, y: 1.5 });
		const side = steered({ ...plain, yaw: Math.PI / 2 }, size, moveBy(50, 0), 3);
		expect([side.x, side.y, side.z]).toEqual(close([0, 0, 0.5]));
		const above = steered({ ...plain, pitch: Math.PI / 2 }, size, moveBy(0, 20), 3);
		expect([above.x, above.y, above.z]).toEqual(close([0, 0, 0.2]));
	});

	it('zooms and turns within bounds, and looks at a part', () => {
		expect(steered(plain, size, zoomBy(2, [300, 100]), 2)).toEqual({ ...plain, zoom: 2, x: 0.5 });
		expect(steered(plain, size, zoomBy(2, [200, 50]), 2)).toEqual({ ...plain, zoom: 2, y: 0.25 });
		expect([
			steered(plain, size, zoomBy(1e9, [200, 100]), 2).zoom,
			steered(plain, size, zoomBy(1e-9, [200, 100]), 2).zoom
		]).toEqual([4000, 0.2]);
		expect(turned(plain, 100, 50)).toEqual({ ...plain, yaw: -0.8, pitch: 0.4 });
		expect([turned(plain, 0, 1e4).pitch, turned(plain, 0, -1e4).pitch]).toEqual([Math.PI / 2, -Math.PI / 2]);
		expect(showing([0, -0.5], [0.5, 0.35])).toEqual({
			...WHOLE,
			x: 0.25,
			y: expect.closeTo(-0.075, 12) as number,
			zoom: 2
		});
		expect(showing([0, 0, -1], [0.1, 0.1, 0.7])).toMatchObject({ z: expect.closeTo(-0.15, 12) as number, zoom: 1 });
		expect(showing([0, 0], [0, 0]).zoom).toBe(425);
		expect(mixed([0, 10], [4, 0], 0.25)).toEqual([1, 7.5]);
	});

	it('finds what is under a pixel, or within a line', () => {
		const seen = {
			positions: Float32Array.of(0, 0, 0.02, 0, 0.5, 0.5, 0.02, 0),
			dimensions: 2,
			matrix: matrixOf(plain, size, 2),
			size,
			hidden: null as Uint8Array | null
		} as const;
		// Of two at one position the last, which is drawn above.
		expect(pointAt(seen, 202, 100, 5)).toBe(3);
		expect(pointAt({ ...seen, hidden: Uint8Array.of(0, 0, 0, 1) }, 202, 100, 5)).toBe(1);
		expect([pointAt(seen, 199, 100, 5), pointAt(seen, 250, 45, 5), pointAt(seen, 250, 44.9, 5)]).toEqual([0, 2, -1]);
		expect([...pointsInside(seen, Float32Array.of(190, 90, 260, 90, 260, 110, 190, 110))]).toEqual([0, 1, 3]);
		const behind = { ...seen, positions: Float32Array.of(0, 0, 5, 0, 0, -1), dimensions: 3 } as const;
		expect(pointAt({ ...behind, matrix: matrixOf(plain, size, 3) }, 200, 100, 5)).toBe(1);
	});
});

describe('crowding and groups', () => {
	it('spreads a point over four cells, and means around it', () => {
		// One cell is 2 · 1.15 / 23 = 0.1; the middle of cell 11 is 0.
		const field = density(Float32Array.of(0, 0.025), 23, 0);
		const at = (c: number, r: number) => field[r * 23 + c];
		expect([at(11, 11), at(11, 12), at(10, 11), at(12, 12)]).toEqual(
			[1, 1 / 3, 0, 0].map((v) => expect.closeTo(v, 5) as number)
		);
		expect(MARGIN).toBe(1.15);
		const wide = density(Float32Array.of(0, 0), 23, 1);
		// Three running means of three: 1 3 6 7 6 3 1 of 27.
		const row = Array.from({ length: 9 }, (_, k) => wide[11 * 23 + 7 + k]);
		expect(row).toEqual([0, 1, 3, 6, 7, 6, 3, 1, 0].map((v) => expect.closeTo(v / 7, 5) as number));
		const column = Array.from({ length: 9 }, (_, k) => wide[(7 + k) * 23 + 11]);
		expect(column).toEqual(row.map((v) => expect.closeTo(v!, 5) as number));
		expect(density(Float32Array.of(9, 9), 23, 1).every((v) => v === 0)).toBe(true);
		const corner = density(Float32Array.of(-1.05, -1.05), 23, 2);
		expect(Math.max(...corner)).toBe(1);
	});

	it('a hull goes against the clock', () => {
		expect([...convexHull(Float32Array.of(1, 1, 0, 0, 1, 0, 0, 1, 0.5, 0.5, 0.5, 1))]).toEqual([
			0, 0, 1, 0, 1, 1, 0, 1
		]);
		expect([...convexHull(Float32Array.of(0, 0, 1, 1, 2, 2))]).toEqual([0, 0, 2, 2]);
		expect([...convexHull(new Float32Array(0))]).toEqual([]);
	});

	it('a group stands at its medoid; its hull leaves out the farthest tenth', () => {
		const line = Float32Array.from({ length: 20 }, (_, k) => (k % 2 ? 0 : k < 18 ? k / 20 : 1.9));
		const [only] = groups(line, 2, new Int32Array(10), 1);
		expect(only).toMatchObject({ category: 0, count: 10 });
		expect(only!.at).toEqual([line[8], 0, 0]);
		expect([...only!.hull].filter((_, k) => k % 2 === 0)).toEqual([0, Math.fround(0.8)]);
		const space = groups(Float32Array.of(0, 0, 1, 0, 0, 2, 0, 0, 3, 5, 0, 0), 3, Int32Array.of(1, 1, 1, 1), 2);
		expect(space).toEqual([{ category: 1, at: [0, 0, 2], hull: new Float32Array(0), count: 3 }]);
		expect(
			groups(
				line,
				2,
				Int32Array.from({ length: 10 }, () => -1),
				1
			)
		).toEqual([]);
	});
});
