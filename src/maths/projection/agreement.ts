import { lostNeighbours } from '#maths/projection/quality.ts';
import { finish, type Neighbours } from '#maths/projection/rows.ts';

/** What two maps of the same items, or two layers, have in common: who is near whom, and who stayed where. */

const gcd = (a: number, b: number): number => (b ? gcd(b, a % b) : a);

/** Different items spread over all, so that the first of them serve where fewer are asked for. */
export function spread(count: number, size: number): Int32Array {
	let step = Math.max(1, Math.round(0.618 * count));
	while (gcd(step, count) > 1) step++;
	return Int32Array.from({ length: Math.min(count, size) }, (_, i) => (i * step) % count);
}

/** Items looked at: as many as a thread can compare with all within a second or two. */
export const sampleSize = (count: number, width: number, max = 500): number =>
	Math.min(count, Math.max(50, Math.min(max, Math.floor(3e9 / (count * width)))));

/**
 * Mean share of the nearest of an item that are among its nearest in the other, of the items that both looked at.
 * @param a of the first items of a list
 * @param b of the first items of the same list, maybe more or fewer of them
 */
export function keptShare(a: Neighbours, b: Neighbours): number {
	const items = Math.min(a.indices.length / a.k, b.indices.length / b.k);
	const first = ({ k, indices, distances }: Neighbours) => ({ k, indices: indices.subarray(0, k * items), distances });
	const lost = finish(lostNeighbours(first(a), first(b)));
	return lost.length ? 1 - lost.reduce((sum, share) => sum + share, 0) / lost.length : NaN;
}

/** How far each row lies from where it lies on the other map. */
export function displacement(a: Float32Array, b: Float32Array, dimensions: 2 | 3): Float32Array {
	return Float32Array.from({ length: a.length / dimensions }, (_, i) => {
		let sum = 0;
		for (let d = 0; d < dimensions; d++) sum += (a[i * dimensions + d]! - b[i * dimensions + d]!) ** 2;
		return Math.sqrt(sum);
	});
}
