import { describe, expect, it } from 'vitest';
import { Detail } from '#maths/playground/detail.ts';

/** The side after so many pictures, of which each costs so much anyway, and so much for a cell. */
function settled(quick: number, each: number, cell: number, max = 1024, pictures = 100): number[] {
	const detail = new Detail(quick);
	return Array.from({ length: pictures }, (_, i) => {
		const side = detail.side(max);
		detail.took(each * (1 + 0.05 * Math.sin(i)) + cell * side ** 2, max);
		return side;
	}).slice(-30);
}
const middle = (sides: number[]) => [...sides].sort((a, b) => a - b)[15];

describe('how finely a picture is drawn', () => {
	it('is as fine as it may be where cells cost next to nothing', () => {
		expect(middle(settled(50, 5, 1e-6))).toBe(1024);
		expect(middle(settled(50, 5, 1e-6, 444))).toBe(444);
	});

	it('fills the time that a picture may always take', () => {
		// 50 ms buy 50,000 cells: a side of 181 is 33 ms, of 256 is 66.
		expect(middle(settled(50, 0, 1e-3))).toBe(181);
	});

	it('spends beside a large fixed cost about as much again', () => {
		// 100 ms anyway and 1 µs for a cell: as much again buys 100,000 cells.
		expect(middle(settled(50, 100, 1e-3))).toBe(256);
		// It looks further from time to time, not for long.
		expect(settled(50, 100, 1e-3).filter((side) => side > 256).length).toBeLessThanOrEqual(4);
	});

	it('gets coarser when cells become dearer, and finer again', () => {
		const detail = new Detail(50);
		const run = (cell: number) => {
			for (let i = 0; i < 200; i++) detail.took(cell * detail.side(1024) ** 2, 1024);
			return detail.side(1024);
		};
		expect(run(1e-4)).toBe(512);
		expect(run(1e-2)).toBeLessThanOrEqual(128);
		expect(run(1e-4)).toBeGreaterThan(500);
	});
});
