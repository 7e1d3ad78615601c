import type { Comparable, Rows } from '#maths/projection/rows.ts';
import { Arena, rowBytes } from '#maths/projection/simd/arena.ts';

/** Bytes of rows that are looked at by all queries while they are in a processor's cache. */
const BLOCK = 1 << 18;
const QUERIES = 128;
/** Pairs times columns for which an arena of its own pays. */
const MIN_PRODUCTS = 1 << 20;

/** Queries against all rows, block by block: which are near is found by the kernels. */
export class SimdScan {
	/** Numbers of the rows found, from the first of those that are shown. */
	readonly found: Int32Array;
	private readonly bytes: number;
	private readonly queried: number;
	private readonly shown: number;
	private readonly out: number;
	/** What float32 may be above the truth, added up over so many columns. */
	private readonly slack: number;

	/** @returns null where differences are not squared, and where the kernels cannot be had or would not pay */
	static of(rows: Comparable, count: number): SimdScan | null {
		if (!rows.squared || count * rows.values.length < MIN_PRODUCTS) return null;
		const bytes = rowBytes(rows.width);
		const together = Math.max(8, Math.min(rows.count, Math.floor(BLOCK / bytes)));
		const queries = Math.max(1, Math.min(QUERIES, count));
		const sizes = [queries * bytes, together * bytes, 4 * together] as const;
		const arena = Arena.of(sizes);
		return arena && new SimdScan(arena, rows, queries, together, sizes);
	}

	private constructor(
		private readonly arena: Arena,
		private readonly given: Comparable,
		/** At once. */
		readonly queries: number,
		readonly rows: number,
		[query, shown, out]: readonly [number, number, number]
	) {
		this.bytes = rowBytes(given.width);
		this.slack = 1 + 2e-6 + 6e-9 * given.width;
		this.queried = arena.take(query);
		this.shown = arena.take(shown);
		this.out = arena.take(out);
		this.found = arena.whole.subarray(this.out / 4, this.out / 4 + rows);
	}

	/** Row i of `from` is query q from now on. */
	ask(q: number, from: Rows, i: number): void {
		const { width } = this.given;
		this.arena.floats.set(from.values.subarray(i * width, (i + 1) * width), (this.queried + q * this.bytes) / 4);
	}

	/** Rows from `first` on are looked at. @returns how many */
	show(first: number): number {
		const { given, rows, bytes, arena, shown } = this;
		const { values, width, count } = given;
		const size = Math.min(rows, count - first);
		if (4 * width === bytes) arena.floats.set(values.subarray(first * width, (first + size) * width), shown / 4);
		else
			for (let i = 0; i < size; i++)
				arena.floats.set(values.subarray((first + i) * width, (first + i + 1) * width), (shown + i * bytes) / 4);
		return size;
	}

	/** From query q to each of the shown rows, in float32. */
	sums(q: number, size: number): Float32Array {
		const { arena, queried, shown, bytes, out } = this;
		arena.kernels.distances(queried + q * bytes, shown, bytes, size, out);
		return arena.floats.subarray(out / 4, out / 4 + size);
	}

	/** How many of the shown rows may be nearer to query q than the root of `bound`: none that is, is left out. */
	near(q: number, size: number, bound: number): number {
		const { arena, queried, shown, bytes, slack, out } = this;
		return arena.kernels.scan(queried + q * bytes, shown, bytes, size, bound * slack, out);
	}
}
