import type { DataObjects } from 'jsfive';
import { LabError, isAbort } from '#contracts/errors.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { Limits, MESSAGE } from '#loaders/hdf5/limits.ts';
import { weightOf } from '#loaders/hdf5/weights.ts';
import { headOf } from '#loaders/head.ts';

/** HDF5 files by jsfive, with bounds on all that they say. */

const MAGIC = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** More than a browser reads into one piece. */
const MAX_FILE_BYTES = 2 ** 31 - 1;
const MAX_OBJECTS = 200_000;
const DEEPEST = 64;

export async function isHdf5(blob: Blob): Promise<boolean> {
	const head = await headOf(blob, MAGIC.length);
	return MAGIC.every((byte, i) => head[i] === byte);
}

export interface Hdf5Dataset {
	/** From the root, without a slash in front. */
	path: string;
	shape: readonly number[];
	/** @throws LabError */
	read(): StoredWeight;
}

type Make = new (buffer: ArrayBuffer, at: number) => DataObjects;

/** The smallest file: jsfive has no door to its reader of single objects, which must be asked one by one here. */
function seed(): ArrayBuffer {
	const bytes = new Uint8Array(64);
	bytes.set([...MAGIC, 2, 8, 8]);
	bytes[36] = 48;
	bytes.set([0x4f, 0x48, 0x44, 0x52, 2, 0, 0], 48);
	return bytes.buffer;
}

export class Hdf5 {
	private constructor(
		private readonly limits: Limits,
		private readonly make: Make,
		private readonly filters: ReadonlyMap<number, (bytes: ArrayBuffer, itemSize: number) => ArrayBuffer>,
		private readonly root: number,
		/** For sentences. */
		private readonly name: string
	) {}

	/** @throws LabError for what is no HDF5 file, or a broken one */
	static async open(blob: Blob, name: string): Promise<Hdf5> {
		if (blob.size > MAX_FILE_BYTES)
			throw new LabError(`“${name}” is larger than 2 GB, more than can be read.`, 'Save a smaller model.');
		const { File, Filters } = await import('jsfive');
		const buffer = await blob.arrayBuffer();
		const limits = new Limits(buffer);
		return guarded(name, () => {
			const version = limits.u8(8);
			const old = version < 2;
			if (version > 3 || limits.u8(old ? 13 : 9) !== 8 || limits.u8(old ? 14 : 10) !== 8)
				throw new LabError(
					`“${name}” is an HDF5 file of a kind that the lab does not read.`,
					'Save it again from Keras.'
				);
			const end = limits.u64(old ? 40 + (version ? 4 : 0) : 28);
			if (end > buffer.byteLength) throw new RangeError('HDF5: the file is shorter than it says');
			const root = limits.u64(old ? 64 + (version ? 4 : 0) : 36);
			const make = new File(seed())._dataobjects.constructor as Make;
			return new Hdf5(limits, make, Filters, root, name);
		});
	}

	#object(at: number): DataObjects {
		this.limits.within(at, 16);
		this.limits.header(at);
		return new this.make(this.limits.buffer, at);
	}

	#links(object: DataObjects): [name: string, at: number][] {
		for (const message of object.msgs) {
			const at = message.get('offset_to_message') as number;
			const type = message.get('type');
			if (type === MESSAGE.symbols) this.limits.symbols(at);
			if (type === MESSAGE.link) this.limits.link(at);
			if (type === MESSAGE.linkInfo && !this.limits.nowhere(at + 10 + (this.limits.u8(at + 1) & 1 ? 8 : 0)))
				throw new LabError(
					`“${this.name}” keeps its names in a way of newer HDF5 that the lab does not read.`,
					'Save it from Keras, or by h5py without libver="latest".'
				);
		}
		return Object.entries(object.get_links()).flatMap(([name, at]) => (typeof at === 'number' ? [[name, at]] : []));
	}

	/** The attributes of a group, by its path; none where there is no such group. Those that cannot be read lack. */
	attributes(path = ''): ReadonlyMap<string, unknown> {
		return guarded(this.name, () => {
			const object = this.#at(path);
			const found = new Map<string, unknown>();
			for (const message of object?.msgs ?? []) {
				if (message.get('type') !== MESSAGE.attribute) continue;
				const at = message.get('offset_to_message') as number;
				if (![1, 3].includes(this.limits.u8(at))) continue;
				this.limits.attribute(at);
				found.set(...object!.unpack_attribute(at));
			}
			return found;
		});
	}

	#at(path: string): DataObjects | null {
		let object = this.#object(this.root);
		for (const part of path.split('/').filter(Boolean)) {
			const link = object.is_dataset ? undefined : this.#links(object).find(([name]) => name === part);
			if (!link) return null;
			object = this.#object(link[1]);
		}
		return object;
	}

	/** All datasets, in the order of the file. @throws LabError */
	datasets(): Hdf5Dataset[] {
		return guarded(this.name, () => {
			const found: Hdf5Dataset[] = [];
			const seen = new Set<number>();
			const stack: [path: string[], at: number][] = [[[], this.root]];
			while (stack.length) {
				const [path, at] = stack.pop()!;
				if (path.length > DEEPEST || seen.size > MAX_OBJECTS) throw new RangeError('HDF5: too many groups');
				const object = this.#object(at);
				if (object.is_dataset) {
					found.push(this.#dataset(path.join('/'), object));
					continue;
				}
				// A group may hold itself.
				if (seen.has(at)) continue;
				seen.add(at);
				const links = this.#links(object).reverse();
				stack.push(...links.map(([name, child]): [string[], number] => [[...path, name], child]));
			}
			return found;
		});
	}

	#dataset(path: string, object: DataObjects): Hdf5Dataset {
		const space = object.msgs.find((message) => message.get('type') === MESSAGE.space);
		this.limits.count(space?.get('offset_to_message') as number);
		return {
			path,
			shape: object.shape,
			read: () => guarded(this.name, () => weightOf({ limits: this.limits, object, path, filters: this.filters }))
		};
	}
}

/** Whatever goes wrong within is a sentence about the file. */
function guarded<T>(name: string, read: () => T): T {
	try {
		return read();
	} catch (cause) {
		if (cause instanceof LabError || isAbort(cause)) throw cause;
		throw new LabError(
			`“${name}” is damaged or was cut off: what it says of its parts cannot be followed.`,
			'Save or download it again.',
			{ cause }
		);
	}
}
