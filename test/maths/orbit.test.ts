import { describe, expect, it } from 'vitest';
import { moveBy, zoomBy } from '#maths/camera.ts';
import { orbitMatrix, projected, steered, turned, type Orbit } from '#maths/orbit.ts';

const straight: Orbit = { yaw: 0, pitch: 0, zoom: 1, right: 0, up: 0 };
const close = (values: readonly number[]) => values.map((v) => expect.closeTo(v, 12) as number);

/** Of the picture, in pixels. */
const size = { width: 300, height: 200 };

describe('a camera around a box', () => {
	it('from the front sees x to the right, z upwards, and y away from the eye', () => {
		const matrix = orbitMatrix(straight, 1);
		// Six away, and half a picture is 6 / 3.4 wide there.
		expect(projected(matrix, 0, 0, 0.5)).toEqual(close([0.5, 0.5, 6]));
		expect(projected(matrix, 1, 0, 0.5)).toEqual(close([0.5 + (0.5 * 3.4) / 6, 0.5, 6]));
		expect(projected(matrix, 0, 0, 1)).toEqual(close([0.5, 0.5 - (0.5 * 3.4 * 0.5) / 6, 6]));
		expect(projected(matrix, 1, 1, 0.5)).toEqual(close([0.5 + (0.5 * 3.4) / 7, 0.5, 7]));
	});

	it('turned by a quarter sees y where x was, and from above y upwards', () => {
		const side = orbitMatrix({ ...straight, yaw: -Math.PI / 2 }, 1);
		expect(projected(side, 0, 1, 0.5)).toEqual(close([0.5 + (0.5 * 3.4) / 6, 0.5, 6]));
		expect(projected(side, 1, 0, 0.5)).toEqual(close([0.5, 0.5, 5]));
		const above = orbitMatrix({ ...straight, pitch: Math.PI / 2 }, 1);
		expect(projected(above, 0, 1, 0.5)).toEqual(close([0.5, 0.5 - (0.5 * 3.4) / 6, 6]));
		expect(projected(above, 0, 0, 1)).toEqual(close([0.5, 0.5, 5.5]));
		const low = orbitMatrix({ ...straight, pitch: Math.PI / 6 }, 1);
		// cos 30° of a half upwards, and half of a half nearer.
		expect(projected(low, 0, 0, 1)).toEqual(close([0.5, 0.5 - (0.5 * 3.4 * 0.5 * Math.cos(Math.PI / 6)) / 5.75, 5.75]));
	});

	it('keeps shapes on wide and on tall pictures, all in sight', () => {
		const [wide, tall] = [orbitMatrix(straight, 2), orbitMatrix(straight, 0.5)];
		expect(projected(wide, 1, 0, 1)).toEqual(close([0.5 + (0.25 * 3.4) / 6, 0.5 - (0.25 * 3.4) / 6, 6]));
		expect(projected(tall, 1, 0, 1)).toEqual(close([0.5 + (0.5 * 3.4) / 6, 0.5 - (0.125 * 3.4) / 6, 6]));
	});

	it('cuts nothing of the box off: three before its middle is the near end, three behind it the far one', () => {
		const matrix = orbitMatrix(straight, 1);
		const depth = (y: number) => (matrix[2]! * 0 + matrix[6]! * y + matrix[10]! * 0.5 + matrix[14]!) / (6 + y);
		expect(depth(-3)).toBeCloseTo(-1, 12);
		expect(depth(3)).toBeCloseTo(1, 12);
	});

	it('zooms about a position, and within bounds', () => {
		const orbit = { ...straight, yaw: 0.7, pitch: 0.4, right: 0.2, up: -0.1 };
		const before = projected(orbitMatrix(orbit, 1.5), 0.3, -0.4, 0.8);
		const position = [300 * before[0], 200 * before[1]] as const;
		const nearer = steered(orbit, size, zoomBy(2.5, position));
		expect(nearer.zoom).toBe(2.5);
		expect(projected(orbitMatrix(nearer, 1.5), 0.3, -0.4, 0.8)).toEqual(close(before));
		expect([1e9, 1e-9].map((factor) => steered(orbit, size, zoomBy(factor, [150, 100])).zoom)).toEqual([40, 0.25]);
		expect(steered(orbit, size, zoomBy(2, [150, 100]))).toMatchObject({ right: 0.4, up: -0.2 });
	});

	it('moves with the picture and turns without end, but not over the top', () => {
		const moved = projected(orbitMatrix(steered(straight, size, moveBy(75, -25)), 1), 0, 0, 0.5);
		expect(moved).toEqual(close([0.75, 0.375, 6]));
		expect(steered(straight, size, moveBy(1e5, 1e5))).toMatchObject({ right: 40, up: -40 });
		expect(steered(straight, size, moveBy(-1e5, -1e5))).toMatchObject({ right: -40, up: 40 });
		expect(turned({ ...straight, yaw: 6 }, 1, 9)).toMatchObject({ yaw: 7 - 2 * Math.PI, pitch: Math.PI / 2 });
		expect(turned(straight, 0, -9).pitch).toBe(-Math.PI / 2);
		expect(turned(straight, 0, 0.25).pitch).toBe(0.25);
	});
});

it('a drag moves the box by what it moves the picture, whatever the zoom', () => {
	const orbit = { ...straight, zoom: 2, right: 0.4, up: -0.3 };
	const { zoom, right, up } = steered(orbit, size, moveBy(30, 20));
	expect([zoom, right, up]).toEqual(close([2, 0.4 + (2 * 30) / 300, -0.3 - (2 * 20) / 200]));
});
