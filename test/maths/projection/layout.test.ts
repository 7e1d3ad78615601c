import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { UMAP } from 'umap-js';
import { describe, expect, it } from 'vitest';
import { affinities } from '#maths/projection/affinities.ts';
import { curveTable, fitCurve } from '#maths/projection/curve.ts';
import { exactNeighbours } from '#maths/projection/exact-neighbours.ts';
import { fuzzyGraph } from '#maths/projection/fuzzy-graph.ts';
import { edgeRates, gatherLayout, PHASES } from '#maths/projection/gather-layout.ts';
import { principal } from '#maths/projection/principal.ts';
import { fidelity } from '#maths/projection/quality.ts';
import { projected } from '#maths/projection/random-axes.ts';
import { random } from '#maths/projection/random.ts';
import { comparable, finish, type Rows } from '#maths/projection/rows.ts';
import { components, spectralCoordinates } from '#maths/projection/spectral.ts';
import { randomStart, scaledStart } from '#maths/projection/start.ts';
import { divergence, tsneGradient, tsneLayout, tsneRate } from '#maths/projection/tsne-layout.ts';
import { umapLayout } from '#maths/projection/umap-layout.ts';
import { expectClose } from '../../close.ts';
import { gaussianMixture, swissRoll } from '../../tools/mixture.ts';
import { mnist } from '../../tools/mnist.ts';

const DATA = process.env['VITRINE_DATA'];
const table = curveTable(fitCurve(0.1, 1));
const options = (seed = 1, dimensions: 2 | 3 = 2, epochs = 300) =>
	({ dimensions, epochs, negatives: 5, rate: 1, seed, table }) as const;

const graphOf = (data: Rows, k = 14) => {
	const rows = comparable(data, 'euclidean');
	return finish(fuzzyGraph(finish(exactNeighbours(rows, k)), data.count));
};

function principalStart(data: Rows, dimensions: 2 | 3, seed: number): Float32Array {
	const { axes, mean } = finish(principal(data, dimensions, seed));
	return scaledStart(finish(projected(data, axes, dimensions, mean)), dimensions, seed);
}

/** Means of three seeds, of ours row by row, ours edge by edge, and of umap-js. */
function compared(data: Rows, epochs: number) {
	const rows = comparable(data, 'euclidean');
	const graph = graphOf(data);
	const nested = Array.from({ length: data.count }, (_, i) =>
		Array.from(data.values.subarray(i * data.width, (i + 1) * data.width))
	);
	const judge = (map: (seed: number) => Float32Array) => {
		const all = [1, 2, 3].map((seed) => finish(fidelity(rows, map(seed), 2, 15)));
		const mean = (of: (one: (typeof all)[0]) => number) => all.reduce((sum, one) => sum + of(one) / 3, 0);
		return { trust: mean((one) => one.trustworthiness), overlap: mean((one) => one.overlap) };
	};
	return {
		edges: judge((seed) => {
			const positions = principalStart(data, 2, seed);
			finish(umapLayout(graph, positions, options(seed, 2, epochs)));
			return positions;
		}),
		gather: judge((seed) => finish(gatherLayout(graph, principalStart(data, 2, seed), options(seed, 2, epochs)))),
		reference: judge((seed) => {
			const { uniform } = random(seed, 'sample');
			return Float32Array.from(new UMAP({ nEpochs: epochs, random: uniform }).fit(nested).flat());
		})
	};
}

