import type { CurveTable } from '#maths/projection/curve.ts';
import type { Graph } from '#maths/projection/fuzzy-graph.ts';
import { fastStream } from '#maths/random.ts';
import type { Job } from '#maths/projection/rows.ts';

/** UMAP's layout by stochastic gradient descent, edge after edge, as umap-learn and umap-js do it: for one processor. */

export interface LayoutOptions {
	dimensions: 2 | 3;
	epochs: number;
	/** Random rows that push, per edge that pulls. */
	negatives: number;
	rate: number;
	seed: number;
	table: CurveTable;
}

/** Most that a step may move a coordinate, before the learning rate. */
const CLIP = 4;
/** Edges between two looks at the clock. */
const SLICE = 1 << 15;

/** Edges that are ever drawn: those lighter than the heaviest by more than the number of epochs never are. */
export function* drawnEdges(
	{ count, offsets, columns, weights }: Graph,
	epochs: number
): Job<Pick<Edges, 'heads' | 'tails' | 'every'>> {
	let max = 0;
	for (let e = 0; e < weights.length; e++) if ((weights[e] as number) > max) max = weights[e] as number;
	const min = max / epochs;
	let size = 0;
	for (let e = 0; e < weights.length; e++) if ((weights[e] as number) >= min) size++;
	yield { done: 0 };
	const [heads, tails, every] = [new Uint32Array(size), new Uint32Array(size), new Float32Array(size)];
	let next = 0;
	for (let i = 0; i < count; i++) {
		for (let at = offsets[i] as number; at < (offsets[i + 1] as number); at++) {
			if ((weights[at] as number) < min) continue;
			heads[next] = i;
			tails[next] = columns[at] as number;
			every[next++] = max / (weights[at] as number);
		}
		if (i % 4096 === 4095) yield { done: 0 };
	}
	return { heads, tails, every };
}

/** Moves `positions` (count x dimensions) in place. The same seed gives the same bits. */
export function* umapLayout(graph: Graph, positions: Float32Array, options: LayoutOptions): Job<void> {
	const { epochs, negatives, rate } = options;
	const { heads, tails, every } = yield* drawnEdges(graph, epochs);
	const due = every.slice();
	const pushDue = every.slice();
	for (let e = 0; e < pushDue.length; e++) pushDue[e] = (pushDue[e] as number) / negatives;
	const state = new Uint32Array([fastStream(options.seed, 'layout').bits()]);
	const edges = { heads, tails, every, due, pushDue };
	for (let epoch = 0; epoch < epochs; epoch++) {
		const alpha = rate * (1 - epoch / epochs);
		for (let first = 0; first < heads.length; first += SLICE) {
			const end = Math.min(heads.length, first + SLICE);
			descend(edges, first, end, epoch, alpha, graph.count, positions, options, state);
			if (end < heads.length) yield { done: (epoch + end / heads.length) / epochs, positions };
		}
		yield { done: (epoch + 1) / epochs, positions };
	}
}

interface Edges {
	heads: Uint32Array;
	tails: Uint32Array;
	/** In epochs. */
	every: Float32Array;
	/** The epoch at which an edge is next drawn, and the count of its pushes in epochs. */
	due: Float32Array;
	pushDue: Float32Array;
}

const bits = new Uint32Array(1);
const number = new Float32Array(bits.buffer);

function descend(
	{ heads, tails, every, due, pushDue }: Edges,
	first: number,
	end: number,
	epoch: number,
	alpha: number,
	count: number,
	at: Float32Array,
	{ dimensions, negatives, table }: LayoutOptions,
	state: Uint32Array
): void {
	const { factors, shift } = table;
	const last = (factors.length >> 1) - 1;
	const from = table.first;
	const deep = dimensions === 3;
	const scale = count / 4294967296;
	let word = state[0] as number;
	for (let e = first; e < end; e++) {
		const period = every[e] as number;
		if ((due[e] as number) > epoch) continue;
		const i = (heads[e] as number) * dimensions;
		const j = (tails[e] as number) * dimensions;
		let x = at[i] as number;
		let y = at[i + 1] as number;
		let z = deep ? (at[i + 2] as number) : 0;
		let dx = x - (at[j] as number);
		let dy = y - (at[j + 1] as number);
		let dz = deep ? z - (at[j + 2] as number) : 0;
		let square = dx * dx + dy * dy + dz * dz;
		if (square > 0) {
			number[0] = square;
			let index = ((bits[0] as number) >>> shift) - from;
			index = index < 0 ? 0 : index > last ? last : index;
			const pull = factors[2 * index] as number;
			dx = alpha * clipped(pull * dx);
			dy = alpha * clipped(pull * dy);
			x += dx;
			y += dy;
			at[j] = (at[j] as number) - dx;
			at[j + 1] = (at[j + 1] as number) - dy;
			if (deep) {
				dz = alpha * clipped(pull * dz);
				z += dz;
				at[j + 2] = (at[j + 2] as number) - dz;
			}
		}
		due[e] = (due[e] as number) + period;
		const pushEvery = period / negatives;
		const pushes = Math.floor((epoch - (pushDue[e] as number)) / pushEvery);
		for (let push = 0; push < pushes; push++) {
			word ^= word << 13;
			word ^= word >>> 17;
			word ^= word << 5;
			const other = Math.floor((word >>> 0) * scale) * dimensions;
			if (other === i) continue;
			dx = x - (at[other] as number);
			dy = y - (at[other + 1] as number);
			dz = deep ? z - (at[other + 2] as number) : 0;
			square = dx * dx + dy * dy + dz * dz;
			if (square > 0) {
				number[0] = square;
				let index = ((bits[0] as number) >>> shift) - from;
				index = index < 0 ? 0 : index > last ? last : index;
				const away = factors[2 * index + 1] as number;
				x += alpha * clipped(away * dx);
				y += alpha * clipped(away * dy);
				if (deep) z += alpha * clipped(away * dz);
			} else {
				// Two rows at one position part for good.
				x += alpha * CLIP;
				y += alpha * CLIP;
				if (deep) z += alpha * CLIP;
			}
		}
		pushDue[e] = (pushDue[e] as number) + pushes * pushEvery;
		at[i] = x;
		at[i + 1] = y;
		if (deep) at[i + 2] = z;
	}
	state[0] = word;
}

const clipped = (value: number): number => (value > CLIP ? CLIP : value < -CLIP ? -CLIP : value);
