import { between, type Comparable, type Job } from '#maths/projection/rows.ts';

/** Rows that meet in groups: who is nearer than the others it knows is told. */
export interface LocalJoin {
	readonly count: number;
	/** Numbers of the rows of a group, at most `GROUP`: the caller writes them. */
	readonly list: Int32Array;
	/** Per row, what a sum must undercut to be told: the caller keeps it. */
	readonly bounds: Float32Array;
	/** Told: one, the other, and, in `sums` at the same index, the sum over columns. */
	readonly reported: Int32Array;
	readonly sums: Float32Array;
	/** The first `news` of the group meet each other and the rest of it. @returns how many pairs were told */
	meet(news: number, all: number): number;
	/** Numbers per row for trees. */
	readonly width: number;
	row(i: number): Float32Array;
	/** Products of rows[first..end) with a row of numbers. */
	products(rows: Int32Array, first: number, end: number, other: Float32Array, out: Float32Array): void;
	/** Row order[i] is row i from now on: neighbours lie near each other then. */
	reorder(order: Int32Array): Job<void>;
}

/** Rows of a group. */
export const GROUP = 64;
/** Rows whose products are made at once. */
export const PRODUCTS = 4096;

/** For any metric and without WebAssembly: as plain as can be, and the twin of `SimdLocalJoin`. */
export class PlainLocalJoin implements LocalJoin {
	readonly list = new Int32Array(GROUP);
	readonly bounds: Float32Array;
	readonly reported = new Int32Array(3 * GROUP * GROUP);
	readonly sums = new Float32Array(this.reported.buffer);
	readonly width: number;
	private rows: Comparable;

	constructor(private readonly given: Comparable) {
		this.rows = given;
		this.width = given.width;
		this.bounds = new Float32Array(given.count).fill(Infinity);
	}

	get count(): number {
		return this.given.count;
	}

	meet(news: number, all: number): number {
		const { list, bounds, reported, sums, rows } = this;
		let next = 0;
		for (let p = 0; p < news; p++)
			for (let q = p + 1; q < all; q++) {
				const [i, j] = [list[p] as number, list[q] as number];
				if (i === j) continue;
				const bound = Math.max(bounds[i] as number, bounds[j] as number);
				const sum = Math.fround(between(rows, i, rows, j, bound));
				if (!(sum < bound)) continue;
				reported[next] = i;
				reported[next + 1] = j;
				sums[next + 2] = sum;
				next += 3;
			}
		return next / 3;
	}

	row(i: number): Float32Array {
		return this.rows.values.subarray(i * this.width, (i + 1) * this.width);
	}

	products(list: Int32Array, first: number, end: number, other: Float32Array, out: Float32Array): void {
		const { width, rows } = this;
		const { values } = rows;
		for (let at = first; at < end; at++) {
			let sum = 0;
			for (let c = 0, p = (list[at] as number) * width; c < width; c++, p++)
				sum += (other[c] as number) * (values[p] as number);
			out[at - first] = sum;
		}
	}

	*reorder(order: Int32Array): Job<void> {
		const { given, width } = this;
		const values = new Float32Array(given.values.length);
		for (let at = 0; at < order.length; at++) {
			const row = order[at] as number;
			values.set(given.values.subarray(row * width, (row + 1) * width), at * width);
			if (at % 512 === 511) yield { done: at / order.length };
		}
		this.rows = { ...given, values };
	}
}
