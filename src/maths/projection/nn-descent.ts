import { Drawn, NearLists } from '#maths/projection/acquaintances.ts';
import { nearestOf } from '#maths/projection/exact-neighbours.ts';
import { randomLeaves } from '#maths/projection/leaves.ts';
import { PlainLocalJoin, type LocalJoin } from '#maths/projection/local-join.ts';
import { fastStream, sample, type Random } from '#maths/random.ts';
import { finished, within, type Comparable, type Job, type Neighbours } from '#maths/projection/rows.ts';
import { SimdLocalJoin } from '#maths/projection/simd/simd-local-join.ts';

/** Approximate neighbour lists: NN-descent (Dong, Charikar & Li 2011) from random trees, as PyNNDescent begins it. */

/** Rows of a leaf, all of which are compared. */
const LEAF = 48;
/**
 * Neighbours and reverse neighbours of a row, each of new and old ones, that are introduced to each other in a round: fewer
 * where it takes longer.
 */
const CANDIDATES = { simd: 28, plain: 16 } as const;
/** Neighbours that are searched beside the wanted ones, which are found more surely then (measured). */
const MORE = 2;
const ROUNDS = 12;
/** Share of list entries that still change when it is enough: long lists are known well before (measured). */
const enoughFor = (k: number) => Math.min(0.04, 0.001 * Math.max(1, k / 15) ** 2);
/** Rows of which all neighbours are looked up, to know how many were found. */
const MEASURED = 200;
/** Rows between two looks at the clock. */
const SLICE = 32;
const ENTRIES = 1 << 15;

/** How many trees: as PyNNDescent, but fewer where leaves are costly to fill. */
const treesFor = (count: number) => Math.min(10, 4 + Math.round(Math.sqrt(count) / 40));

/** Compares with what kernels there are. */
class Acquainting {
	readonly lists: NearLists;

	constructor(
		readonly localJoin: LocalJoin,
		k: number
	) {
		this.lists = new NearLists(localJoin.count, k, localJoin.bounds);
	}

	/** Of the rows in `localJoin.list`. @returns how many lists have changed */
	introduce(news: number, all: number): number {
		const { localJoin, lists } = this;
		const { reported, sums } = localJoin;
		let changes = 0;
		for (let at = 0, end = 3 * localJoin.meet(news, all); at < end; at += 3) {
			const [i, j, sum] = [reported[at] as number, reported[at + 1] as number, sums[at + 2] as number];
			changes += lists.offer(i, sum, j) + lists.offer(j, sum, i);
		}
		return changes;
	}
}

/**
 * The k nearest other rows, nearly all of them. O(count log count width) in practice.
 * @param plain without the kernels
 */
export function* descendedNeighbours(
	given: Comparable,
	requested: number,
	seed: number,
	plain = false
): Job<Neighbours> {
	const { count } = given;
	const k = Math.max(1, Math.min(requested, count - 1));
	const known = Math.min(k + MORE, count - 1);
	const simd = plain ? null : yield* within(SimdLocalJoin.of(given, seed), 0, 0.15);
	const localJoin = simd ?? new PlainLocalJoin(given);
	const acquainting = new Acquainting(localJoin, known);
	// Along the first tree, neighbours lie near each other in memory.
	const { rows: order, offsets } = yield* within(randomLeaves(localJoin, LEAF, seed, 0), 0.15, 0.15);
	yield* within(localJoin.reorder(order), 0.15, 0.2);
	const trees = treesFor(count);
	const identity = Int32Array.from(order.keys());
	for (let t = 0; t < trees; t++) {
		const leaves = t ? yield* within(randomLeaves(localJoin, LEAF, seed, t), 0.2, 0.2) : { rows: identity, offsets };
		yield* within(
			fill(acquainting, leaves.rows, leaves.offsets),
			0.2 + (0.25 * t) / trees,
			0.2 + (0.25 * (t + 1)) / trees
		);
	}
	yield* within(company(acquainting, seed), 0.45, 0.45);
	const { lists } = acquainting;
	const room = simd ? CANDIDATES.simd : CANDIDATES.plain;
	const [news, olds] = [new Drawn(count, room), new Drawn(count, room)];
	for (let round = 0; round < ROUNDS; round++) {
		yield* within(draw(lists, news, olds, fastStream(seed, 'descent', round)), 0.45, 0.45);
		let changed = 0;
		for (let i = 0; i < count; i++) {
			changed += gather(acquainting, news, olds, i);
			if (i % SLICE === SLICE - 1) yield { done: 0.45 + (0.55 * (round + i / count)) / ROUNDS };
		}
		if (changed <= enoughFor(known) * count * known) break;
	}
	return yield* within(inOrder(given, lists, order, k), 1, 1);
}

