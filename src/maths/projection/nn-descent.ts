import { nearestOf } from '#maths/projection/exact-neighbours.ts';
import { randomLeaves, type Leaves } from '#maths/projection/leaves.ts';
import { random, sample, type Random } from '#maths/projection/random.ts';
import { reordered, Sketch } from '#maths/projection/sketch.ts';
import { between, finished, within, type Comparable, type Job, type Neighbours } from '#maths/projection/rows.ts';

/** Approximate neighbour lists: NN-descent (Dong, Charikar & Li 2011) from random trees, as PyNNDescent begins it. */

/** Rows of a leaf, all of which are compared. */
const LEAF = 48;
/** Neighbours and reverse neighbours of a row, each of new and old ones, that are introduced to each other in a round. */
const CANDIDATES = 16;
const ROUNDS = 12;
/** Share of list entries that still change when it is enough. */
const ENOUGH = 0.002;
/** Distances between two looks at the clock. */
const SLICE = 1 << 18;

class Lists {
	readonly sums: Float32Array;
	readonly indices: Int32Array;
	readonly fresh: Uint8Array;

	constructor(
		readonly count: number,
		readonly k: number
	) {
		this.sums = new Float32Array(count * k).fill(Infinity);
		this.indices = new Int32Array(count * k).fill(-1);
		this.fresh = new Uint8Array(count * k);
	}

	/** Sorted insertion; 1 if the list has changed. A row that is there already has the same sum to the bit. */
	offer(row: number, sum: number, candidate: number): number {
		const { sums, indices, fresh, k } = this;
		const first = row * k;
		const last = first + k - 1;
		if (sum >= (sums[last] as number)) return 0;
		let at = last;
		while (at > first && (sums[at - 1] as number) > sum) at--;
		for (let same = at - 1; same >= first && sums[same] === sum; same--) if (indices[same] === candidate) return 0;
		sums.copyWithin(at + 1, at, last);
		indices.copyWithin(at + 1, at, last);
		fresh.copyWithin(at + 1, at, last);
		sums[at] = sum;
		indices[at] = candidate;
		fresh[at] = 1;
		return 1;
	}
}

/** How many trees: as PyNNDescent, but fewer where leaves are costly to fill. */
const treesFor = (count: number) => Math.min(10, 4 + Math.round(Math.sqrt(count) / 40));

/** Rows in an order in which neighbours lie near each other in memory, and a sketch that spares most comparisons. */
class Meeting {
	readonly lists: Lists;

	constructor(
		readonly rows: Comparable,
		readonly sketch: Sketch | null,
		k: number
	) {
		this.lists = new Lists(rows.count, k);
	}

	/** @returns how many lists have changed */
	compare(i: number, j: number): number {
		const { lists, sketch, rows } = this;
		const { sums, k } = lists;
		const [mine, its] = [sums[(i + 1) * k - 1] as number, sums[(j + 1) * k - 1] as number];
		const bound = mine > its ? mine : its;
		if (sketch?.beyond(i, j, bound)) return 0;
		const sum = Math.fround(between(rows, i, rows, j, bound));
		return lists.offer(i, sum, j) + lists.offer(j, sum, i);
	}
}

/** The k nearest other rows, nearly all of them. O(count log count width) in practice. */
export function* descendedNeighbours(given: Comparable, wanted: number, seed: number): Job<Neighbours> {
	const { count, width } = given;
	const k = Math.max(1, Math.min(wanted, count - 1));
	const sketch = yield* within(Sketch.of(given, seed), 0, 0.15);
	const forest = yield* within(
		randomLeaves(sketch?.values ?? given.values, sketch?.width ?? width, treesFor(count), LEAF, seed),
		0.15,
		0.2
	);
	const order = (forest[0] as Leaves).rows;
	const rows = { ...given, values: reordered(given.values, width, order) };
	const meeting = new Meeting(rows, sketch?.inOrder(order) ?? null, k);
	yield* fill(meeting, forest, order, seed);
	const { lists } = meeting;
	const picked = { fresh: new Picked(count), old: new Picked(count) };
	for (let round = 0; round < ROUNDS; round++) {
		yield* within(pick(lists, picked.fresh, picked.old, random(seed, 'descent', round)), 0.45, 0.45);
		let changed = 0;
		for (let i = 0; i < count;) {
			let budget = SLICE / width;
			for (; i < count && budget > 0; i++) {
				const { changes, looks } = introduce(meeting, picked.fresh, picked.old, i);
				changed += changes;
				budget -= looks;
			}
			yield { done: 0.45 + (0.55 * (round + i / count)) / ROUNDS };
		}
		if (changed <= ENOUGH * count * k) break;
	}
	const found = { k, indices: new Int32Array(count * k), distances: new Float32Array(count * k) };
	order.forEach((row, place) => {
		for (let n = 0; n < k; n++) {
			const other = lists.indices[place * k + n] as number;
			found.indices[row * k + n] = other < 0 ? -1 : (order[other] as number);
			found.distances[row * k + n] = finished(given.metric, lists.sums[place * k + n] as number);
		}
	});
	return found;
}

