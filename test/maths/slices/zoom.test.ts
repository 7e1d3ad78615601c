import { describe, expect, it } from 'vitest';
import { WHOLE, zoomed } from '#maths/playground/plane-view.ts';
import { grainOf, isFine, planeOfFeatures, planeThrough, type PlaneBox } from '#maths/slices/frame.ts';
import { overlap, pixelsOf, sliceZoomed } from '#maths/slices/zoom.ts';

const span = ([low, high]: readonly [number, number]) => high - low;
const frame = planeOfFeatures([2, 3, 40], 0, 1);
const grain = grainOf(frame);

/** Zooms as far as it goes. */
function farthest(whole: PlaneBox, factor: number, of = grain): PlaneBox {
	let window = whole;
	for (let i = 0; i < 400; i++) window = sliceZoomed(window, whole, of, factor, 0.3, 0.6);
	return window;
}

describe('zooming a slice', () => {
	it.each([
		['large numbers', { x1: [1000, 150_000], x2: [2e6, 9e6] }],
		['small numbers', { x1: [1e-5, 1e-4], x2: [2e-7, 3e-7] }],
		['one of each', { x1: [1000, 150_000], x2: [1e-5, 1e-4] }]
	] as [string, PlaneBox][])('goes both ways, on both axes, for %s', (_, whole) => {
		for (const axis of ['x1', 'x2'] as const) {
			expect(span(sliceZoomed(whole, whole, grain, 2, 0.5, 0.5)[axis]) / span(whole[axis])).toBeCloseTo(0.5, 9);
			expect(span(sliceZoomed(whole, whole, grain, 0.5, 0.5, 0.5)[axis]) / span(whole[axis])).toBeCloseTo(2, 9);
			expect(span(farthest(whole, 0.5)[axis]) / span(whole[axis])).toBeCloseTo(1000, 0);
		}
		const deepest = farthest(whole, 2);
		expect(isFine(frame, deepest, 1024, 1024)).toBe(true);
		expect(Math.min(span(deepest.x1) / span(whole.x1), span(deepest.x2) / span(whole.x2))).toBeLessThan(0.01);
		const half = { x1: [deepest.x1[0], deepest.x1[0] + span(deepest.x1) / 2], x2: deepest.x2 } as const;
		const lower = { x1: deepest.x1, x2: [deepest.x2[0], deepest.x2[0] + span(deepest.x2) / 2] } as const;
		expect([half, lower].every((box) => isFine(frame, box, 1024, 1024))).toBe(false);
	});

	it('never turns round: in where there is no room stays, as does out', () => {
		const narrow: PlaneBox = { x1: [1e9, 1e9 + 1], x2: [0, 1] };
		expect(sliceZoomed(narrow, narrow, grain, 2, 0.5, 0.5)).toBe(narrow);
		const wide: PlaneBox = { x1: [-1e6, 1e6], x2: [-1e6, 1e6] };
		expect(sliceZoomed(wide, { x1: [0, 1], x2: [0, 1] }, grain, 0.5, 0.5, 0.5)).toBe(wide);
	});

	it('knows the numbers that a direction is added to', () => {
		const far = Array.from({ length: 3 }, () => 1e5);
		const { frame } = planeThrough(far, [1e5 + 1, 1e5, 1e5], [1e5, 1e5 + 1, 1e5])!;
		expect(grainOf(frame).origin[0]).toBe(1e5);
		// A number that stands still, however large, hides nothing.
		expect(grainOf(planeOfFeatures([1, 2, 1e9], 0, 1))).toEqual({ origin: [0, 0], shared: [0, 0] });
		expect(isFine(planeOfFeatures([1e-5, 2e-5, 1e9], 0, 1), { x1: [0, 1e-5], x2: [0, 1e-5] }, 64, 64)).toBe(true);
		const whole: PlaneBox = { x1: [-0.1, 1.1], x2: [-0.1, 1.1] };
		expect(isFine(frame, whole, 64, 64)).toBe(false);
		expect(sliceZoomed(whole, whole, grainOf(frame), 2, 0.5, 0.5)).toBe(whole);
	});

	it('leaves the playground its own limits', () => {
		let [far, close] = [WHOLE, WHOLE];
		for (let i = 0; i < 100; i++) {
			far = zoomed(far, 0.5, 0.5, 0.5);
			close = zoomed(close, 2, 0.5, 0.5);
		}
		expect(span(far.x1)).toBeCloseTo(12_000, 6);
		expect(span(close.x1)).toBeCloseTo(1024 * 4 * 2 ** -23, 6);
	});
});

describe('windows of a slice', () => {
	const box = (left: number, right: number, low: number, high: number): PlaneBox => ({
		x1: [left, right],
		x2: [low, high]
	});

	it('overlap where they have a part in common, on both axes', () => {
		const own = box(0, 2, 0, 3);
		const others = [box(1, 5, 2, 4), box(-1, 0.5, -1, 0.5), box(0.5, 1, 1, 2), box(-9, 9, -9, 9)];
		expect(others.map((other) => overlap(own, other))).toEqual([true, true, true, true]);
		const apart = [box(2, 5, 0, 3), box(-5, 0, 0, 3), box(0, 2, 3, 4), box(0, 2, -4, 0), box(3, 4, 1, 2)];
		expect(apart.map((other) => overlap(own, other))).toEqual(Array(5).fill(false));
		expect(apart.map((other) => overlap(other, own))).toEqual(Array(5).fill(false));
	});

	it('have pixels as high as wide, the longer side as many as are wanted, the shorter eight at least', () => {
		expect([pixelsOf(box(0, 4, 10, 12), 64), pixelsOf(box(-1, 2, 0, 9), 64)]).toEqual([
			[64, 32],
			[21, 64]
		]);
		expect([pixelsOf(box(0, 100, 0, 1), 64), pixelsOf(box(0, 1, 0, 100), 64)]).toEqual([
			[64, 8],
			[8, 64]
		]);
		expect([pixelsOf(null, 64), pixelsOf(box(5, 6, 7, 8), 64)]).toEqual([
			[64, 64],
			[64, 64]
		]);
	});
});
