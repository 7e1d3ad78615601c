/** @returns the indices below `count` that meet it, ascending: of a million in a few milliseconds */
export function indicesWhere(count: number, meets: (index: number) => boolean): Int32Array<ArrayBuffer> {
	const hits = new Int32Array(count);
	let found = 0;
	for (let i = 0; i < count; i++) if (meets(i)) hits[found++] = i;
	return hits.slice(0, found);
}

/** @returns the indices of a code, ascending */
export const membersOf = (codes: Int32Array, code: number): Int32Array<ArrayBuffer> =>
	indicesWhere(codes.length, (i) => codes[i] === code);