/** All rows of a leaf meet. */
function* fill(meeting: Meeting, forest: readonly Leaves[], order: Int32Array, seed: number): Job<void> {
	const { rows, lists } = meeting;
	const place = new Int32Array(rows.count);
	order.forEach((row, at) => (place[row] = at));
	for (const [t, { rows: leaves, offsets }] of forest.entries()) {
		let budget = SLICE / rows.width;
		for (let leaf = 0; leaf + 1 < offsets.length; leaf++) {
			const [first, end] = [offsets[leaf] as number, offsets[leaf + 1] as number];
			const own = leaves.subarray(first, end).map((row) => place[row] as number);
			for (let p = 0; p < own.length; p++)
				for (let q = p + 1; q < own.length; q++) meeting.compare(own[p] as number, own[q] as number);
			budget -= own.length ** 2 / 2;
			if (budget > 0) continue;
			budget = SLICE / rows.width;
			yield { done: 0.2 + (0.25 * (t + first / rows.count)) / forest.length };
		}
	}
	// Whoever sat in small leaves only meets some at random.
	const { below } = random(seed, 'descent', ROUNDS);
	for (let i = 0; i < rows.count; i++)
		for (let tries = 0; lists.indices[(i + 1) * lists.k - 1] === -1 && tries < 4 * lists.k; tries++) {
			const j = below(rows.count);
			if (i !== j) meeting.compare(i, j);
		}
}

/** Up to CANDIDATES rows per row, chosen by random priority. */
class Picked {
	readonly rows: Int32Array;
	readonly priorities: Uint32Array;
	readonly sizes: Uint8Array;

	constructor(count: number) {
		this.rows = new Int32Array(count * CANDIDATES);
		this.priorities = new Uint32Array(count * CANDIDATES);
		this.sizes = new Uint8Array(count);
	}

	offer(to: number, row: number, priority: number): void {
		const { rows, priorities, sizes } = this;
		const first = to * CANDIDATES;
		const size = sizes[to] as number;
		let at = first + size;
		if (size === CANDIDATES) {
			if (priority >= (priorities[--at] as number)) return;
		} else sizes[to] = size + 1;
		for (let same = first; same < first + size; same++) if (rows[same] === row) return void (sizes[to] = size);
		for (; at > first && (priorities[at - 1] as number) > priority; at--) {
			rows[at] = rows[at - 1] as number;
			priorities[at] = priorities[at - 1] as number;
		}
		rows[at] = row;
		priorities[at] = priority;
	}

	has(to: number, row: number): boolean {
		const first = to * CANDIDATES;
		for (let at = first; at < first + (this.sizes[to] as number); at++) if (this.rows[at] === row) return true;
		return false;
	}
}

/** Draws who meets whom; new entries that were drawn are old from now on. */
function* pick({ count, k, indices, fresh }: Lists, news: Picked, olds: Picked, { bits }: Random): Job<void> {
	news.sizes.fill(0);
	olds.sizes.fill(0);
	for (let at = 0; at < indices.length; at++) {
		if (at % SLICE === SLICE - 1) yield { done: 0 };
		const j = indices[at] as number;
		if (j < 0) continue;
		const i = Math.floor(at / k);
		const priority = bits();
		const to = fresh[at] ? news : olds;
		to.offer(i, j, priority);
		to.offer(j, i, priority);
	}
	for (let i = 0; i < count; i++)
		for (let at = i * k; at < (i + 1) * k; at++) if (fresh[at] && news.has(i, indices[at] as number)) fresh[at] = 0;
}

function introduce(meeting: Meeting, news: Picked, olds: Picked, i: number) {
	let [changes, looks] = [0, 0];
	const first = i * CANDIDATES;
	const end = first + (news.sizes[i] as number);
	const oldEnd = first + (olds.sizes[i] as number);
	for (let p = first; p < end; p++) {
		const a = news.rows[p] as number;
		for (let q = p + 1; q < end; q++) changes += meeting.compare(a, news.rows[q] as number);
		for (let q = first; q < oldEnd; q++) {
			const b = olds.rows[q] as number;
			if (a !== b) changes += meeting.compare(a, b);
		}
		looks += end - p + oldEnd - first;
	}
	return { changes, looks };
}

/** Share of the true neighbours that a list has, on some rows: ties count as found. */
export function* measuredRecall(rows: Comparable, { k, indices, distances }: Neighbours, seed: number): Job<number> {
	const places = sample(rows.count, 100, seed);
	const exact = yield* nearestOf(rows, places, k);
	let found = 0;
	for (let q = 0; q < places.length; q++) {
		const i = places[q] as number;
		// Lists are in float32, which may be above by a rounding.
		const farthest = (exact.distances[(q + 1) * k - 1] as number) * (1 + 1e-6);
		for (let n = 0; n < k; n++)
			if ((indices[i * k + n] as number) >= 0 && (distances[i * k + n] as number) <= farthest) found++;
	}
	return places.length && k ? found / (places.length * k) : 1;
}
