import { describe, expect, it } from 'vitest';
import type { Graph } from '#maths/projection/fuzzy-graph.ts';
import { finish } from '#maths/projection/rows.ts';
import { SpaceTree } from '#maths/projection/space-tree.ts';
import { components, spectralCoordinates } from '#maths/projection/spectral.ts';
import { expectClose } from '../../close.ts';
import { hash01 } from '../../tools/hash01.ts';

function repulsion(points: Float32Array, dimensions: 2 | 3, i: number, theta: number) {
	const tree = finish(SpaceTree.of(points, dimensions));
	const force = new Float64Array(dimensions + 2).fill(1);
	const sum = tree.repulsion(i, theta, force, 1);
	expect([force[0], force.at(-1)]).toEqual([1, 1]);
	return { sum, force: [...force.subarray(1, -1)].map((v) => v - 1) };
}

/** Each by each, as it is defined; `bodies` are positions with their points. */
function summed(own: readonly number[], bodies: readonly { at: readonly number[]; mass: number }[]) {
	const force = own.map(() => 0);
	let sum = 0;
	for (const { at, mass } of bodies) {
		const q = 1 / (1 + at.reduce((all, x, d) => all + (own[d]! - x) ** 2, 0));
		sum += mass * q;
		at.forEach((x, d) => (force[d]! += mass * q * q * (own[d]! - x)));
	}
	return { sum, force };
}

describe.each([2, 3] as const)('what pushes a point in %d dimensions', (dimensions) => {
	const points = Float32Array.from({ length: 60 * dimensions }, (_, k) => 5 * hash01(dimensions, k) ** 2 - 1);
	// Three at one position.
	points.copyWithin(3 * dimensions, 0, dimensions);
	points.copyWithin(40 * dimensions, 0, dimensions);
	const point = (i: number) => [...points.subarray(i * dimensions, (i + 1) * dimensions)];

	it('is all others, one by one, where none may be taken together', () => {
		for (const i of [0, 1, 17, 40, 59]) {
			const others = Array.from({ length: 60 }, (_, j) => ({ at: point(j), mass: 1 })).filter((_, j) => j !== i);
			const [found, expected] = [repulsion(points, dimensions, i, 0), summed(point(i), others)];
			expect(found.sum).toBeCloseTo(expected.sum, 9);
			expectClose({ data: found.force }, { data: expected.force }, { atol: 1e-9 });
			const near = repulsion(points, dimensions, i, 0.3);
			expect(near.sum / expected.sum).toBeCloseTo(1, 1);
			expect(near.sum).not.toBe(expected.sum);
		}
	});

	it('is what lies far away and close together, as one at its centre', () => {
		// 8 by 8 (by 8) from the origin: three lie in the last sixteenth of each side.
		const far = [
			[0, 0, 0],
			[8, 8, 8],
			[7.6, 7.6, 7.6],
			[7.6, 7.9, 7.7]
		].map((at) => at.slice(0, dimensions));
		const cluster = far.slice(1);
		const centre = cluster[0]!.map((_, d) => cluster.reduce((sum, at) => sum + Math.fround(at[d]!), 0) / 3);
		const all = Float32Array.from(far.flat());
		const one = repulsion(all, dimensions, 0, 0.5);
		const expected = summed(far[0]!, [{ at: centre, mass: 3 }]);
		expect(one.sum).toBeCloseTo(expected.sum, 12);
		expectClose({ data: one.force }, { data: expected.force }, { rtol: 1e-9 });
		// They share a box of 0.5: seen from here it is 0.5 / 10.9 wide (13.3 in space).
		const angle = 0.5 / Math.hypot(...centre);
		const parted = repulsion(all, dimensions, 0, 0.98 * angle);
		const single = summed(
			far[0]!,
			cluster.map((at) => ({ at: at.map(Math.fround), mass: 1 }))
		);
		expect(parted.sum).toBeCloseTo(single.sum, 12);
		expect(repulsion(all, dimensions, 0, 1.02 * angle).sum).toBeCloseTo(expected.sum, 12);
		expect(Math.abs(single.sum - expected.sum)).toBeGreaterThan(1e-7);
	});

	it('is nothing where there is one point, or one position', () => {
		expect(repulsion(new Float32Array(dimensions), dimensions, 0, 0.5)).toEqual({
			sum: 0,
			force: Array(dimensions).fill(0)
		});
		const same = repulsion(new Float32Array(5 * dimensions).fill(3), dimensions, 2, 0.5);
		expect(same.sum).toBeCloseTo(4, 12);
		expect(same.force).toEqual(Array(dimensions).fill(0));
		expect(finish(SpaceTree.of(new Float32Array(0), dimensions))).toBeTruthy();
	});
});

