import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Graph } from '#maths/projection/fuzzy-graph.ts';
import { fastStream } from '#maths/random.ts';
import type { Job } from '#maths/projection/rows.ts';

/** A graph's smoothest coordinates (Belkin & Niyogi 2003): the eigenvectors of its normalised Laplacian after the first. */

/** Lanczos vectors at once, and how often it begins again: enough for a start, which need not be exact. */
const STEPS = 80;
const ROUNDS = 6;
const TOLERANCE = 1e-4;

/** The component of each row, and how many there are. */
export function components({ count, offsets, columns }: Graph): { of: Int32Array; count: number } {
	const of = new Int32Array(count).fill(-1);
	let found = 0;
	const open = new Int32Array(count);
	for (let root = 0; root < count; root++) {
		if ((of[root] as number) >= 0) continue;
		of[root] = found;
		open[0] = root;
		for (let size = 1; size > 0;) {
			const i = open[--size] as number;
			for (let at = offsets[i] as number; at < (offsets[i + 1] as number); at++) {
				const j = columns[at] as number;
				if ((of[j] as number) >= 0) continue;
				of[j] = found;
				open[size++] = j;
			}
		}
		found++;
	}
	return { of, count: found };
}

/**
 * @param otherwise coordinates that say where components lie that have no edge between them
 * @returns count x dimensions; each component has its own coordinates around its position
 */
export function* spectralCoordinates(
	graph: Graph,
	dimensions: number,
	otherwise: Float32Array,
	seed: number
): Job<Float32Array> {
	const parts = components(graph);
	yield { done: 0 };
	const out = otherwise.slice();
	const index = new Int32Array(graph.count);
	const members: number[][] = Array.from({ length: parts.count }, () => []);
	parts.of.forEach((part, i) => members[part]?.push(i));
	const reach = 0.5 * span(otherwise) * Math.sqrt(1 / parts.count);
	for (const [part, rows] of members.entries()) {
		// Fewer rows than axes have no coordinates of their own.
		if (rows.length < 4 * dimensions) continue;
		const local = parts.count === 1 ? graph : subgraph(graph, rows, index);
		yield { done: part / parts.count };
		const own = yield* lanczos(local, dimensions, seed, part / parts.count);
		const max = own.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-30);
		for (let d = 0; d < dimensions; d++) {
			const centre = rows.reduce((sum, i) => sum + (otherwise[i * dimensions + d] as number), 0) / rows.length;
			rows.forEach((i, at) => {
				const share = (own[at * dimensions + d] as number) / max;
				out[i * dimensions + d] = parts.count === 1 ? share : centre + reach * share;
			});
		}
	}
	return out;
}

const span = (values: Float32Array) => values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);

/** The rows of a component, with nothing lost: no edge leaves it. @param index room for a number per row of the graph */
function subgraph({ offsets, columns, weights }: Graph, rows: readonly number[], index: Int32Array): Graph {
	const starts = new Uint32Array(rows.length + 1);
	for (const [at, i] of rows.entries()) {
		index[i] = at;
		starts[at + 1] = (starts[at] as number) + (offsets[i + 1] as number) - (offsets[i] as number);
	}
	const size = starts[rows.length] as number;
	const own = { count: rows.length, offsets: starts, columns: new Uint32Array(size), weights: new Float32Array(size) };
	let next = 0;
	for (const i of rows)
		for (let at = offsets[i] as number; at < (offsets[i + 1] as number); at++) {
			own.columns[next] = index[columns[at] as number] as number;
			own.weights[next++] = weights[at] as number;
		}
	return own;
}

