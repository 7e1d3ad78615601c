import { describe, expect, it } from 'vitest';
import { blendAt, emptyBlends } from '#maths/scatter/blends.ts';
import { FlatNeighbours } from '#maths/scatter/flat-neighbours.ts';
import { claimAt, reachOf } from '#maths/scatter/reach.ts';
import { fastStream } from '#maths/random.ts';

/** Clumps, strays, points twice in the same position and one without a position. */
function positions(count: number): Float32Array {
	const { normal, uniform, below } = fastStream(7, 'layout');
	const out = new Float32Array(2 * count);
	for (let i = 0; i < count; i++) {
		const clump = below(4);
		const at = i % 10 ? [0.5 * Math.cos(clump) + 0.02 * normal(), 0.5 * Math.sin(2 * clump) + 0.05 * normal()] : null;
		out.set(at ?? [2 * uniform() - 1, 2 * uniform() - 1], 2 * i);
	}
	for (let i = 0; i < 20; i++) out.copyWithin(2 * (count - 1 - i), 2 * i, 2 * i + 2);
	return out;
}

function brute(p: Float32Array, x: number, y: number, k: number, within: number): number[] {
	const square = (i: number) => (p[2 * i]! - x) ** 2 + (p[2 * i + 1]! - y) ** 2;
	return Array.from({ length: p.length / 2 }, (_, i) => i)
		.filter((i) => square(i) <= within * within)
		.sort((a, b) => square(a) - square(b) || a - b)
		.slice(0, k);
}

describe('the nearest of a flat map', () => {
	it.each([3, 40, 3000])('are those of brute force, among %i', (count) => {
		const p = positions(Math.max(count, 40)).subarray(0, 2 * count);
		p[0] = 1e6;
		const near = new FlatNeighbours(p, 7);
		const { uniform } = fastStream(3, 'start');
		for (let n = 0; n < 300; n++) {
			const [x, y] = [2.6 * uniform() - 1.3, 2.6 * uniform() - 1.3];
			const [k, within] = n % 2 ? [7, 3] : [1, 0.2];
			const found = near.find(x, y, k, within);
			expect([...near.items.subarray(0, found)]).toEqual(brute(p, x, y, k, within));
		}
	});

	it('are found in a part of it, with cells as wide as one likes', () => {
		const p = positions(2000);
		const near = new FlatNeighbours(p, 1, [-0.2, -0.2, 0.7, 0.6], 0.1);
		for (let x = 0; x < 0.5; x += 0.013) {
			const found = near.find(x, 0.3 - x / 2, 1, 0.15);
			expect([...near.items.subarray(0, found)]).toEqual(brute(p, x, 0.3 - x / 2, 1, 0.15));
		}
	});

	it('can leave out the point itself', () => {
		const near = new FlatNeighbours(Float32Array.of(0, 0, 0.1, 0, 0.3, 0), 2);
		expect(near.find(0, 0, 2, 9, 0)).toBe(2);
		expect([...near.items]).toEqual([1, 2]);
	});

	it('say how far a map may be read: four times the third neighbour, of nine in ten', () => {
		const line = Float32Array.from({ length: 202 }, (_, i) => (i % 2 ? 0 : -1 + i / 100));
		// Within the line the third neighbour is two steps of 0.02 away; at its ends, three.
		expect(reachOf(new FlatNeighbours(line, 3))).toBeCloseTo(0.16, 5);
		expect([0, 0.08, 0.12, 0.16, 1].map((d) => claimAt(d, 0.16))).toEqual([1, 1, expect.closeTo(0.5, 9), 0, 0]);
	});
});

describe('mixtures', () => {
	const p = positions(400);
	const near = new FlatNeighbours(p, 6);
	const at = (x: number, y: number, reach = 3, except = -1) => {
		const blends = emptyBlends(1, 5);
		return blendAt(near, x, y, reach, blends, 0, except) ? blends : null;
	};
	/** The mixture of something that every item has. */
	const mixed = (x: number, y: number) => {
		const { items, weights } = at(x, y)!;
		return weights.reduce((sum, w, j) => sum + w * Math.sin(items[j]!), 0);
	};

	it('are the item at its own position, and sum to one', () => {
		for (let i = 40; i < 300; i += 17) {
			const { items, weights } = at(p[2 * i]!, p[2 * i + 1]!)!;
			expect(items[0]).toBe(i);
			expect(weights[0]).toBeCloseTo(1, 4);
			const other = at(p[2 * i]!, p[2 * i + 1]!, 3, i)!;
			expect(other.items).not.toContain(i);
			expect(other.weights.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
		}
	});
	it('change without a jump where one neighbour takes the place of another', () => {
		let max = 0;
		const steps = 4000;
		for (let n = 1; n <= steps; n++)
			max = Math.max(max, Math.abs(mixed(-1 + (2 * n) / steps, 0.21) - mixed(-1 + (2 * (n - 1)) / steps, 0.21)));
		const plain = (x: number) => Math.sin(brute(p, x, 0.21, 1, 3)[0]!);
		const jumps = Array.from({ length: steps }, (_, n) =>
			Math.abs(plain(-1 + (2 * (n + 1)) / steps) - plain(-1 + (2 * n) / steps))
		);
		expect(max).toBeLessThan(0.25 * Math.max(...jumps));
	});
	it('are none out of reach', () => {
		expect(at(1.3, -1.3, 0.05)).toBeNull();
	});
});