/** The lists by the given order of rows. */
function* inOrder(
	{ metric, count }: Comparable,
	{ k: known, indices, sums }: NearLists,
	order: Int32Array,
	k: number
): Job<Neighbours> {
	const found = { k, indices: new Int32Array(count * k), distances: new Float32Array(count * k) };
	for (let position = 0; position < count; position++) {
		const row = order[position] as number;
		for (let n = 0; n < k; n++) {
			const other = indices[position * known + n] as number;
			found.indices[row * k + n] = other < 0 ? -1 : (order[other] as number);
			found.distances[row * k + n] = finished(metric, sums[position * known + n] as number);
		}
		if (position % 4096 === 4095) yield { done: 0 };
	}
	return found;
}

/** All rows of a leaf meet. */
function* fill(acquainting: Acquainting, rows: Int32Array, offsets: readonly number[]): Job<void> {
	const { list } = acquainting.localJoin;
	for (let leaf = 0; leaf + 1 < offsets.length; leaf++) {
		const own = rows.subarray(offsets[leaf], offsets[leaf + 1]);
		list.set(own);
		acquainting.introduce(own.length, own.length);
		if (leaf % 8 === 7) yield { done: (offsets[leaf] as number) / rows.length };
	}
}

/** Whoever sat in small leaves only meets some at random. */
function* company(acquainting: Acquainting, seed: number): Job<void> {
	const { below } = fastStream(seed, 'descent', ROUNDS);
	const { localJoin, lists } = acquainting;
	const { k, indices, count } = lists;
	for (let i = 0; i < count; i++) {
		for (let tries = 0; indices[(i + 1) * k - 1] === -1 && tries < 4 * k; tries++) {
			localJoin.list[0] = i;
			localJoin.list[1] = below(count);
			acquainting.introduce(1, 2);
		}
		if (i % SLICE === SLICE - 1) yield { done: 0 };
	}
}

/** Draws who meets whom; new entries that were drawn are old from now on. */
function* draw({ count, k, indices, fresh }: NearLists, news: Drawn, olds: Drawn, { bits }: Random): Job<void> {
	news.sizes.fill(0);
	olds.sizes.fill(0);
	for (let at = 0; at < indices.length; at++) {
		if (at % ENTRIES === ENTRIES - 1) yield { done: 0 };
		const j = indices[at] as number;
		if (j < 0) continue;
		const i = Math.floor(at / k);
		const priority = bits();
		const to = fresh[at] ? news : olds;
		to.offer(i, j, priority);
		to.offer(j, i, priority);
	}
	for (let i = 0; i < count; i++) {
		for (let at = i * k; at < (i + 1) * k; at++) if (fresh[at] && news.has(i, indices[at] as number)) fresh[at] = 0;
		if (i % 4096 === 4095) yield { done: 0 };
	}
}

/** New acquaintances of row i meet each other and the old ones. */
function gather(acquainting: Acquainting, news: Drawn, olds: Drawn, i: number): number {
	const { list } = acquainting.localJoin;
	const first = i * news.room;
	const fresh = news.sizes[i] as number;
	if (!fresh) return 0;
	const all = fresh + (olds.sizes[i] as number);
	for (let n = 0; n < fresh; n++) list[n] = news.rows[first + n] as number;
	for (let n = fresh; n < all; n++) list[n] = olds.rows[first + n - fresh] as number;
	return acquainting.introduce(fresh, all);
}

/** Share of the true neighbours that a list has, on some rows: ties count as found. */
export function* measuredRecall(rows: Comparable, { k, indices, distances }: Neighbours, seed: number): Job<number> {
	const sampled = sample(rows.count, MEASURED, seed);
	const exact = yield* nearestOf(rows, sampled, k);
	let found = 0;
	for (let q = 0; q < sampled.length; q++) {
		const i = sampled[q] as number;
		// Lists are in float32, which may be above by some roundings.
		const farthest = (exact.distances[(q + 1) * k - 1] as number) * (1 + 1e-5);
		for (let n = 0; n < k; n++)
			if ((indices[i * k + n] as number) >= 0 && (distances[i * k + n] as number) <= farthest) found++;
	}
	return sampled.length && k ? found / (sampled.length * k) : 1;
}
