import { Zip, ZipPassThrough } from 'fflate';
import { npyHeader } from '#maths/npy.ts';

/** A .npz of NumPy: a zip of arrays, not packed. */

type Bytes = Uint8Array<ArrayBuffer>;

/** A path inside an archive that leads nowhere else. @param otherwise what stands for an empty one */
export function memberName(name: string, taken: Set<string>, otherwise = 'weight'): string {
	const parts = name.split(/[/\\]+/).filter((part) => part && part !== '.');
	const safe = parts.map((part) => (part === '..' ? '__' : part.replace(/[\p{Cc}:]/gu, '_'))).join('/') || otherwise;
	let free = safe;
	for (let k = 2; taken.has(free); k++) free = `${safe}-${k}`;
	taken.add(free);
	return free;
}

/** One that is written array by array. */
export class NpzFile {
	readonly #parts: Bytes[] = [];
	readonly #taken = new Set<string>();
	readonly #zip = new Zip((error, chunk) => {
		if (error) throw error;
		this.#parts.push(chunk as Bytes);
	});

	/** @param otherwise what an array without a name is called */
	constructor(private readonly otherwise: string) {}

	/** @param bytes in C order, little-endian */
	add(name: string, shape: readonly number[], kind: Parameters<typeof npyHeader>[1], bytes: Bytes): void {
		const member = new ZipPassThrough(`${memberName(name, this.#taken, this.otherwise)}.npy`);
		this.#zip.add(member);
		member.push(npyHeader(shape, kind));
		member.push(bytes, true);
	}

	blob(): Blob {
		this.#zip.end();
		return new Blob(this.#parts, { type: 'application/zip' });
	}
}
