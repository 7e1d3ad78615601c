import { hash, pcg } from '#maths/hash-normal.ts';
import { indexInTable } from '#maths/projection/curve.ts';
import type { Graph } from '#maths/projection/fuzzy-graph.ts';
import type { Job } from '#maths/projection/rows.ts';
import type { LayoutOptions } from '#maths/projection/umap-layout.ts';

/**
 * UMAP's layout row by row: each reads where the others were and moves itself alone, so that rows may be done in any order
 * or all at once, to the same bits. The shader's twin (methods/projection/umap.wgsl), step for step.
 */

/** Steps of an epoch: an edge's turn comes in one of them, which keeps a row from moving by all its edges at once. */
export const PHASES = 4;
/** A drawn edge pulls at both its ends, once for each of the two directions in which the graph has it. */
const PULLS = 2;
const CLIP = 4;

/** Each edge's share of 2^32 per step: it is its turn when the sum overflows, the same on every device. */
export function edgeRates({ weights }: Graph, epochs: number): Uint32Array {
	let max = 0;
	for (let e = 0; e < weights.length; e++) if ((weights[e] as number) > max) max = weights[e] as number;
	const rates = new Uint32Array(weights.length);
	for (let e = 0; e < weights.length; e++) {
		const weight = weights[e] as number;
		if (weight >= max / epochs) rates[e] = Math.floor((weight / max) * (4294967295 / PHASES));
	}
	return rates;
}

/** Learning rate of a step. */
export const stepRate = (rate: number, step: number, epochs: number) => rate * (1 - Math.floor(step / PHASES) / epochs);

export function* gatherLayout(graph: Graph, start: Float32Array, options: LayoutOptions): Job<Float32Array> {
	const { epochs, rate } = options;
	const rates = edgeRates(graph, epochs);
	let [now, next] = [start.slice(), start.slice()];
	for (let step = 0; step < epochs * PHASES; step++) {
		gatherStep(graph, rates, now, next, step, stepRate(rate, step, epochs), options);
		[now, next] = [next, now];
		yield { done: (step + 1) / (epochs * PHASES), positions: now };
	}
	return now;
}

function gatherStep(
	{ count, offsets, columns }: Graph,
	rates: Uint32Array,
	now: Float32Array,
	next: Float32Array,
	step: number,
	alpha: number,
	{ dimensions, negatives, seed, table }: Omit<LayoutOptions, 'epochs' | 'rate'>
): void {
	const { factors } = table;
	const own = new Float64Array(3);
	const apart = new Float64Array(3);
	const square = (other: number) => {
		let sum = 0;
		for (let d = 0; d < dimensions; d++) {
			apart[d] = (own[d] as number) - (now[other * dimensions + d] as number);
			sum += (apart[d] as number) ** 2;
		}
		return sum;
	};
	const index = (sum: number) => indexInTable(table, sum);
	for (let i = 0; i < count; i++) {
		for (let d = 0; d < dimensions; d++) own[d] = now[i * dimensions + d] as number;
		let word = hash(seed, step, i, 0);
		for (let e = offsets[i] as number; e < (offsets[i + 1] as number); e++) {
			const share = rates[e] as number;
			const sum = (pcg((e ^ seed) >>> 0) + Math.imul(step, share)) >>> 0;
			if (sum + share < 4294967296) continue;
			for (let pull = 0; pull < PULLS; pull++) {
				const distance = square(columns[e] as number);
				if (distance > 0) move(own, apart, dimensions, alpha, factors[2 * index(distance)] as number);
			}
			for (let push = 0; push < negatives; push++) {
				word = pcg(word);
				const other = below(word, count);
				if (other === i) continue;
				const distance = square(other);
				if (distance > 0) move(own, apart, dimensions, alpha, factors[2 * index(distance) + 1] as number);
				// Of two rows at one position, each goes its own way.
				else for (let d = 0; d < dimensions; d++) own[d]! += alpha * (i < other ? CLIP : -CLIP);
			}
		}
		for (let d = 0; d < dimensions; d++) next[i * dimensions + d] = own[d] as number;
	}
}

/** A whole number below `count`, at most 2^24, by 24 bits in float32. */
const below = (word: number, count: number) =>
	Math.min(count - 1, Math.floor(Math.fround((word >>> 8) * (count / 16777216))));

function move(own: Float64Array, apart: Float64Array, dimensions: number, alpha: number, factor: number): void {
	for (let d = 0; d < dimensions; d++)
		own[d]! += alpha * Math.min(CLIP, Math.max(-CLIP, factor * (apart[d] as number)));
}
