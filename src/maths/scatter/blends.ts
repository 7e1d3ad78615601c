import type { FlatNeighbours } from '#maths/scatter/flat-neighbours.ts';

/** What lies between the points of a map, as mixtures of the items around it. */

/** Mixtures of at most `k` items each. */
export interface Blends {
	k: number;
	/** count x k; -1 where there are fewer. */
	items: Int32Array<ArrayBuffer>;
	/** count x k, of each mixture 1 in all. */
	weights: Float32Array<ArrayBuffer>;
}

export const emptyBlends = (count: number, k: number): Blends => ({
	k,
	items: new Int32Array(count * k).fill(-1),
	weights: new Float32Array(count * k)
});

/**
 * The mixture for a position, by the modified Shepard weights of Franke & Nielson (1980): w = ((R - d) / (R d))², where R is the
 * distance of the next item that does not count any more. So the mixture is continuous over the map, as an item comes and
 * goes with weight 0, and at an item's own position it is that item.
 * @param near made for at least k + 1 neighbours
 * @param at row of `into`
 * @param except an item that is left out; -1 for none
 * @returns whether anything was in reach
 */
export function blendAt(
	near: FlatNeighbours,
	x: number,
	y: number,
	reach: number,
	into: Blends,
	at: number,
	except = -1
): boolean {
	const { k, items, weights } = into;
	const found = near.find(x, y, k + 1, reach, except);
	if (!found) return false;
	const end = found > k ? Math.sqrt(near.squares[k]!) : reach;
	const used = Math.min(k, found);
	const first = at * k;
	let sum = 0;
	for (let j = 0; j < used; j++) {
		const d = Math.max(1e-9, Math.sqrt(near.squares[j]!));
		items[first + j] = near.items[j]!;
		sum += weights[first + j] = Math.max(0, end - d) ** 2 / (end * d) ** 2;
	}
	// All of them equally far: none is favoured.
	for (let j = 0; j < used; j++) weights[first + j] = sum > 0 ? weights[first + j]! / sum : 1 / used;
	return true;
}

/** How a mesh over the map gets finer: each has the positions of the one before. */
export const MESHES = [17, 33, 65, 129] as const;
/** A mesh reaches this far, in the map's units. */
export const MESH_END = 1.05;

/** Where column or row c of a mesh is. */
export const meshPosition = (c: number, side: number): number => MESH_END * ((2 * c) / (side - 1) - 1);
