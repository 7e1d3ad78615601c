/** @returns the places of a code, ascending */
export function membersOf(codes: Int32Array, code: number): Int32Array<ArrayBuffer> {
	let count = 0;
	for (const own of codes) if (own === code) count++;
	const members = new Int32Array(count);
	for (let i = 0, next = 0; next < count; i++) if (codes[i] === code) members[next++] = i;
	return members;
}
