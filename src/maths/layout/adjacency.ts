/** Neighbours in one flat array: those of v are `list[start[v]]` up to `list[start[v + 1]]`. */
export interface Adjacency {
	start: Int32Array;
	list: Int32Array;
}

/** @param keys whose neighbour: `values[i]` is one of `keys[i]`; in the order in which they come */
export function adjacency(n: number, keys: ArrayLike<number>, values: ArrayLike<number>): Adjacency {
	const start = new Int32Array(n + 1);
	for (let i = 0; i < keys.length; i++) start[(keys[i] as number) + 1]!++;
	for (let v = 0; v < n; v++) start[v + 1]! += start[v]!;
	const next = start.slice();
	const list = new Int32Array(keys.length);
	for (let i = 0; i < keys.length; i++) list[next[keys[i] as number]!++] = values[i] as number;
	return { start, list };
}

export const degree = ({ start }: Adjacency, v: number): number => start[v + 1]! - start[v]!;
