import { describe, expect, it } from 'vitest';
import { hash, pcg } from '#maths/hash-normal.ts';
import { curveTable, indexInTable, type Curve } from '#maths/projection/curve.ts';
import type { Graph } from '#maths/projection/fuzzy-graph.ts';
import { gatherLayout, stepRate } from '#maths/projection/gather-layout.ts';
import { fastStream } from '#maths/random.ts';
import { finish } from '#maths/projection/rows.ts';
import { drawnEdges, umapLayout } from '#maths/projection/umap-layout.ts';
import { expectClose } from '../../close.ts';
import { hash01 } from '../../tools/hash01.ts';

/** Layouts of a few points beside umap-learn's loops, written down plainly and with the gradient itself instead of a table. */

const CURVE: Curve = { a: 1.577, b: 0.895 };
const table = curveTable(CURVE);
const clip = (value: number) => Math.max(-4, Math.min(4, value));
// The table itself is held to the curve's gradient elsewhere (graph.test.ts).
const attraction = (square: number) => table.factors[2 * indexInTable(table, square)]!;
const repulsion = (square: number) => table.factors[2 * indexInTable(table, square) + 1]!;

const COUNT = 7;
/** None of a period that meets an epoch to the last bit. */
const WEIGHTS = [1, 0.71, 0.31, 0.05, 0.93, 0.43];
/** A path, each edge in both directions. */
const graph: Graph = (() => {
	const [offsets, columns, weights] = [[0], [] as number[], [] as number[]];
	for (let i = 0; i < COUNT; i++) {
		for (const [j, weight] of [
			[i - 1, WEIGHTS[i - 1]],
			[i + 1, WEIGHTS[i]]
		] as const)
			if (weight !== undefined) {
				columns.push(j);
				weights.push(weight);
			}
		offsets.push(columns.length);
	}
	return {
		count: COUNT,
		offsets: Uint32Array.from(offsets),
		columns: Uint32Array.from(columns),
		weights: Float32Array.from(weights)
	};
})();
const edges = Array.from({ length: COUNT }, (_, i) =>
	Array.from(graph.columns.subarray(graph.offsets[i], graph.offsets[i + 1]), (j, n) => ({
		i,
		j,
		weight: graph.weights[graph.offsets[i]! + n]!
	}))
).flat();
/** Two of the points at one position, others close by and far away. */
const start = (dimensions: number) => {
	const at = Float32Array.from({ length: COUNT * dimensions }, (_, k) => 3 * hash01(5, k) ** 3);
	at.copyWithin(0, 2 * dimensions, 3 * dimensions);
	at[4 * dimensions] = 40;
	return at;
};

/** umap-learn's optimize_layout_euclidean, move_other = True; with the numbers of our own stream. */
function learned(dimensions: 2 | 3, epochs: number, negatives: number, seed: number): number[] {
	const at = [...start(dimensions)];
	const drawn = edges.filter(({ weight }) => weight >= 1 / epochs);
	const every = drawn.map(({ weight }) => 1 / weight);
	const [due, pushDue] = [[...every], every.map((period) => period / negatives)];
	let state = fastStream(seed, 'layout').bits();
	const next = () => {
		state = (state ^ (state << 13)) >>> 0;
		state = (state ^ (state >>> 17)) >>> 0;
		state = (state ^ (state << 5)) >>> 0;
		return Math.floor((state / 2 ** 32) * COUNT);
	};
	const axes = Array.from({ length: dimensions }, (_, d) => d);
	for (let epoch = 0; epoch < epochs; epoch++) {
		const alpha = 1.5 * (1 - epoch / epochs);
		drawn.forEach(({ i, j }, e) => {
			if (due[e]! > epoch) return;
			const [one, other] = [i * dimensions, j * dimensions];
			const apart = (to: number) => axes.map((d) => at[one + d]! - at[to + d]!);
			const square = (v: number[]) => v.reduce((sum, x) => sum + x * x, 0);
			const pulled = apart(other);
			if (square(pulled) > 0)
				for (const d of axes) {
					const by = alpha * clip(attraction(square(pulled)) * pulled[d]!);
					at[one + d]! += by;
					at[other + d]! -= by;
				}
			due[e]! += every[e]!;
			const pushes = Math.floor((epoch - pushDue[e]!) / (every[e]! / negatives));
			for (let push = 0; push < pushes; push++) {
				const k = next();
				if (k === i) continue;
				const away = apart(k * dimensions);
				for (const d of axes) at[one + d]! += alpha * (square(away) > 0 ? clip(repulsion(square(away)) * away[d]!) : 4);
			}
			pushDue[e]! += (pushes * every[e]!) / negatives;
		});
	}
	return at;
}

