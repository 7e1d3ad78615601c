import { Attribute, File, ready } from 'h5wasm';
import { LabError } from '#contracts/errors.ts';
import { guarded, MAX_DEPTH, MAX_FILE_BYTES, type Hdf5, type Hdf5Dataset } from '#loaders/hdf5/file.ts';
import { storedValues } from '#loaders/hdf5/stored-values.ts';
import { DEFLATE, packedBy, unread } from '#loaders/hdf5/values.ts';
import { isNumeric } from '#maths/read-npy.ts';

/**
 * HDF5 by the HDF Group's library (h5wasm), for files of libver="latest" and rare filters. All is read at once: its copy of
 * the file is given back before anything else happens.
 */

/** Links may lead in rings, which the library does not tell. */
const MAX_OBJECTS = 20_000;
const MAX_ATTRIBUTE_BYTES = 64 << 20;

type Library = Awaited<typeof ready>;

/** Classes of datatypes (HDF5 File Format Specification 3.0, IV.A.2.d). */
const CLASS = { integer: 0, float: 1, opaque: 5 } as const;

/** As NumPy calls it; Keras writes bfloat16 as two bytes that nobody knows. */
function typeOf(
	path: string,
	{ type, size, signed, littleEndian }: ReturnType<Library['get_dataset_metadata']>
): string {
	if (type === CLASS.opaque && size === 2) return '<bf16';
	const letter = type === CLASS.float ? 'f' : type === CLASS.integer ? (signed ? 'i' : 'u') : '';
	const name = `${littleEndian ? '<' : '>'}${letter}${size}`;
	if (!letter || !isNumeric({ type: name }))
		throw new LabError(`“${path}” holds no numbers.`, 'Save the file again from Keras.');
	return name;
}

class Reader {
	readonly attributes = new Map<string, ReadonlyMap<string, unknown>>();
	readonly datasets: Hdf5Dataset[] = [];
	#objects = 0;
	#left: number;

	constructor(
		private readonly library: Library,
		private readonly file: bigint,
		bytes: number
	) {
		this.#left = DEFLATE * bytes;
	}

	walk(path: string, depth: number): void {
		if (depth > MAX_DEPTH || ++this.#objects > MAX_OBJECTS) throw new RangeError('HDF5: too many groups');
		const at = path || '/';
		const kind = this.library.get_type(this.file, at);
		if (kind === this.library.H5G_DATASET) return void this.datasets.push(this.#dataset(path));
		// What leads elsewhere is not in this file.
		if (kind !== this.library.H5G_GROUP) return;
		this.attributes.set(path, this.#attributesOf(at));
		for (const name of this.library.get_names(this.file, at, false))
			this.walk(path ? `${path}/${name}` : name, depth + 1);
	}

	#attributesOf(at: string): ReadonlyMap<string, unknown> {
		const found = new Map<string, unknown>();
		for (const name of this.library.get_attribute_names(this.file, at)) {
			const { size, total_size: count } = this.library.get_attribute_metadata(this.file, at, name);
			if (!(size * count <= MAX_ATTRIBUTE_BYTES)) continue;
			try {
				found.set(name, new Attribute(this.file, at, name).value);
			} catch {
				// It lacks.
			}
		}
		return found;
	}

	#dataset(path: string): Hdf5Dataset {
		const metadata = this.library.get_dataset_metadata(this.file, path);
		const { size, total_size: count, shape } = metadata;
		const sizes = shape ?? [0];
		const bytes = size * count;
		// Pieces that were never written take no room in a file.
		if (!((this.#left -= bytes) >= 0 && bytes <= MAX_FILE_BYTES))
			throw new RangeError('HDF5: more numbers than could be packed');
		const missing = this.library.get_dataset_filters(this.file, path).find(({ id }) => !BUILT_IN.has(id));
		const refusal = missing ? unread(path, packedBy(missing.id)) : null;
		const values = refusal || metadata.vlen || !shape ? null : this.#bytes(path, bytes);
		return {
			path,
			shape: sizes,
			read: () => {
				if (refusal) throw refusal;
				const type = typeOf(path, metadata);
				return storedValues(values!.slice(), type, sizes);
			}
		};
	}

	#bytes(path: string, bytes: number): Uint8Array<ArrayBuffer> {
		const { library } = this;
		const at = library._malloc(Math.max(1, bytes));
		try {
			library.get_dataset_data(this.file, path, null, null, null, BigInt(at));
			return library.HEAPU8.slice(at, at + bytes) as Uint8Array<ArrayBuffer>;
		} finally {
			library._free(at);
		}
	}
}

/** Deflate, shuffle, checksum, n-bit, scale and offset. */
const BUILT_IN = new Set([1, 2, 3, 5, 6]);

/** "GCOL", version 1: where texts of any length lie (III.E). */
const HEAP = [0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0];
const HEADER = 16;

/** The library walks on the spot where room has no size, and back where it has too much. @throws RangeError */
function checkHeaps(buffer: ArrayBuffer): void {
	const bytes = new Uint8Array(buffer);
	const view = new DataView(buffer);
	for (let at = bytes.indexOf(HEAP[0]!); at >= 0; at = bytes.indexOf(HEAP[0]!, at + 1)) {
		if (at + 2 * HEADER > bytes.length || !HEAP.every((byte, i) => bytes[at + i] === byte)) continue;
		const end = at + Number(view.getBigUint64(at + 8, true));
		if (!(end <= bytes.length)) throw new RangeError('HDF5: texts lie outside the file');
		for (let own = at + HEADER; own + HEADER <= end;) {
			const size = Number(view.getBigUint64(own + 8, true));
			const free = view.getUint16(own, true) === 0;
			own += free ? size : HEADER + 8 * Math.ceil(size / 8);
			if ((free && size < HEADER) || own > end) throw new RangeError('HDF5: texts do not lie one after the other');
		}
	}
}

let opened = 0;

/** @throws LabError */
export async function openWhole(buffer: ArrayBuffer, name: string): Promise<Hdf5> {
	guarded(name, () => checkHeaps(buffer));
	const library = await ready;
	// Else it prints what is wrong and goes on.
	library.activate_throwing_error_handler();
	const path = `/${opened++}.h5`;
	library.FS.writeFile(path, new Uint8Array(buffer));
	try {
		return guarded(name, () => {
			const file = new File(path, 'r');
			try {
				const reader = new Reader(library, file.file_id, buffer.byteLength);
				reader.walk('', 0);
				const none = new Map<string, unknown>();
				return {
					attributes: (at = '') => reader.attributes.get(at) ?? none,
					datasets: () => reader.datasets
				};
			} finally {
				file.close();
			}
		});
	} finally {
		library.FS.unlink(path);
	}
}
