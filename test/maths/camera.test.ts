import { describe, expect, it } from 'vitest';
import {
	begun,
	CLOSEST,
	fitted,
	kept,
	moveBy,
	positionOf,
	pointAt,
	showing,
	steered,
	zoomBy,
	type Camera
} from '#maths/camera.ts';

const canvas = { width: 448, height: 248 };
const middle = { x: 100, y: 50, scale: 2 };

describe('a window on a drawing', () => {
	it('holds all of it within a margin, and blows nothing up by more than a quarter', () => {
		// 400 by 200 are left within the margins.
		expect(fitted({ width: 800, height: 100 }, canvas)).toEqual({ x: 400, y: 50, scale: 0.5 });
		expect(fitted({ width: 100, height: 400 }, canvas)).toEqual({ x: 50, y: 200, scale: 0.5 });
		expect(fitted({ width: 10, height: 10 }, canvas).scale).toBe(1.25);
		expect(fitted({ width: 0, height: 0 }, canvas)).toEqual({ x: 0, y: 0, scale: 1.25 });
		expect(fitted({ width: 448, height: 248 }, canvas, 0).scale).toBe(1);
		expect(fitted({ width: 32, height: 1 }, { width: 10, height: 10 }).scale).toBe(0.5);
		expect(fitted({ width: 1e9, height: 1e9 }, canvas).scale).toBe(0.002);
	});

	it('begins at the beginning where all of it could not be read', () => {
		const small = { width: 100, height: 100 };
		expect(begun(small, canvas, true)).toEqual(fitted(small, canvas));
		const long = { width: 4000, height: 100 };
		expect(begun(long, canvas, true)).toEqual({ x: (224 - 20) / 0.8, y: 50, scale: 0.8 });
		expect(begun({ width: 100, height: 4000 }, canvas, false)).toEqual({ x: 50, y: (124 - 20) / 0.8, scale: 0.8 });
		expect(begun(long, canvas, true, 0.1)).toEqual(fitted(long, canvas));
		expect(begun(long, canvas, true, 0.5)).toEqual({ x: 408, y: 50, scale: 0.5 });
	});

	it('finds positions and points back', () => {
		expect(pointAt(middle, canvas, 224, 124)).toEqual([100, 50]);
		expect(pointAt(middle, canvas, 234, 104)).toEqual([105, 40]);
		expect(positionOf(middle, canvas, 105, 40)).toEqual([234, 104]);
		expect(steered(middle, canvas, moveBy(10, -20))).toEqual({ x: 95, y: 60, scale: 2 });
	});

	it('zooms about a point, and within bounds', () => {
		expect(steered(middle, canvas, zoomBy(0.5, [264, 104]))).toEqual({ x: 80, y: 60, scale: 1 });
		expect(steered(middle, canvas, zoomBy(99, [224, 124]))).toEqual({ x: 100, y: 50, scale: CLOSEST });
		expect(steered(middle, canvas, zoomBy(1e-9, [224, 124])).scale).toBe(0.002);
	});

	it('keeps the point under the hands, whichever way the axes go and whatever room there is', () => {
		const up: Camera = { x: 3, y: -2, scale: 10, down: -40 };
		for (const camera of [middle, up])
			for (const factor of [0.3, 1, 1.7, 50]) {
				const hands = { dx: 13, dy: -7, factor, at: [91, 200] } as const;
				const after = steered(camera, canvas, hands, { scale: [1, 30] });
				const [before, now] = [pointAt(camera, canvas, 91 - 13, 200 + 7), pointAt(after, canvas, 91, 200)];
				now.forEach((value, i) => expect(value).toBeCloseTo(before[i]!, 12));
				expect(after.scale).toBeCloseTo(Math.min(30, Math.max(1, camera.scale * factor)), 12);
				expect(positionOf(after, canvas, ...now)).toEqual([expect.closeTo(91, 9), expect.closeTo(200, 9)]);
			}
		// Each axis by as much as the other, unless it has room of its own.
		expect(steered(up, canvas, zoomBy(9, [0, 0]), { scale: [1, 30] }).down).toBeCloseTo(-120, 12);
		const apart = steered({ ...up, down: 2 }, canvas, zoomBy(2, [5, 6]), { scale: [1, 12], down: [1, 99] });
		expect([apart.scale, apart.down]).toEqual([12, 4]);
		expect(pointAt(apart, canvas, 5, 6)).toEqual(
			pointAt({ ...up, down: 2 }, canvas, 5, 6).map((value) => expect.closeTo(value, 12) as number)
		);
	});

	it('keeps a drawing on the stage', () => {
		const small = { width: 100, height: 60 };
		expect(kept({ x: -9, y: 900, scale: 1 }, canvas, small)).toEqual({ x: 50, y: 30, scale: 1 });
		const large = { width: 1000, height: 60 };
		expect(kept({ x: -9, y: 900, scale: 1 }, canvas, large)).toEqual({ x: 224, y: 30, scale: 1 });
		expect(kept({ x: 990, y: 0, scale: 2 }, canvas, large)).toEqual({ x: 1000 - 112, y: 30, scale: 2 });
		expect(kept({ x: 990, y: 0, scale: 2, down: 8 }, canvas, large).y).toBe(15.5);
		expect(kept({ x: 500, y: 40, scale: 2, down: 8 }, canvas, large)).toMatchObject({ x: 500, y: 40 });
	});

	it('moves no farther than a box needs to be in sight', () => {
		const box = { x: 0, y: 0, width: 40, height: 20 };
		// In sight with a margin of 24 pixels: nothing moves.
		expect(showing({ x: 80, y: 40, scale: 1 }, canvas, box)).toEqual({ x: 80, y: 40, scale: 1 });
		// Too far right and down: its beginning comes to the margin.
		expect(showing({ x: 900, y: 900, scale: 1 }, canvas, box)).toEqual({ x: -24 + 224, y: -24 + 124, scale: 1 });
		// Too far left and up: its end does.
		expect(showing({ x: -900, y: -900, scale: 1 }, canvas, box)).toEqual({
			x: 40 + 24 - 224,
			y: 20 + 24 - 124,
			scale: 1
		});
		// Too small to be read: nearer.
		expect(showing({ x: 0, y: 0, scale: 0.1 }, canvas, box).scale).toBe(0.6);
		expect(showing({ x: 0, y: 0, scale: 0.1 }, canvas, box, 9).scale).toBe(CLOSEST);
		expect(showing({ x: 0, y: 0, scale: 2 }, canvas, box).scale).toBe(2);
		// Larger than the canvas: its beginning, and its middle where all but the margin fits.
		const wide = { x: 10, y: 10, width: 2000, height: 220 };
		expect(showing({ x: 0, y: 0, scale: 1 }, canvas, wide)).toEqual({ x: 10 + 224 - 24, y: 10 + 124 - 24, scale: 1 });
		expect(showing({ x: 0, y: 0, scale: 1 }, canvas, { ...wide, width: 40, height: 201 }).y).toBe(10 + 100);
	});
});
