/** NumPy's own file format, version 1.0 (numpy/lib/format): C order, little-endian. */

const TYPES = { float32: '<f4', int32: '<i4', bool: '|b1' } as const;

/** What stands before the numbers. */
export function npyHeader(shape: readonly number[], dtype: keyof typeof TYPES): Uint8Array<ArrayBuffer> {
	const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
	const header = `{'descr': '${TYPES[dtype]}', 'fortran_order': False, 'shape': ${tuple}, }`;
	// Magic, version and length take 10 bytes; all of it ends in a newline at a multiple of 64.
	const padded = `${header}${' '.repeat(63 - ((10 + header.length) % 64))}\n`;
	const head = new Uint8Array(10 + padded.length);
	head.set([0x93, ...[...'NUMPY'].map((c) => c.charCodeAt(0)), 1, 0, padded.length & 255, padded.length >> 8]);
	for (let i = 0; i < padded.length; i++) head[10 + i] = padded.charCodeAt(i);
	return head;
}