describe('UMAP', () => {
	it.each([
		['a gaussian mixture', () => gaussianMixture(1000)],
		['a swiss roll', () => swissRoll(1000)],
		...(DATA ? ([['MNIST', () => mnist(`${DATA}/mnist`, 1000)]] as const) : [])
	] as [string, () => Rows][])(
		'is as true to %s as umap-js',
		(_, make) => {
			const { edges, gather, reference } = compared(make(), 200);
			for (const ours of [edges, gather]) {
				expect(ours.trust).toBeGreaterThan(reference.trust - 0.01);
				expect(ours.overlap).toBeGreaterThan(reference.overlap - 0.02);
			}
		},
		240_000
	);

	it('gives the same bits for a seed, others for another', () => {
		const data = gaussianMixture(400);
		const graph = graphOf(data);
		for (const dimensions of [2, 3] as const) {
			const run = (seed: number) => {
				const positions = randomStart(400, dimensions, seed);
				finish(umapLayout(graph, positions, options(seed, dimensions, 50)));
				return [
					positions,
					finish(gatherLayout(graph, randomStart(400, dimensions, seed), options(seed, dimensions, 50)))
				];
			};
			expect(run(3)).toEqual(run(3));
			expect(run(3)).not.toEqual(run(4));
			expect(
				run(3)
					.flatMap((map) => Array.from(map))
					.every(Number.isFinite)
			).toBe(true);
		}
	});

	it('draws every edge as often as its weight says', () => {
		const graph = graphOf(gaussianMixture(200));
		const most = graph.weights.reduce((a, b) => Math.max(a, b));
		const rates = edgeRates(graph, 100);
		for (const [e, rate] of rates.entries()) {
			const times = (rate / 2 ** 32) * PHASES * 100;
			const expected = graph.weights[e]! < most / 100 ? 0 : (100 * graph.weights[e]!) / most;
			expect(Math.abs(times - expected)).toBeLessThan(1e-3);
		}
	});

	it('keeps the large shape of a mixture from a principal start', () => {
		const data = gaussianMixture(1500, { clusters: 10 });
		const positions = principalStart(data, 2, 1);
		finish(umapLayout(graphOf(data), positions, options(1)));
		expect(finish(fidelity(comparable(data, 'euclidean'), positions, 2, 15)).triplets).toBeGreaterThan(0.7);
	});
});

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

describe('principal components', () => {
	it.each([
		[gaussianMixture(300, { width: 20 }), 3],
		[gaussianMixture(150, { width: 300, rank: 4, clusters: 4 }), 3],
		[gaussianMixture(5, { width: 250, rank: 3 }), 2]
	] as const)('are those of the singular value decomposition (%#)', (data, wanted) => {
		const { count, width, values } = data;
		const found = finish(principal(data, wanted, 1));
		const centred = Matrix.from1DArray(count, width, values).center('column');
		const { diagonal, rightSingularVectors } = new SingularValueDecomposition(centred, { autoTranspose: true });
		const variances = diagonal.map((value) => value ** 2 / (count - 1));
		expectClose({ data: found.variances }, { data: variances.slice(0, wanted) }, { rtol: 1e-6 });
		expectClose({ data: [found.total] }, { data: [variances.reduce((a, b) => a + b)] }, { rtol: 1e-6 });
		for (let a = 0; a < wanted; a++) {
			const own = Array.from({ length: width }, (_, c) => found.axes[c * wanted + a]!);
			const dot = own.reduce((sum, x, c) => sum + x * rightSingularVectors.get(c, a), 0);
			expect(Math.abs(dot)).toBeGreaterThan(1 - 1e-5);
			expect(Math.max(...own)).toBeGreaterThanOrEqual(-Math.min(...own));
		}
	});
});

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

	it('keeps neighbours better than UMAP, to the same bits for a seed', () => {
		const big = gaussianMixture(600);
		const rows = comparable(big, 'euclidean');
		const wide = finish(affinities(finish(exactNeighbours(rows, 90)), 600, 30));
		const run = () => {
			const positions = principalStart(big, 2, 1).map((value) => value * 2e-5);
			finish(tsneLayout(wide, positions, { dimensions: 2, iterations: 400, early: 130, exaggeration: 12, theta: 0.5 }));
			return positions;
		};
		const map = run();
		expect(run()).toEqual(map);
		const umap = principalStart(big, 2, 1);
		finish(umapLayout(graphOf(big), umap, options(1)));
		const [ours, other] = [map, umap].map((positions) => finish(fidelity(rows, positions, 2, 15)));
		expect(ours!.overlap).toBeGreaterThan(other!.overlap);
		expect(ours!.trustworthiness).toBeGreaterThan(0.98);
	});
});
