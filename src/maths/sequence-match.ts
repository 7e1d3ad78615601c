/** What two sequences have in common, in order: the sequence comparison behind side-by-side differences. */

/** Indices of equal elements: in the first sequence, and in the second. */
export type Pair = readonly [first: number, second: number];

/** Edits after which a split is good enough: bounds the time on sequences that have little in common. */
const COSTLIEST = 1024;

/**
 * The longest chain of pairs that rises in both, by patience sorting (Fredman 1975).
 * @param pairs ascending in their first index
 */
export function increasing(pairs: readonly Pair[]): Pair[] {
	const tops: number[] = [];
	const before = new Int32Array(pairs.length);
	pairs.forEach(([, second], i) => {
		let [low, high] = [0, tops.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((pairs[tops[middle] as number] as Pair)[1] < second) low = middle + 1;
			else high = middle;
		}
		before[i] = low ? (tops[low - 1] as number) : -1;
		tops[low] = i;
	});
	const chain: Pair[] = [];
	for (let i = tops.at(-1) ?? -1; i >= 0; i = before[i] as number) chain.push(pairs[i] as Pair);
	return chain.reverse();
}

interface Range {
	a: number;
	aEnd: number;
	b: number;
	bEnd: number;
}

/**
 * A common subsequence: elements that occur once on either side are anchors (patience diff, Cohen 2003); between them the
 * longest one by Myers's linear-space algorithm (1986), cut short where the sequences have little in common. Time grows
 * with length times differences.
 */
export function commonSubsequence(a: ArrayLike<number>, b: ArrayLike<number>): Pair[] {
	const pairs = increasing(unique(a, b));
	const stack: Range[] = [];
	let [from, other] = [0, 0];
	for (const [i, j] of [...pairs, [a.length, b.length] as const]) {
		stack.push({ a: from, aEnd: i, b: other, bEnd: j });
		[from, other] = [i + 1, j + 1];
	}
	const split = splitter(a, b);
	while (stack.length) {
		const range = stack.pop() as Range;
		while (range.a < range.aEnd && range.b < range.bEnd && a[range.a] === b[range.b])
			pairs.push([range.a++, range.b++]);
		while (range.a < range.aEnd && range.b < range.bEnd && a[range.aEnd - 1] === b[range.bEnd - 1])
			pairs.push([--range.aEnd, --range.bEnd]);
		if (range.a === range.aEnd || range.b === range.bEnd) continue;
		const [i, j] = split(range);
		// A corner would be the same question again.
		if ((i === range.a && j === range.b) || (i === range.aEnd && j === range.bEnd)) continue;
		stack.push({ ...range, aEnd: i, bEnd: j }, { ...range, a: i, b: j });
	}
	return pairs.sort((one, another) => one[0] - another[0]);
}

/** Pairs of elements that occur exactly once in both, ascending in the first. */
function unique(a: ArrayLike<number>, b: ArrayLike<number>): Pair[] {
	const indicesIn = (values: ArrayLike<number>) => {
		const found = new Map<number, number>();
		for (let i = 0; i < values.length; i++) found.set(values[i] as number, found.has(values[i] as number) ? -1 : i);
		return found;
	};
	const others = indicesIn(b);
	return [...indicesIn(a)].flatMap(([value, i]) => {
		const j = others.get(value) ?? -1;
		return i >= 0 && j >= 0 ? [[i, j] as const] : [];
	});
}

/** Finds a point on a shortest path of edits through a range, from both ends at once. */
function splitter(a: ArrayLike<number>, b: ArrayLike<number>): (range: Range) => Pair {
	// Furthest x on each diagonal x - y, forwards and backwards.
	const base = b.length + 1;
	const forward = new Int32Array(a.length + b.length + 3);
	const backward = new Int32Array(a.length + b.length + 3);
	return (range) => {
		const [min, max] = [range.a - range.bEnd, range.aEnd - range.b];
		const [start, end] = [range.a - range.b, range.aEnd - range.bEnd];
		const odd = ((start - end) & 1) !== 0;
		let [low, high, backLow, backHigh] = [start, start, end, end];
		forward[base + start] = range.a;
		backward[base + end] = range.aEnd;
		const at = (list: Int32Array, k: number) => list[base + k] as number;
		for (let cost = 1; ; cost++) {
			if (low > min) forward[base + --low - 1] = -1;
			else low++;
			if (high < max) forward[base + ++high + 1] = -1;
			else high--;
			for (let k = high; k >= low; k -= 2) {
				let x = at(forward, k - 1) >= at(forward, k + 1) ? at(forward, k - 1) + 1 : at(forward, k + 1);
				while (x < range.aEnd && x - k < range.bEnd && a[x] === b[x - k]) x++;
				forward[base + k] = x;
				if (odd && backLow <= k && k <= backHigh && at(backward, k) <= x) return [x, x - k];
			}
			if (backLow > min) backward[base + --backLow - 1] = 0x7fffffff;
			else backLow++;
			if (backHigh < max) backward[base + ++backHigh + 1] = 0x7fffffff;
			else backHigh--;
			for (let k = backHigh; k >= backLow; k -= 2) {
				let x = at(backward, k - 1) < at(backward, k + 1) ? at(backward, k - 1) : at(backward, k + 1) - 1;
				while (x > range.a && x - k > range.b && a[x - 1] === b[x - k - 1]) x--;
				backward[base + k] = x;
				if (!odd && low <= k && k <= high && x <= at(forward, k)) return [x, x - k];
			}
			if (cost >= COSTLIEST) return furthest(range, (k) => at(forward, k), low, high);
		}
	};
}

/** Where the forward search has come furthest. */
function furthest(range: Range, x: (k: number) => number, low: number, high: number): Pair {
	let best: Pair = [range.a, range.b];
	for (let k = high; k >= low; k -= 2) {
		const i = Math.min(x(k), range.aEnd, range.bEnd + k);
		if (i + i - k > best[0] + best[1]) best = [i, i - k];
	}
	return best;
}
