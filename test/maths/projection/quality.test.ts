import { expect, it } from 'vitest';
import { exactNeighbours } from '#maths/projection/exact-neighbours.ts';
import { measuredRecall } from '#maths/projection/nn-descent.ts';
import { fidelity, FidelityTally, lostNeighbours, soundK } from '#maths/projection/quality.ts';
import { comparable, finish, type Rows } from '#maths/projection/rows.ts';
import { hash01 } from '../../tools/hash01.ts';

const count = 60;
const high = Float32Array.from({ length: 5 * count }, (_, i) => hash01(1, i));
const low = Float32Array.from({ length: 2 * count }, (_, i) => hash01(2, i) + (high[5 * (i >> 1) + (i % 2)] ?? 0));

/** Venna & Kaski's sums as they are written, with all ranks sorted out. */
function written(k: number) {
	const ranks = (values: Float32Array, width: number) =>
		Array.from({ length: count }, (_, i) => {
			const apart = (j: number) =>
				Array.from({ length: width }, (_, c) => (values[i * width + c]! - values[j * width + c]!) ** 2).reduce(
					(a, b) => a + b
				);
			const order = Array.from({ length: count }, (_, j) => j)
				.filter((j) => j !== i)
				.sort((a, b) => apart(a) - apart(b));
			return new Map(order.map((j, at) => [j, at + 1]));
		});
	const [there, here] = [ranks(high, 5), ranks(low, 2)];
	const [sums, kept] = [[0, 0] as [number, number], { n: 0 }];
	for (let i = 0; i < count; i++)
		for (let j = 0; j < count; j++) {
			if (i === j) continue;
			const [r, s] = [there[i]!.get(j)!, here[i]!.get(j)!];
			if (s <= k && r > k) sums[0] += r - k;
			if (r <= k && s > k) sums[1] += s - k;
			if (r <= k && s <= k) kept.n++;
		}
	const scale = 2 / (count * k * (2 * count - 3 * k - 1));
	return { trust: 1 - scale * sums[0], continuity: 1 - scale * sums[1], overlap: kept.n / (count * k) };
}

it.each([1, 5, 15])('says what is defined, at k = %d', (k) => {
	const rows = comparable({ values: high, count, width: 5 }, 'euclidean');
	const found = finish(fidelity(rows, low, 2, k));
	const { trust, continuity, overlap } = written(k);
	expect(found.trustworthiness).toBeCloseTo(trust, 12);
	expect(found.continuity).toBeCloseTo(continuity, 12);
	expect(found.overlap).toBeCloseTo(overlap, 12);
	expect(found.sampled).toBe(count);
});

it('finds nothing wrong with the data itself, and chance in noise', () => {
	const rows = comparable({ values: low, count, width: 2 }, 'euclidean');
	const same = finish(fidelity(rows, low, 2, 7));
	expect(same).toMatchObject({ trustworthiness: 1, continuity: 1, overlap: 1, triplets: 1 });
	const noise = finish(
		fidelity(
			rows,
			Float32Array.from({ length: 2 * count }, (_, i) => hash01(9, i)),
			2,
			7
		)
	);
	expect(Math.abs(noise.triplets - 0.5)).toBeLessThan(0.05);
	expect(noise.overlap).toBeLessThan(0.3);
});

it('counts the neighbours that a row has lost', () => {
	const list = (indices: number[]) => ({ k: 2, indices: Int32Array.from(indices), distances: new Float32Array(6) });
	expect(Array.from(finish(lostNeighbours(list([1, 2, 0, 2, 0, 1]), list([2, 1, 3, 0, 3, 4]))))).toEqual([0, 0.5, 1]);
	expect(soundK(15, 10)).toBe(4);
	expect(soundK(15, 1000)).toBe(15);
});

