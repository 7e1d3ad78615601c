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
import { fastStream } from '#maths/random.ts';
import { comparable, finish, type Rows } from '#maths/projection/rows.ts';
import { randomStart, scaledStart } from '#maths/projection/start.ts';
import { tsneLayout } from '#maths/projection/tsne-layout.ts';
import { umapLayout } from '#maths/projection/umap-layout.ts';
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
			const { uniform } = fastStream(seed, 'sample');
			return Float32Array.from(new UMAP({ nEpochs: epochs, random: uniform }).fit(nested).flat());
		})
	};
}

describe('UMAP', () => {
	it.each([
		['a gaussian mixture', () => gaussianMixture(500)],
		['a swiss roll', () => swissRoll(500)],
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
		const max = graph.weights.reduce((a, b) => Math.max(a, b));
		const rates = edgeRates(graph, 100);
		for (const [e, rate] of rates.entries()) {
			const times = (rate / 2 ** 32) * PHASES * 100;
			const expected = graph.weights[e]! < max / 100 ? 0 : (100 * graph.weights[e]!) / max;
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

describe('t-SNE', () => {
	it('keeps neighbours better than UMAP, to the same bits for a seed', () => {
		const big = gaussianMixture(600);
		const rows = comparable(big, 'euclidean');
		const wide = finish(affinities(finish(exactNeighbours(rows, 90)), 600, 30));
		const run = (iterations: number, early: number) => {
			const positions = principalStart(big, 2, 1).map((value) => value * 2e-5);
			finish(tsneLayout(wide, positions, { dimensions: 2, iterations, early, exaggeration: 12, theta: 0.5 }));
			return positions;
		};
		expect(run(20, 10)).toEqual(run(20, 10));
		const map = run(400, 130);
		const umap = principalStart(big, 2, 1);
		finish(umapLayout(graphOf(big), umap, options(1)));
		const [ours, other] = [map, umap].map((positions) => finish(fidelity(rows, positions, 2, 15)));
		expect(ours!.overlap).toBeGreaterThan(other!.overlap);
		expect(ours!.trustworthiness).toBeGreaterThan(0.98);
	});
});
