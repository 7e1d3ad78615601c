import { sample } from '#maths/random.ts';
import type { FlatNeighbours } from '#maths/scatter/flat-neighbours.ts';

/** How far from its points a map may be read. */

/** Points looked at, the neighbour that is looked for, and how many times its distance counts as near. */
const [LOOKED, NEIGHBOUR, TIMES] = [1000, 3, 4];
const [MIN_REACH, MAX_REACH] = [0.02, 0.25];

/**
 * Four times the distance to the third neighbour that nine of ten points keep: beyond it from every point, nothing is
 * claimed. In the map's units, which is 2 wide.
 */
export function reachOf(near: FlatNeighbours): number {
	const { positions } = near;
	const visible = sample(positions.length / 2, LOOKED, 1);
	const distances: number[] = [];
	for (const i of visible)
		if (near.find(positions[2 * i]!, positions[2 * i + 1]!, NEIGHBOUR, 3, i) === NEIGHBOUR)
			distances.push(Math.sqrt(near.squares[NEIGHBOUR - 1]!));
	const sorted = distances.sort((a, b) => a - b);
	const wide = sorted[Math.floor(0.9 * (sorted.length - 1))] ?? 0;
	return Math.min(MAX_REACH, Math.max(MIN_REACH, TIMES * wide));
}

/** 0..1: all within half the reach, nothing beyond it. */
export const claimAt = (distance: number, reach: number): number =>
	Math.min(1, Math.max(0, 2 * (1 - distance / Math.max(1e-12, reach))));
