import { within, type Job, type Neighbours } from '#maths/projection/rows.ts';

/**
 * The fuzzy simplicial set of UMAP (McInnes, Healy & Melville 2018) in typed arrays: the same weights as umap-js and
 * umap-learn. A neighbour list here is without the row itself, which those count as the first of n_neighbors.
 */

/** A symmetric graph by rows, columns ascending. */
export interface Graph {
	count: number;
	/** count + 1 numbers: where each row begins. */
	offsets: Uint32Array;
	columns: Uint32Array;
	weights: Float32Array;
}

const TOLERANCE = 1e-5;
const MIN_SCALE = 1e-3;
/** Rows between two looks at the clock. */
const SLICE = 1024;

interface Smoothed {
	/** Distance to the nearest row that is not at the same position. */
	rho: Float64Array;
	/** Scale at which the memberships of a row add up to log2(n_neighbors). */
	sigma: Float64Array;
}

/** @param connectivity as umap-learn's local_connectivity: so many neighbours are fully connected */
export function* smoothed({ k, distances }: Neighbours, connectivity = 1): Job<Smoothed> {
	const count = k ? distances.length / k : 0;
	const target = Math.log2(k + 1);
	const [rho, sigma] = [new Float64Array(count), new Float64Array(count)];
	const overall = distances.reduce((sum, distance) => sum + distance, 0) / Math.max(1, count * (k + 1));
	for (let i = 0; i < count; i++) {
		const row = distances.subarray(i * k, (i + 1) * k);
		const apart = row.filter((distance) => distance > 0);
		rho[i] = reach(apart, connectivity);
		sigma[i] = scale(row, rho[i] as number, target);
		const mean = rho[i] ? row.reduce((sum, distance) => sum + distance, 0) / (k + 1) : overall;
		sigma[i] = Math.max(sigma[i] as number, MIN_SCALE * mean);
		if (i % SLICE === SLICE - 1) yield { done: i / count };
	}
	return { rho, sigma };
}

function reach(apart: Float32Array, connectivity: number): number {
	if (apart.length < connectivity) return apart.at(-1) ?? 0;
	const index = Math.floor(connectivity);
	const between = connectivity - index;
	if (index === 0) return between * (apart[0] ?? 0);
	const first = apart[index - 1] as number;
	return between > TOLERANCE ? first + between * ((apart[index] ?? first) - first) : first;
}

function scale(row: Float32Array, rho: number, target: number): number {
	let [low, high, middle] = [0, Infinity, 1];
	for (let round = 0; round < 64; round++) {
		let sum = 0;
		for (const distance of row) sum += distance > rho ? Math.exp(-(distance - rho) / middle) : 1;
		if (Math.abs(sum - target) < TOLERANCE) break;
		if (sum > target) high = middle;
		else low = middle;
		middle = high === Infinity ? 2 * middle : (low + high) / 2;
	}
	return middle;
}

/** How much each neighbour belongs to its row's ball: count x k, 0 where there is no neighbour. */
export function* memberships(neighbours: Neighbours, { rho, sigma }: Smoothed): Job<Float64Array> {
	const { k, indices, distances } = neighbours;
	const strengths = new Float64Array(indices.length);
	for (let i = 0, at = 0; at < indices.length; i++) {
		for (let n = 0; n < k; n++, at++) {
			if ((indices[at] as number) < 0) continue;
			const beyond = (distances[at] as number) - (rho[i] as number);
			strengths[at] = beyond > 0 ? Math.exp(-beyond / (sigma[i] as number)) : 1;
		}
		if (i % SLICE === SLICE - 1) yield { done: at / indices.length };
	}
	return strengths;
}

/** @param mix 1 for the fuzzy union of the two directions of an edge, 0 for their intersection */
export function* fuzzyGraph(neighbours: Neighbours, count: number, { mix = 1, connectivity = 1 } = {}): Job<Graph> {
	const scales = yield* within(smoothed(neighbours, connectivity), 0, 0.6);
	const strengths = yield* within(memberships(neighbours, scales), 0.6, 0.7);
	return yield* symmetric(neighbours.indices, strengths, count, (a, b) => mix * (a + b - a * b) + (1 - mix) * a * b);
}

/**
 * The graph of neighbour lists with a strength for each entry.
 * @param join makes one weight of the two directions of an edge; it must not mind their order
 */