it('of ties takes the lower row, the row itself left out', () => {
	// Whole numbers, so that there are many ties, and rows at one position.
	const n = 24;
	const [there, here] = [3, 2].map((width, which) => ({
		values: Float32Array.from({ length: n * width }, (_, at) => Math.floor((which ? 4 : 3) * hash01(20 + which, at))),
		count: n,
		width
	}));
	const order = ({ values, width }: Rows, i: number) =>
		Array.from({ length: n }, (_, j) => ({
			j,
			far: Array.from({ length: width }, (__, c) => (values[i * width + c]! - values[j * width + c]!) ** 2).reduce(
				(a, b) => a + b
			)
		}))
			.filter(({ j }) => j !== i)
			.sort((a, b) => a.far - b.far || a.j - b.j)
			.map(({ j }) => j);
	for (const k of [1, 3, 7]) {
		let [trust, lost, kept] = [0, 0, 0];
		for (let i = 0; i < n; i++) {
			const [a, b] = [order(there!, i), order(here!, i)];
			for (const j of b.slice(0, k)) {
				if (a.indexOf(j) < k) kept++;
				else trust += a.indexOf(j) + 1 - k;
			}
			for (const j of a.slice(0, k)) if (b.indexOf(j) >= k) lost += b.indexOf(j) + 1 - k;
		}
		const scale = 2 / (n * k * (2 * n - 3 * k - 1));
		const found = finish(fidelity(comparable(there!, 'euclidean'), here!.values, 2, k));
		expect(found.trustworthiness).toBeCloseTo(1 - scale * trust, 12);
		expect(found.continuity).toBeCloseTo(1 - scale * lost, 12);
		expect(found.overlap).toBeCloseTo(kept / (n * k), 12);
	}
});

it('counts triplets in the order that they keep, those that are apart in the data', () => {
	// Three rows, of which the first sees the second nearer in the data: it is so in one map and not in the other.
	const ordered = (map: Float32Array, far: Float32Array) => {
		const tally = new FidelityTally(map, map.length / 3, 1, 1);
		tally.add(0, far);
		return tally.result().triplets;
	};
	expect(ordered(Float32Array.of(0, 0, 1, 0, 2, 0), Float32Array.of(0, 1, 4))).toBe(1);
	expect(ordered(Float32Array.of(0, 0, 2, 0, 1, 0), Float32Array.of(0, 1, 4))).toBe(0);
	// In space the third coordinate says which is nearer.
	expect(ordered(Float32Array.of(0, 0, 0, 0, 0, 2, 1, 0, 0), Float32Array.of(0, 1, 4))).toBe(0);
	expect(ordered(Float32Array.of(0, 0, 0, 0, 0, 1, 2, 0, 0), Float32Array.of(0, 1, 4))).toBe(1);
	expect(ordered(Float32Array.of(0, 0, 1, 0, 2, 0), Float32Array.of(0, 1, 1))).toBeNaN();
});

it('counts what a list has of the true neighbours, at whatever index', () => {
	const rows = comparable({ values: Float32Array.of(0, 1, 3, 7, 15), count: 5, width: 1 }, 'euclidean');
	const exact = finish(exactNeighbours(rows, 2));
	const recall = (change: (indices: Int32Array, distances: Float32Array) => void) => {
		const [indices, distances] = [exact.indices.slice(), exact.distances.slice()];
		change(indices, distances);
		return finish(measuredRecall(rows, { k: 2, indices, distances }, 1));
	};
	expect(recall(() => undefined)).toBe(1);
	expect(recall((indices) => indices.fill(-1, 0, 1))).toBeCloseTo(0.9, 12);
	// As far as the second nearest, to a rounding; and beyond.
	expect(recall((_, distances) => (distances[0] = 3 * (1 + 5e-6)))).toBe(1);
	expect(recall((_, distances) => (distances[0] = 3.001))).toBeCloseTo(0.9, 12);
	expect(recall((_, distances) => (distances[9] = 15))).toBeCloseTo(0.9, 12);
	expect(
		finish(
			measuredRecall(
				{ ...rows, count: 0, values: new Float32Array(0) },
				{ k: 2, indices: new Int32Array(0), distances: new Float32Array(0) },
				1
			)
		)
	).toBe(1);
});
