import { describe, expect, it } from 'vitest';
import { areShares, cornersOf, overlap, suppressed } from '#maths/boxes.ts';

describe('boxes', () => {
	it.each([
		['cxcywh', [6, 5, 4, 2], [4, 4, 8, 6]],
		['xywh', [4, 4, 4, 2], [4, 4, 8, 6]],
		['xyxy', [4, 4, 8, 6], [4, 4, 8, 6]],
		['yxyx', [4, 4, 6, 8], [4, 4, 8, 6]]
	] as const)('%s: left, top, right and bottom', (format, numbers, corners) => {
		expect(Array.from(cornersOf(numbers, format))).toEqual(corners);
		// Pixels of a picture that is 16 wide and 8 high, as shares of it.
		const shares = [corners[0] / 16, corners[1] / 8, corners[2] / 16, corners[3] / 8];
		expect(Array.from(cornersOf([...numbers, 1], format, [1 / 16, 1 / 8]))).toEqual(shares);
	});

	it('are shares of a picture where no number is beyond two', () => {
		expect(areShares([0.1, 1.2, -0.3, 2])).toBe(true);
		expect(areShares([0.1, 2.1])).toBe(false);
		expect(areShares([0.1, -2.1])).toBe(false);
		expect(areShares([NaN, 0.5])).toBe(true);
	});

	it('overlap by their intersection over their union', () => {
		const boxes = [0, 0, 4, 4, 2, 2, 6, 6, 4, 0, 8, 4, 1, 1, 3, 3, 5, 5, 5, 9];
		// 2 x 2 of 16 + 16 - 4.
		expect(overlap(boxes, 0, 1)).toBeCloseTo(4 / 28, 12);
		expect(overlap(boxes, 1, 0)).toBeCloseTo(4 / 28, 12);
		// They only touch; one lies in the other; itself; one without an area.
		expect(overlap(boxes, 0, 2)).toBe(0);
		expect(overlap(boxes, 0, 3)).toBe(0.25);
		expect(overlap(boxes, 0, 0)).toBe(1);
		expect(overlap(boxes, 4, 4)).toBe(0);
		// Apart along both axes: no product of two negative sides.
		expect(overlap([0, 0, 1, 1, 5, 5, 6, 6], 0, 1)).toBe(0);
	});
});

describe('non-maximum suppression', () => {
	// 0 and 1 overlap by 3/5, 1 and 2 by 3/5, 0 and 2 by 2/6; 3 is where 0 is, of another class.
	const boxes = {
		corners: [0, 0, 4, 1, 1, 0, 5, 1, 2, 0, 6, 1, 0, 0, 4, 1],
		scores: [0.7, 0.9, 0.8, 0.6],
		classes: [0, 0, 0, 1]
	};

	it('keeps the best of those that overlap by more, class by class', () => {
		expect(suppressed(boxes, { least: 0, most: 0.5 })).toEqual([1, 3]);
		// What is left out leaves nothing out: 0 and 2 stay where 1 is too weak.
		expect(suppressed({ ...boxes, scores: [0.7, 0.1, 0.8, 0.6] }, { least: 0.2, most: 0.5 })).toEqual([2, 0, 3]);
	});

	it('leaves those that overlap by exactly as much, and all with a limit of one', () => {
		expect(suppressed(boxes, { least: 0, most: 3 / 5 })).toEqual([1, 2, 0, 3]);
		expect(suppressed(boxes, { least: 0, most: 1 })).toEqual([1, 2, 0, 3]);
	});

	it('takes a score that is the threshold, of equal ones the first, and no more than are wanted', () => {
		expect(suppressed(boxes, { least: 0.8, most: 1 })).toEqual([1, 2]);
		expect(suppressed({ ...boxes, scores: [0.5, 0.5, 0.5, NaN] }, { least: 0.5, most: 0.5 })).toEqual([0, 2]);
		expect(suppressed(boxes, { least: 0, most: 1, limit: 2 })).toEqual([1, 2]);
	});
});
