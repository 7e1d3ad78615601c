/** @returns the places below `count` that meet it, ascending: of a million in a few milliseconds */
export function placesWhere(count: number, meets: (place: number) => boolean): Int32Array<ArrayBuffer> {
	const hits = new Int32Array(count);
	let found = 0;
	for (let i = 0; i < count; i++) if (meets(i)) hits[found++] = i;
	return hits.slice(0, found);
}

/** @returns the places of a code, ascending */
export const membersOf = (codes: Int32Array, code: number): Int32Array<ArrayBuffer> =>
	placesWhere(codes.length, (i) => codes[i] === code);