/** The graph's weights over the roots of both ends' degrees: its largest eigenvectors are the smoothest coordinates. */
function normalised({ count, offsets, columns, weights }: Graph) {
	const degree = new Float64Array(count);
	for (let i = 0; i < count; i++)
		for (let at = offsets[i] as number; at < (offsets[i + 1] as number); at++)
			degree[i] = (degree[i] as number) + (weights[at] as number);
	const inverse = degree.map((sum) => 1 / Math.sqrt(sum || 1));
	const times = (vector: Float64Array) => {
		const product = new Float64Array(count);
		for (let i = 0; i < count; i++) {
			let sum = 0;
			for (let at = offsets[i] as number; at < (offsets[i + 1] as number); at++) {
				const j = columns[at] as number;
				sum += (weights[at] as number) * (inverse[j] as number) * (vector[j] as number);
			}
			product[i] = sum * (inverse[i] as number);
		}
		return product;
	};
	return { times, first: unit(degree.map(Math.sqrt)) };
}

/** Lanczos, begun again from what it found until that hardly changes. */
function* lanczos(graph: Graph, dimensions: number, seed: number, done: number): Job<Float32Array> {
	const { times, first } = normalised(graph);
	yield { done };
	const { normal } = fastStream(seed, 'spectrum');
	let vector = new Float64Array(graph.count);
	for (let i = 0; i < vector.length; i++) vector[i] = normal();
	for (let round = 1; ; round++) {
		const { found, miss } = yield* krylov(times, first, vector, dimensions, done);
		if (round < ROUNDS && miss > TOLERANCE) {
			vector = new Float64Array(graph.count);
			for (const own of found) for (let i = 0; i < vector.length; i++) vector[i]! += own[i] as number;
			continue;
		}
		const out = new Float32Array(graph.count * dimensions);
		for (const [d, own] of found.entries())
			for (let i = 0; i < graph.count; i++) out[i * dimensions + d] = own[i] as number;
		return out;
	}
}

/** One run, with every vector made orthogonal to all before, and to the one that every such graph has. */
function* krylov(
	times: (vector: Float64Array) => Float64Array,
	first: Float64Array,
	start: Float64Array,
	count: number,
	done: number
): Job<{ found: Float64Array[]; miss: number }> {
	const known = [first];
	let vector = start;
	const [diagonal, beside]: [number[], number[]] = [[], []];
	for (let step = 0; step < Math.min(STEPS, start.length - 1); step++) {
		// Twice is enough (Kahan & Parlett).
		for (let twice = 0; twice < 2; twice++)
			for (const [n, other] of known.entries()) {
				without(vector, other);
				if (n % 8 === 7) yield { done };
			}
		const left = length(vector);
		if (left < 1e-10) break;
		if (step > 0) beside.push(left);
		const own = unit(vector);
		known.push(own);
		vector = times(own);
		diagonal.push(dot(vector, own));
		yield { done };
	}
	const size = diagonal.length;
	const small = Matrix.zeros(size, size);
	diagonal.forEach((value, i) => small.set(i, i, value));
	beside.forEach((value, i) => small.set(i, i + 1, value).set(i + 1, i, value));
	const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(small, { assumeSymmetric: true });
	const order = realEigenvalues.map((_, i) => i).sort((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0));
	const found: Float64Array[] = [];
	let miss = 0;
	for (const column of order.slice(0, count)) {
		const own = new Float64Array(start.length);
		for (let step = 0; step < size; step++) {
			const factor = eigenvectorMatrix.get(step, column);
			const basis = known[step + 1] as Float64Array;
			for (let i = 0; i < own.length; i++) own[i] = (own[i] as number) + factor * (basis[i] as number);
			if (step % 8 === 7) yield { done };
		}
		found.push(own);
		const rest = times(own);
		const value = realEigenvalues[column] as number;
		for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] as number) - value * (own[i] as number);
		miss = Math.max(miss, length(rest));
		yield { done };
	}
	return { found, miss };
}

const dot = (a: Float64Array, b: Float64Array) => {
	let sum = 0;
	for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
	return sum;
};

const length = (vector: Float64Array) => Math.sqrt(dot(vector, vector));

const unit = (vector: Float64Array) => {
	const size = length(vector) || 1;
	return vector.map((value) => value / size);
};

function without(vector: Float64Array, other: Float64Array): void {
	const share = dot(vector, other);
	for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) - share * (other[i] as number);
}
