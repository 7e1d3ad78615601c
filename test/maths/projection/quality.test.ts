import { expect, it } from 'vitest';
import { fidelity, lostNeighbours, soundK } from '#maths/projection/quality.ts';
import { comparable, finish } from '#maths/projection/rows.ts';
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