export function* symmetric(
	indices: Int32Array,
	strengths: Float64Array,
	count: number,
	join: (there: number, back: number) => number
): Job<Graph> {
	const k = count ? indices.length / count : 0;
	const offsets = new Uint32Array(count + 1);
	const columns = new Uint32Array(indices.length);
	for (let i = 0, at = 0; i < count; i++) {
		// A missing neighbour is an edge of no strength to the row itself.
		for (let n = 0; n < k; n++, at++) columns[at] = (indices[at] as number) < 0 ? i : (indices[at] as number);
		offsets[i + 1] = at;
		if (i % SLICE === SLICE - 1) yield { done: 0.7 };
	}
	const back = yield* within(transposed({ count, offsets, columns, weights: strengths }), 0.7, 0.8);
	const there = yield* within(transposed(back), 0.8, 0.9);
	return yield* within(joined(there, back, join), 0.9, 1);
}

/** How far apart different and unknown labels are: as in umap-learn for categories. */
export interface LabelDistances {
	far: number;
	unknown: number;
}

/** @param weight 0 for the data alone, 1 for the labels alone */
export const labelDistances = (weight: number): LabelDistances => ({
	far: weight < 1 ? 2.5 / (1 - weight) : 1e12,
	unknown: 1
});

/** The graph intersected with that of the labels (-1: unknown), and joined again so that no row is alone. */
export function* supervised(graph: Graph, labels: Int32Array, { far, unknown }: LabelDistances): Job<Graph> {
	const { count, offsets, columns } = graph;
	const weights = Float64Array.from(graph.weights);
	for (let i = 0; i < count; i++) {
		const [first, end] = [offsets[i] as number, offsets[i + 1] as number];
		let max = 0;
		for (let at = first; at < end; at++) {
			const [one, other] = [labels[i] as number, labels[columns[at] as number] as number];
			if (one < 0 || other < 0) weights[at]! *= Math.exp(-unknown);
			else if (one !== other) weights[at]! *= Math.exp(-far);
			max = Math.max(max, weights[at] as number);
		}
		for (let at = first; at < end; at++) weights[at]! /= max || 1;
		if (i % SLICE === SLICE - 1) yield { done: (0.3 * i) / count };
	}
	const there = { count, offsets, columns, weights };
	const back = yield* within(transposed(there), 0.3, 0.6);
	return yield* within(
		joined(there, back, (a, b) => a + b - a * b),
		0.6,
		1
	);
}

interface Directed extends Omit<Graph, 'weights'> {
	weights: Float64Array;
}

/** By counting: columns come out ascending. */
function* transposed({ count, offsets, columns, weights }: Directed): Job<Directed> {
	const starts = new Uint32Array(count + 1);
	for (let at = 0; at < columns.length; at++) starts[(columns[at] as number) + 1]!++;
	for (let i = 0; i < count; i++) starts[i + 1]! += starts[i] as number;
	yield { done: 0.2 };
	const next = starts.slice();
	const turned = {
		count,
		offsets: starts,
		columns: new Uint32Array(columns.length),
		weights: new Float64Array(columns.length)
	};
	for (let i = 0; i < count; i++) {
		for (let at = offsets[i] as number; at < (offsets[i + 1] as number); at++) {
			const to = next[columns[at] as number]!++;
			turned.columns[to] = i;
			turned.weights[to] = weights[at] as number;
		}
		if (i % SLICE === SLICE - 1) yield { done: 0.2 + (0.8 * i) / count };
	}
	return turned;
}

/** Each edge with the one that comes back; `join` must not mind their order. Edges of no weight go. */
function* joined(there: Directed, back: Directed, join: (there: number, back: number) => number): Job<Graph> {
	const { count } = there;
	const offsets = new Uint32Array(count + 1);
	const columns = new Uint32Array(2 * there.columns.length);
	const weights = new Float32Array(columns.length);
	let size = 0;
	for (let i = 0; i < count; i++) {
		let [p, q] = [there.offsets[i] as number, back.offsets[i] as number];
		const [pEnd, qEnd] = [there.offsets[i + 1] as number, back.offsets[i + 1] as number];
		while (p < pEnd || q < qEnd) {
			const a = p < pEnd ? (there.columns[p] as number) : count;
			const b = q < qEnd ? (back.columns[q] as number) : count;
			const column = Math.min(a, b);
			const weight = join(
				a === column ? (there.weights[p++] as number) : 0,
				b === column ? (back.weights[q++] as number) : 0
			);
			if (!weight || column === i) continue;
			columns[size] = column;
			weights[size++] = weight;
		}
		offsets[i + 1] = size;
		if (i % SLICE === SLICE - 1) yield { done: i / count };
	}
	return { count, offsets, columns: columns.slice(0, size), weights: weights.slice(0, size) };
}