/** Each row by itself, as the words above `gatherLayout` say; sums of shares in whole numbers of any size. */
function gathered(dimensions: 2 | 3, epochs: number, negatives: number, seed: number): number[] {
	let now = [...start(dimensions)];
	const rates = edges.map(({ weight }) =>
		weight < 1 / epochs ? 0n : BigInt(Math.floor(weight * ((2 ** 32 - 1) / 4)))
	);
	const axes = Array.from({ length: dimensions }, (_, d) => d);
	for (let step = 0; step < 4 * epochs; step++) {
		const alpha = 1.5 * (1 - Math.floor(step / 4) / epochs);
		const next = [...now];
		for (let i = 0; i < COUNT; i++) {
			const own = axes.map((d) => now[i * dimensions + d]!);
			let word = hash(seed, step, i, 0);
			const towards = (j: number, factor: (square: number) => number) => {
				const apart = axes.map((d) => own[d]! - now[j * dimensions + d]!);
				const square = apart.reduce((sum, x) => sum + x * x, 0);
				if (square > 0) for (const d of axes) own[d]! += alpha * clip(factor(square) * apart[d]!);
				return square > 0;
			};
			edges.forEach(({ i: from, j }, e) => {
				if (from !== i) return;
				const before = BigInt(pcg((e ^ seed) >>> 0)) + BigInt(step) * rates[e]!;
				if (before >> 32n === (before + rates[e]!) >> 32n) return;
				for (let pull = 0; pull < 2; pull++) towards(j, attraction);
				for (let push = 0; push < negatives; push++) {
					word = pcg(word);
					const k = Math.floor(((word >>> 8) / 2 ** 24) * COUNT);
					if (k !== i && !towards(k, repulsion)) for (const d of axes) own[d]! += alpha * (i < k ? 4 : -4);
				}
			});
			for (const d of axes) next[i * dimensions + d] = own[d]!;
		}
		now = next;
	}
	return now;
}

describe.each([2, 3] as const)('a layout in %d dimensions', (dimensions) => {
	it.each([
		[4, 2, 1],
		[12, 4, 2],
		[12, 0.5, 3]
	])('edge by edge moves as umap-learn’s: %d epochs, %d pushes, seed %d', (epochs, negatives, seed) => {
		const positions = start(dimensions);
		finish(umapLayout(graph, positions, { dimensions, epochs, negatives, rate: 1.5, seed, table }));
		expectClose(
			{ data: positions },
			{ data: learned(dimensions, epochs, negatives, seed) },
			{ rtol: 1e-3, atol: 1e-3 }
		);
	});

	it.each([
		[3, 2, 1],
		[8, 1, 2]
	])('row by row moves as is said: %d epochs, %d pushes, seed %d', (epochs, negatives, seed) => {
		const begun = start(dimensions);
		const found = finish(gatherLayout(graph, begun, { dimensions, epochs, negatives, rate: 1.5, seed, table }));
		expectClose({ data: found }, { data: gathered(dimensions, epochs, negatives, seed) }, { rtol: 1e-3, atol: 1e-3 });
		expect(begun).toEqual(start(dimensions));
	});
});

it('an edge is drawn where its weight is a turn or more of all epochs', () => {
	const { heads, tails, every } = finish(drawnEdges(graph, 20));
	const expected = edges.filter(({ weight }) => weight >= Math.fround(0.05));
	expect(expected).toHaveLength(12);
	expect([...heads]).toEqual(expected.map(({ i }) => i));
	expect([...tails]).toEqual(expected.map(({ j }) => j));
	expectClose({ data: every }, { data: expected.map(({ weight }) => 1 / weight) }, { rtol: 1e-6 });
	expect(finish(drawnEdges(graph, 19)).heads).toHaveLength(10);
	expect([stepRate(2, 0, 10), stepRate(2, 3, 10), stepRate(2, 4, 10), stepRate(2, 39, 10)]).toEqual([
		...[2, 2],
		...[1.8, 2 * (1 - 9 / 10)]
	]);
});

it('indices of the table are bounded', () => {
	const last = table.factors.length / 2 - 1;
	expect([0, 1e-30, 1e30, Infinity].map((square) => indexInTable(table, square))).toEqual([0, 0, last, last]);
	expect(indexInTable(table, 2 ** -24)).toBe(0);
	expect(indexInTable(table, 2 ** 19)).toBe(last + 1 - 256);
	const harder = curveTable(CURVE, 3);
	expect(harder.factors[2000]).toBe(table.factors[2000]);
	expect(harder.factors[2001]! / table.factors[2001]!).toBeCloseTo(3, 6);
});
