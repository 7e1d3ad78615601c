import { describe, expect, it } from 'vitest';
import { exactNeighbours } from '#maths/projection/exact-neighbours.ts';
import { fuzzyGraph } from '#maths/projection/fuzzy-graph.ts';
import { comparable, finish, type Rows } from '#maths/projection/rows.ts';
import { components, spectralCoordinates } from '#maths/projection/spectral.ts';

const graphOf = (data: Rows, k: number) => {
	const rows = comparable(data, 'euclidean');
	return finish(fuzzyGraph(finish(exactNeighbours(rows, k)), data.count));
};

describe('a spectral start', () => {
	it('unrolls a spiral: its first coordinate follows the length', () => {
		const count = 400;
		const values = new Float32Array(2 * count);
		for (let i = 0; i < count; i++) {
			const angle = 2 + i / 40;
			values.set([angle * Math.cos(angle), angle * Math.sin(angle)], 2 * i);
		}
		const graph = graphOf({ values, count, width: 2 }, 6);
		expect(components(graph).count).toBe(1);
		const found = finish(spectralCoordinates(graph, 2, new Float32Array(2 * count), 1));
		const steps = Array.from({ length: count - 1 }, (_, i) => Math.sign(found[2 * i + 2]! - found[2 * i]!));
		expect(Math.abs(steps.reduce((a, b) => a + b)) / steps.length).toBeGreaterThan(0.95);
	});

	it('keeps components apart where they are', () => {
		const values = Float32Array.from({ length: 400 }, (_, i) => (i < 200 ? 0 : 100) + Math.sin(i * 7.3));
		const graph = graphOf({ values, count: 200, width: 2 }, 5);
		expect(components(graph).count).toBeGreaterThanOrEqual(2);
		const found = finish(spectralCoordinates(graph, 2, values, 1));
		const [low, high] = [found.subarray(0, 200), found.subarray(200)];
		expect(Math.max(...low)).toBeLessThan(Math.min(...high));
	});
});
