import { describe, expect, it } from 'vitest';
import { affinities } from '#maths/projection/affinities.ts';
import { exactNeighbours } from '#maths/projection/exact-neighbours.ts';
import { comparable, finish } from '#maths/projection/rows.ts';
import { randomStart } from '#maths/projection/start.ts';
import { divergence, tsneGradient, tsneLayout, tsneRate } from '#maths/projection/tsne-layout.ts';
import { expectClose } from '../../close.ts';
import { gaussianMixture } from '../../tools/mixture.ts';

describe('t-SNE', () => {
	const data = gaussianMixture(90, { width: 8, clusters: 3 });
	const graph = finish(affinities(finish(exactNeighbours(comparable(data, 'euclidean'), 30)), 90, 10));

	it('has affinities that add up to one, of the perplexity asked for', () => {
		expect(graph.weights.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
		const k = 40;
		const apart = Float32Array.from({ length: 41 * k }, (_, at) => 1 + (at % k) / 10);
		const indices = Int32Array.from({ length: 41 * k }, (_, at) => (Math.floor(at / k) + 1 + (at % k)) % 41);
		const even = finish(affinities({ k, indices, distances: apart }, 41, 7));
		// One row of a circulant: half of what goes out and half of what comes in have the same entropy.
		const own = [...even.weights.subarray(0, even.offsets[1])].reduce((a, b) => a + b);
		expect(own).toBeCloseTo(1 / 41, 5);
	});

	it('gives each row a bell of the perplexity asked for', () => {
		// Nobody has the first row among its neighbours, so that its own strengths can be read off.
		const [count, k] = [7, 5];
		const indices = Int32Array.from({ length: count * k }, (_, at) => {
			const [i, n] = [Math.floor(at / k), at % k];
			return i ? ((i - 1 + 1 + n) % 6) + 1 : n + 1;
		});
		const distances = Float32Array.from({ length: count * k }, (_, at) => 1 + (at % k) / 2);
		for (const perplexity of [2, 3, 4.5]) {
			const { offsets, weights } = finish(affinities({ k, indices, distances }, count, perplexity));
			const own = [...weights.subarray(offsets[0], offsets[1])].map((weight) => 2 * count * weight);
			expect(own).toHaveLength(k);
			expect(own.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
			expect(Math.exp(-own.reduce((sum, p) => sum + p * Math.log(p), 0))).toBeCloseTo(perplexity, 4);
		}
	});

	it.each([2, 3] as const)('has the gradient of its divergence in %d dimensions', (dimensions) => {
		const positions = randomStart(90, dimensions, 2).map((value) => value / 5);
		const exact = finish(tsneGradient(graph, positions, { dimensions, theta: 0 }));
		const numeric = Array.from(exact.keys(), (at) => {
			const by = (step: number) => {
				const moved = Float64Array.from(positions);
				moved[at]! += step;
				return divergence(graph, moved, dimensions);
			};
			return (by(1e-4) - by(-1e-4)) / 2e-4;
		});
		expectClose({ data: exact }, { data: numeric }, { rtol: 1e-4, atol: 1e-7 });
		const near = finish(tsneGradient(graph, positions, { dimensions, theta: 0.4 }));
		const miss = Math.hypot(...near.map((value, at) => value - exact[at]!)) / Math.hypot(...exact);
		expect(miss).toBeLessThan(0.05);
		expect(miss).toBeGreaterThan(0);
	});

	it('pulls harder for the early iterations and only for them', () => {
		const start = randomStart(90, 2, 2).map((value) => value / 5);
		const given = { dimensions: 2, early: 1, exaggeration: 12, theta: 0 } as const;
		const after = (iterations: number) => {
			const positions = start.slice();
			finish(tsneLayout(graph, positions, { ...given, iterations }));
			return positions;
		};
		const rate = tsneRate(90, 12);
		/** Steps as van der Maaten's own code takes them: a gain per coordinate, which begins at 1. */
		const [first, second] = [after(1), after(2)];
		const pulled = finish(tsneGradient(graph, start, given, 12));
		expectClose(
			{ data: first },
			{ data: start.map((x, at) => x - rate * 0.8 * pulled[at]!) },
			{ rtol: 1e-4, atol: 1e-5 }
		);
		const plain = finish(tsneGradient(graph, first, given, 1));
		const expected = first.map((x, at) => {
			const speed = first[at]! - start[at]!;
			const gain = plain[at]! * speed < 0 ? 1 : 0.64;
			return x + 0.8 * speed - rate * gain * plain[at]!;
		});
		expectClose({ data: second }, { data: expected }, { rtol: 1e-3, atol: 1e-4 });
	});
});