/** Rings of so many rows each, every edge with the same weight. */
function rings(...sizes: readonly number[]): Graph {
	const rows = sizes.flatMap((size, r) => {
		const first = sizes.slice(0, r).reduce((a, b) => a + b, 0);
		return Array.from({ length: size }, (_, i) =>
			[(i + size - 1) % size, (i + 1) % size].map((j) => first + j).sort((a, b) => a - b)
		);
	});
	return {
		count: rows.length,
		offsets: Uint32Array.from([0, ...rows.map((_, i) => 2 * (i + 1))]),
		columns: Uint32Array.from(rows.flat()),
		weights: new Float32Array(2 * rows.length).fill(0.5)
	};
}

describe('smooth coordinates', () => {
	it('of parts lie around their positions, within their share of the map; small parts stay where they are', () => {
		const graph = rings(12, 16, 7);
		expect(components(graph)).toEqual({
			of: Int32Array.from({ length: 35 }, (_, i) => (i < 12 ? 0 : i < 28 ? 1 : 2)),
			count: 3
		});
		const start = Float32Array.from({ length: 70 }, (_, k) => (k < 24 ? -6 : k < 56 ? 8 : 1 + (k % 2)));
		const found = finish(spectralCoordinates(graph, 2, start, 1));
		expect([...found.subarray(56)]).toEqual([...start.subarray(56)]);
		const reach = (0.5 * 8) / Math.sqrt(3);
		for (const [from, to, centre] of [
			[0, 24, -6],
			[24, 56, 8]
		] as const) {
			const own = found.subarray(from, to);
			expect(own.reduce((a, b) => a + b) / own.length).toBeCloseTo(centre, 4);
			expect(Math.max(...own.map((v) => Math.abs(v - centre)))).toBeCloseTo(reach, 4);
		}
		// Eight rows are enough for two axes.
		const eight = finish(spectralCoordinates(rings(8, 8), 2, new Float32Array(32).fill(1), 1));
		expect(new Set(eight).size).toBeGreaterThan(4);
	});

	it('weigh edges by the degrees of their ends: a path has cosines for its waves', () => {
		const n = 20;
		const graph: Graph = {
			count: n,
			offsets: Uint32Array.from({ length: n + 1 }, (_, i) => (i === 0 ? 0 : i === n ? 2 * n - 2 : 2 * i - 1)),
			columns: Uint32Array.from(
				Array.from({ length: n }, (_, i) => [i - 1, i + 1].filter((j) => j >= 0 && j < n)).flat()
			),
			weights: new Float32Array(2 * n - 2).fill(1)
		};
		const found = finish(spectralCoordinates(graph, 2, new Float32Array(2 * n), 3));
		// Of the walk on a path, times the root of the degree, which is 1 at the ends and 2 between; of length 1 each.
		const max = Math.max(...found.map(Math.abs));
		for (const d of [0, 1]) {
			const own = Array.from({ length: n }, (_, i) => found[2 * i + d]!);
			const wave = own.map((_, i) => Math.sqrt(i % (n - 1) ? 2 : 1) * Math.cos(((d + 1) * Math.PI * i) / (n - 1)));
			const size = (v: readonly number[]) => Math.hypot(...v);
			const sign = Math.sign(own[0]! * wave[0]!);
			expectClose(
				{ data: own.map((v) => v / size(own)) },
				{ data: wave.map((v) => (sign * v) / size(wave)) },
				{ atol: 2e-3 }
			);
			expect(max).toBeCloseTo(1, 6);
		}
		expect(finish(spectralCoordinates(graph, 2, new Float32Array(2 * n), 3))).toEqual(found);
	});
});
