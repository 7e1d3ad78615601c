import { expect, it } from 'vitest';
import { coloursOf, drawWorker } from '../tools/draw-worker.ts';

const { draw, send } = drawWorker();
const SIDE = 64;

/** Red disc, green diamond, ringed blue disc; a small one in a corner. */
const points = {
	positions: Float32Array.of(0.25, 0.25, 0.75, 0.25, 0.25, 0.75, 1, 1),
	marks: Float32Array.of(255, 0, 0, 0, 0, 255, 0, 1, 0, 0, 255, 2, 9, 9, 9, 0),
	radius: 6
};

it('points lie where they are, in their colours and shapes, alone and over a field', async () => {
	const alone = coloursOf(await draw.points({ width: SIDE, height: SIDE, pixel: 1, points }));
	send('white', 2, 2, [1, 1, 1, 1]);
	const over = coloursOf(
		await draw.regions({
			...{ width: SIDE, height: SIDE, pixel: 1, field: 'white', planes: 1, meaning: 'value', plane: 0, points },
			...{ ends: [0, 1], mode: 'regions', bounds: { x: 0, y: 0, width: SIDE, height: SIDE }, scale: 'puor' },
			...{ range: [-1, 1], line: false, levels: [], flow: 'none', colours: [[0, 0, 0]] }
		})
	);
	for (const at of [alone, over]) {
		expect(at(16, 16).slice(0, 3)).toEqual([255, 0, 0]);
		expect(at(48, 16).slice(0, 3)).toEqual([0, 255, 0]);
		expect(at(16, 48).slice(0, 3)).toEqual([0, 0, 255]);
		// A disc has a light edge; a diamond is narrower at its sides; a ring is dark, light beside.
		expect(Math.min(...at(22, 16).slice(0, 3))).toBeGreaterThan(120);
		expect(at(19, 19)[3]).toBe(255);
		const [ring = 255] = at(24, 48);
		expect(ring).toBeLessThan(100);
		expect(at(61, 61).slice(0, 3)).toEqual([9, 9, 9]);
	}
	expect(alone(32, 32)[3]).toBe(0);
	expect(alone(53, 21)[3]).toBe(0);
	// Only the wrong one is ringed.
	expect(alone(24, 16)[3]).toBe(0);
	// In device pixels a point is as large as its CSS pixels say.
	const fine = coloursOf(await draw.points({ width: SIDE, height: SIDE, pixel: 2, points }));
	expect(fine(26, 16)[3]).toBe(255);
});
