import { fastStream } from '#maths/random.ts';
import type { LocalJoin } from '#maths/projection/local-join.ts';
import type { Job } from '#maths/projection/rows.ts';

/** Rows split by a random tree into leaves: rows of a leaf are likely near each other. */
export interface Leaves {
	/** A permutation of all rows, leaf after leaf. */
	rows: Int32Array;
	/** Where each leaf begins, and the end. */
	offsets: readonly number[];
}

/** Rows that are looked at between two looks at the clock. */
const SLICE = 8192;

/**
 * A random projection tree (Dasgupta & Freund 2008): each split lies half-way between two rows, as in PyNNDescent.
 * @param size most rows of a leaf
 */
export function* randomLeaves(localJoin: LocalJoin, size: number, seed: number, part: number): Job<Leaves> {
	const { count, width } = localJoin;
	const { below } = fastStream(seed, 'trees', part);
	const rows = new Int32Array(count);
	for (let i = 0; i < count; i++) rows[i] = i;
	const right = new Int32Array(count);
	const sides = new Float32Array(SLICE);
	const offsets: number[] = [];
	const normal = new Float32Array(width);
	const open: [first: number, end: number, depth: number][] = [[0, count, 0]];
	let visible = 0;
	for (let node = open.pop(); node; node = open.pop()) {
		const [first, end, depth] = node;
		if (end - first <= size) {
			offsets.push(first);
			continue;
		}
		const a = localJoin.row(rows[first + below(end - first)] as number);
		const b = localJoin.row(rows[first + below(end - first)] as number);
		let offset = 0;
		for (let c = 0; c < width; c++) {
			const difference = (a[c] as number) - (b[c] as number);
			normal[c] = difference;
			offset += (difference * ((a[c] as number) + (b[c] as number))) / 2;
		}
		let [left, over] = [first, 0];
		for (let from = first; from < end; from += SLICE) {
			const to = Math.min(end, from + SLICE);
			localJoin.products(rows, from, to, normal, sides);
			for (let at = from; at < to; at++) {
				const row = rows[at] as number;
				const side = (sides[at - from] as number) - offset;
				if (side > 0 || (side === 0 && below(2))) rows[left++] = row;
				else right[over++] = row;
			}
			visible += to - from;
			if (visible < SLICE) continue;
			visible = 0;
			yield { done: 0 };
		}
		rows.set(right.subarray(0, over), left);
		// Rows at one position cannot be told apart: half and half then.
		if (left === first || left === end || depth > 60) left = (first + end) >> 1;
		open.push([left, end, depth + 1], [first, left, depth + 1]);
	}
	offsets.push(count);
	return { rows, offsets };
}
