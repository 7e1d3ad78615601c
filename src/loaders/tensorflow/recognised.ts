import type { Source, SourceFile } from '#contracts/source.ts';
import { headOf } from '#loaders/head.ts';

/** What of TensorFlow's binary files is what: by the numbers of their first fields, never by name. */

interface Head {
	number: number;
	type: number;
	/** Of what is packed: where it begins, and how long it is. */
	from: number;
	length: number;
}

/** The field at a position of a file; null where there is none. */
async function fieldAt(blob: Blob, at: number): Promise<Head | null> {
	const bytes =
		at < 256 ? (await headOf(blob, at + 16)).subarray(at) : new Uint8Array(await blob.slice(at, at + 16).arrayBuffer());
	let next = 0;
	const varint = () => {
		let [value, factor] = [0, 1];
		for (;;) {
			const byte = bytes[next++];
			if (byte === undefined || factor > 2 ** 49) return NaN;
			value += (byte & 127) * factor;
			if (byte < 128) return value;
			factor *= 128;
		}
	};
	const tag = varint();
	const value = varint();
	if (Number.isNaN(tag) || Number.isNaN(value)) return null;
	const packed = tag % 8 === 2;
	return { number: Math.floor(tag / 8), type: tag % 8, from: at + next, length: packed ? value : 0 };
}

/** A graph begins with a node, which begins with its name and its operation. */
async function beginsWithNode(blob: Blob, at: number): Promise<boolean> {
	const node = await fieldAt(blob, at);
	if (node?.number !== 1 || node.type !== 2 || node.from + node.length > blob.size) return false;
	const name = await fieldAt(blob, node.from);
	if (name?.number !== 1 || name.type !== 2 || name.length > 2000) return false;
	const op = await fieldAt(blob, name.from + name.length);
	if (op?.number !== 2 || op.type !== 2 || op.length < 1 || op.length > 200) return false;
	const word = new Uint8Array(await blob.slice(op.from, op.from + op.length).arrayBuffer());
	return /^[A-Za-z_>][\w>./-]*$/.test(String.fromCharCode(...word));
}

/** A schema's version, then graphs with all that belongs to them. */
export async function isSavedModel({ blob }: SourceFile): Promise<boolean> {
	const version = await fieldAt(blob, 0);
	if (version?.number !== 1 || version.type !== 0) return false;
	const meta = await fieldAt(blob, version.from);
	if (meta?.number !== 2 || meta.type !== 2 || meta.from + meta.length > blob.size) return false;
	// What comes before the graph: the information on it.
	for (let at = meta.from, k = 0; k < 4; k++) {
		const field = await fieldAt(blob, at);
		if (!field || field.type !== 2) return false;
		if (field.number === 2) return beginsWithNode(blob, field.from);
		at = field.from + field.length;
	}
	return false;
}

export const isGraphDef = ({ blob }: SourceFile) => beginsWithNode(blob, 0);

/** Those of the first files that are so. */
export async function those({ files }: Source, is: (file: SourceFile) => Promise<boolean>): Promise<SourceFile[]> {
	const few = files.slice(0, 2000);
	const found = await Promise.all(few.map(is));
	return few.filter((_, i) => found[i]);
}
