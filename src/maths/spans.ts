/** Things along an axis, so that those within a window are one stretch of a list. */
export interface Spans {
	/** The things as they lie in the list: long ones first, then the others by where they begin. */
	order: Int32Array;
	/** How many are long: they count as seen from everywhere. */
	long: number;
	/** Beginnings of the others, in order. */
	begins: Float64Array;
	/** None of the others is longer than this. */
	reach: number;
}

/** Share of the whole axis from which on a thing is long. */
const LONG = 1 / 16;

export function spans(begin: ArrayLike<number>, end: ArrayLike<number>): Spans {
	const n = begin.length;
	let [low, high] = [Infinity, -Infinity];
	for (let i = 0; i < n; i++) {
		low = Math.min(low, begin[i]!);
		high = Math.max(high, end[i]!);
	}
	const limit = (high - low) * LONG;
	const long: number[] = [];
	const short: number[] = [];
	let reach = 0;
	for (let i = 0; i < n; i++) {
		const length = end[i]! - begin[i]!;
		if (length > limit) long.push(i);
		else {
			short.push(i);
			reach = Math.max(reach, length);
		}
	}
	short.sort((a, b) => begin[a]! - begin[b]! || a - b);
	return {
		order: Int32Array.from([...long, ...short]),
		long: long.length,
		begins: Float64Array.from(short, (i) => begin[i]!),
		reach
	};
}

/** @returns the stretch of the short ones that may be seen between two positions: first and how many, in the list */
export function within({ long, begins, reach }: Spans, from: number, to: number): [first: number, count: number] {
	const first = firstFrom(begins, from - reach);
	return [long + first, Math.max(0, firstFrom(begins, to) - first)];
}

/** Index of the first value that is not below; the length if all are. */
export function firstFrom(sorted: Float64Array, value: number): number {
	let [low, high] = [0, sorted.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (sorted[middle]! < value) low = middle + 1;
		else high = middle;
	}
	return low;
}
