import { between, finished, type Comparable, type Job, type Neighbours } from '#maths/projection/rows.ts';
import { SimdScan } from '#maths/projection/simd/simd-scan.ts';

/** Rows of a block: two blocks of 784 columns stay in a processor's cache. */
const BLOCK = 48;

/** Nearest rows so far, sorted, for many rows at once. */
export class NearestLists {
	readonly sums: Float64Array;
	readonly indices: Int32Array;

	constructor(
		readonly count: number,
		readonly k: number
	) {
		this.sums = new Float64Array(count * k).fill(Infinity);
		this.indices = new Int32Array(count * k).fill(-1);
	}

	/** What a candidate must undercut. */
	bound(row: number): number {
		return this.sums[(row + 1) * this.k - 1] as number;
	}

	offer(row: number, sum: number, candidate: number): void {
		const { sums, indices, k } = this;
		const first = row * k;
		let at = first + k - 1;
		if (!(sum < (sums[at] as number))) return;
		for (; at > first && (sums[at - 1] as number) > sum; at--) {
			sums[at] = sums[at - 1] as number;
			indices[at] = indices[at - 1] as number;
		}
		sums[at] = sum;
		indices[at] = candidate;
	}

	neighbours({ metric }: Comparable): Neighbours {
		const distances = Float32Array.from(this.sums, (sum) => finished(metric, sum));
		return { k: this.k, indices: this.indices, distances };
	}
}

/** The k nearest other rows of each row, by looking at every pair. O(count² width). */
export function* exactNeighbours(rows: Comparable, k: number): Job<Neighbours> {
	const { count } = rows;
	const scan = SimdScan.of(rows, count);
	if (scan)
		return yield* scanned(
			scan,
			rows,
			Int32Array.from({ length: count }, (_, i) => i),
			k
		);
	const lists = new NearestLists(count, Math.max(0, Math.min(k, count - 1)));
	const all = (count * count) / 2;
	let visible = 0;
	for (let top = 0; top < count && lists.k > 0; top += BLOCK)
		for (let left = top; left < count; left += BLOCK) {
			const [bottom, right] = [Math.min(count, top + BLOCK), Math.min(count, left + BLOCK)];
			for (let i = top; i < bottom; i++)
				for (let j = Math.max(left, i + 1); j < right; j++) {
					const sum = between(rows, i, rows, j, Math.max(lists.bound(i), lists.bound(j)));
					lists.offer(i, sum, j);
					lists.offer(j, sum, i);
				}
			visible += (bottom - top) * (right - left);
			yield { done: Math.min(1, visible / all) };
		}
	return lists.neighbours(rows);
}

/**
 * The k nearest rows of given ones, by looking at all.
 * @param queries comparable rows of the same metric; or row numbers of `rows`, which are not their own neighbours
 */
export function* nearestOf(rows: Comparable, queries: Comparable | Int32Array, k: number): Job<Neighbours> {
	const own = queries instanceof Int32Array;
	const count = own ? queries.length : queries.count;
	const scan = SimdScan.of(rows, count);
	if (scan) return yield* scanned(scan, rows, queries, k);
	const lists = new NearestLists(count, Math.max(0, Math.min(k, rows.count - (own ? 1 : 0))));
	const from = own ? rows : queries;
	for (let q = 0; q < count && lists.k > 0; q++) {
		const i = own ? (queries[q] as number) : q;
		for (let j = 0; j < rows.count; j++)
			if (!own || i !== j) lists.offer(q, between(from, i, rows, j, lists.bound(q)), j);
		yield { done: (q + 1) / count };
	}
	return lists.neighbours(rows);
}

/** The same, with pairs that are surely too far passed by four numbers at a time; what counts is added up in float64. */
function* scanned(scan: SimdScan, rows: Comparable, queries: Comparable | Int32Array, k: number): Job<Neighbours> {
	const own = queries instanceof Int32Array;
	const from = own ? rows : queries;
	const count = own ? queries.length : queries.count;
	const rowOf = (q: number) => (own ? (queries[q] as number) : q);
	const lists = new NearestLists(count, Math.max(0, Math.min(k, rows.count - (own ? 1 : 0))));
	const batches = Math.ceil(count / scan.queries);
	for (let batch = 0; batch < batches && lists.k > 0; batch++) {
		const begin = batch * scan.queries;
		const end = Math.min(count, begin + scan.queries);
		for (let q = begin; q < end; q++) scan.ask(q - begin, from, rowOf(q));
		for (let first = 0; first < rows.count; first += scan.rows) {
			const size = scan.show(first);
			for (let q = begin; q < end; q++) {
				const i = rowOf(q);
				for (let n = 0, found = scan.near(q - begin, size, lists.bound(q)); n < found; n++) {
					const j = first + (scan.found[n] as number);
					if (!own || i !== j) lists.offer(q, between(from, i, rows, j, lists.bound(q)), j);
				}
				if (q % 8 === 7)
					yield { done: (batch + (first + (size * (q - begin)) / (end - begin)) / rows.count) / batches };
			}
			yield { done: (batch + (first + size) / rows.count) / batches };
		}
	}
	return lists.neighbours(rows);
}
