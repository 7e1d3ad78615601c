import { describe, expect, it } from 'vitest';
import { begun, CLOSEST, fitted, moved, placeOf, pointAt, showing, zoomedAt } from '#maths/camera.ts';

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
		expect(begun(long, canvas, true)).toEqual({ x: (224 - 20) / 0.62, y: 50, scale: 0.62 });
		expect(begun({ width: 100, height: 4000 }, canvas, false)).toEqual({ x: 50, y: (124 - 20) / 0.62, scale: 0.62 });
		expect(begun(long, canvas, true, 0.1)).toEqual(fitted(long, canvas));
		expect(begun(long, canvas, true, 0.5)).toEqual({ x: 408, y: 50, scale: 0.5 });
	});

	it('finds places and points back', () => {
		expect(pointAt(middle, canvas, 224, 124)).toEqual([100, 50]);
		expect(pointAt(middle, canvas, 234, 104)).toEqual([105, 40]);
		expect(placeOf(middle, canvas, 105, 40)).toEqual([234, 104]);
		expect(moved(middle, 10, -20)).toEqual({ x: 95, y: 60, scale: 2 });
	});

	it('zooms about a point, and within bounds', () => {
		expect(zoomedAt(middle, 0.5, 120, 40)).toEqual({ x: 80, y: 60, scale: 1 });
		expect(zoomedAt(middle, 99, 100, 50)).toEqual({ x: 100, y: 50, scale: CLOSEST });
		expect(zoomedAt(middle, 1e-9, 100, 50).scale).toBe(0.002);
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
