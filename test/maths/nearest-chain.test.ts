import { expect, it } from 'vitest';
import { nearestChain } from '#maths/nearest-chain.ts';

it('gains as much as the best of all chains', () => {
	for (let seed = 1; seed < 30; seed++) {
		const [n, m] = [1 + (seed % 5), 1 + ((seed * 7) % 6)];
		const gain = (i: number, j: number) => Math.sin(seed * 12.9 + i * 78.2 + j * 37.7);
		const best = (i: number, j: number): number =>
			i === n || j === m ? 0 : Math.max(best(i + 1, j), best(i, j + 1), Math.max(0, gain(i, j)) + best(i + 1, j + 1));
		const chain = nearestChain(n, m, gain);
		expect(chain.reduce((sum, [i, j]) => sum + gain(i, j), 0)).toBeCloseTo(best(0, 0), 12);
		expect(chain.every(([i, j], k) => gain(i, j) > 0 && (!k || (i > chain[k - 1]![0] && j > chain[k - 1]![1])))).toBe(
			true
		);
	}
	expect(nearestChain(0, 3, () => 1)).toEqual([]);
	expect(nearestChain(3000, 3000, () => 1)).toEqual([]);
});
