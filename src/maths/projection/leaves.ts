import { random } from '#maths/projection/random.ts';
import type { Job } from '#maths/projection/rows.ts';

/** Rows split by random trees into leaves: rows of a leaf are likely near each other. */
export interface Leaves {
	/** A permutation of all rows, leaf after leaf. */
	rows: Int32Array;
	/** Where each leaf begins, and the end. */
	offsets: readonly number[];
}

/**
 * Random projection trees (Dasgupta & Freund 2008): each split lies half-way between two rows, as in PyNNDescent.
 * @param values count x width: the rows or a sketch of them
 * @param size most rows of a leaf
 */
export function* randomLeaves(
	values: Float32Array,
	width: number,
	trees: number,
	size: number,
	seed: number
): Job<Leaves[]> {
	const forest: Leaves[] = [];
	for (let t = 0; t < trees; t++) {
		forest.push(yield* tree(values, width, values.length / width, size, seed, t));
		yield { done: (t + 1) / trees };
	}
	return forest;
}

function* tree(
	values: Float32Array,
	width: number,
	count: number,
	size: number,
	seed: number,
	part: number
): Job<Leaves> {
	const { below } = random(seed, 'trees', part);
	const rows = Int32Array.from({ length: count }, (_, i) => i);
	const right = new Int32Array(count);
	const offsets: number[] = [];
	const normal = new Float64Array(width);
	const open: [first: number, end: number, depth: number][] = [[0, count, 0]];
	let looked = 0;
	for (let node = open.pop(); node; node = open.pop()) {
		const [first, end, depth] = node;
		if (end - first <= size) {
			offsets.push(first);
			continue;
		}
		const a = (rows[first + below(end - first)] as number) * width;
		const b = (rows[first + below(end - first)] as number) * width;
		let offset = 0;
		for (let c = 0; c < width; c++) {
			const difference = (values[a + c] as number) - (values[b + c] as number);
			normal[c] = difference;
			offset += (difference * ((values[a + c] as number) + (values[b + c] as number))) / 2;
		}
		let [left, over] = [first, 0];
		for (let at = first; at < end; at++) {
			const row = rows[at] as number;
			let side = -offset;
			for (let c = 0, p = row * width; c < width; c++, p++) side += (normal[c] as number) * (values[p] as number);
			if (side > 0 || (side === 0 && below(2))) rows[left++] = row;
			else right[over++] = row;
		}
		rows.set(right.subarray(0, over), left);
		// Rows at one place cannot be told apart: half and half then.
		if (left === first || left === end || depth > 60) left = (first + end) >> 1;
		open.push([left, end, depth + 1], [first, left, depth + 1]);
		looked += (end - first) * width;
		if (looked > 1 << 20) {
			looked = 0;
			yield { done: 0 };
		}
	}
	offsets.push(count);
	return { rows, offsets };
}
