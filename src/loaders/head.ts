/** Bytes that are kept of a file, and of one that is no larger than this all. */
const [KEPT, SMALL] = [512, 4096];

const heads = new WeakMap<Blob, Promise<Uint8Array<ArrayBuffer>>>();

const read = async (blob: Blob, length: number) => new Uint8Array(await blob.slice(0, length).arrayBuffer());

/**
 * The first bytes of a file, fewer where it is shorter. Every format looks at the head of every file, and each look at a
 * file costs a browser about a millisecond: what is short is read once for all of them.
 */
export async function headOf(blob: Blob, length: number): Promise<Uint8Array<ArrayBuffer>> {
	if (length > KEPT && blob.size > SMALL) return read(blob, length);
	let head = heads.get(blob);
	if (!head) {
		head = read(blob, blob.size > SMALL ? KEPT : SMALL);
		heads.set(blob, head);
		// A file that cannot be read now may be readable later.
		head.catch(() => heads.delete(blob));
	}
	return (await head).subarray(0, length);
}
