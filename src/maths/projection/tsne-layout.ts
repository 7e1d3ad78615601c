import type { Graph } from '#maths/projection/fuzzy-graph.ts';
import { within, type Job } from '#maths/projection/rows.ts';
import { SpaceTree } from '#maths/projection/space-tree.ts';

/** t-SNE's layout (van der Maaten & Hinton 2008), its repulsion by a tree of boxes (van der Maaten 2014). */

export interface TsneOptions {
	dimensions: 2 | 3;
	iterations: number;
	/** Iterations in which neighbours pull harder, and how much (Belkina et al. 2019). */
	early: number;
	exaggeration: number;
	/** 0: every pair is looked at. */
	theta: number;
}

/** Belkina et al. 2019: steps that suit the number of rows. */
export const tsneRate = (count: number, exaggeration: number) => Math.max(50, count / exaggeration / 4);
export const tsneMomentum = (iteration: number, early: number) => (iteration < early ? 0.5 : 0.8);
const MIN_GAIN = 0.01;
/** Where t-SNE begins: so small that all rows feel each other. */
export const TSNE_REACH = 1e-4;
/** Rows between two looks at the clock. */
const SLICE = 256;

/** Σ over pairs of p log(p / q): what is made small. O(count²). */
export function divergence(
	{ count, offsets, columns, weights }: Graph,
	positions: Float32Array | Float64Array,
	dimensions: number
): number {
	const q = (i: number, j: number) => {
		let square = 0;
		for (let d = 0; d < dimensions; d++)
			square += ((positions[i * dimensions + d] as number) - (positions[j * dimensions + d] as number)) ** 2;
		return 1 / (1 + square);
	};
	let all = 0;
	for (let i = 0; i < count; i++) for (let j = 0; j < count; j++) if (i !== j) all += q(i, j);
	let sum = 0;
	for (let i = 0; i < count; i++)
		for (let at = offsets[i] as number; at < (offsets[i + 1] as number); at++) {
			const p = weights[at] as number;
			if (p > 0) sum += p * Math.log((p * all) / q(i, columns[at] as number));
		}
	return sum;
}

/** The gradient of the divergence, with attraction times `pull`. */
export function* tsneGradient(
	graph: Graph,
	positions: Float32Array,
	{ dimensions, theta }: Pick<TsneOptions, 'dimensions' | 'theta'>,
	pull = 1
): Job<Float64Array> {
	const { count, offsets, columns, weights } = graph;
	const tree = yield* within(SpaceTree.of(positions, dimensions), 0, 0);
	const push = new Float64Array(count * dimensions);
	let all = 0;
	for (let i = 0; i < count; i++) {
		all += tree.repulsion(i, theta, push, i * dimensions);
		if (i % SLICE === SLICE - 1) yield { done: (0.7 * i) / count };
	}
	const deep = dimensions === 3;
	for (let i = 0; i < count; i++) {
		const own = i * dimensions;
		const x = positions[own] as number;
		const y = positions[own + 1] as number;
		const z = deep ? (positions[own + 2] as number) : 0;
		let [fx, fy, fz] = [0, 0, 0];
		for (let at = offsets[i] as number, end = offsets[i + 1] as number; at < end; at++) {
			const other = (columns[at] as number) * dimensions;
			const dx = x - (positions[other] as number);
			const dy = y - (positions[other + 1] as number);
			const dz = deep ? z - (positions[other + 2] as number) : 0;
			const factor = (weights[at] as number) / (1 + dx * dx + dy * dy + dz * dz);
			fx += factor * dx;
			fy += factor * dy;
			fz += factor * dz;
		}
		push[own] = 4 * (pull * fx - (push[own] as number) / (all || 1));
		push[own + 1] = 4 * (pull * fy - (push[own + 1] as number) / (all || 1));
		if (deep) push[own + 2] = 4 * (pull * fz - (push[own + 2] as number) / (all || 1));
		if (i % SLICE === SLICE - 1) yield { done: 0.7 + (0.3 * i) / count };
	}
	return push;
}

/** Moves `positions` (count x dimensions) in place: gradient descent with momentum and a gain per coordinate. */
export function* tsneLayout(graph: Graph, positions: Float32Array, options: TsneOptions): Job<void> {
	const { iterations, early, exaggeration } = options;
	const velocity = new Float64Array(positions.length);
	const gains = new Float64Array(positions.length).fill(1);
	const rate = tsneRate(graph.count, exaggeration);
	for (let iteration = 0; iteration < iterations; iteration++) {
		const job = tsneGradient(graph, positions, options, iteration < early ? exaggeration : 1);
		let step = job.next();
		for (; !step.done; step = job.next()) yield { done: (iteration + step.value.done) / iterations, positions };
		const gradient = step.value;
		const momentum = tsneMomentum(iteration, early);
		for (let at = 0; at < positions.length; at++) {
			const slope = gradient[at] as number;
			const speed = velocity[at] as number;
			const gain = slope * speed < 0 ? (gains[at] as number) + 0.2 : (gains[at] as number) * 0.8;
			gains[at] = Math.max(MIN_GAIN, gain);
			velocity[at] = momentum * speed - rate * (gains[at] as number) * slope;
			positions[at]! += velocity[at] as number;
		}
		yield { done: (iteration + 1) / iterations, positions };
	}
}
