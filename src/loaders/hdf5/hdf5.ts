import type { DataObjects } from 'jsfive';
import { LabError } from '#contracts/errors.ts';
import { guarded, MAGIC, MAX_DEPTH, NewerHdf5, type Hdf5, type Hdf5Dataset } from '#loaders/hdf5/file.ts';
import { Limits, MESSAGE } from '#loaders/hdf5/limits.ts';
import { storedInPieces } from '#loaders/hdf5/values.ts';
import { weightOf } from '#loaders/hdf5/weights.ts';

/** HDF5 files by jsfive, with bounds on all that they say. */

const MAX_OBJECTS = 200_000;

type Make = new (buffer: ArrayBuffer, at: number) => DataObjects;

/** The smallest file: jsfive has no door to its reader of single objects, which must be asked one by one here. */
function seed(): ArrayBuffer {
	const bytes = new Uint8Array(64);
	bytes.set([...MAGIC, 2, 8, 8]);
	bytes[36] = 48;
	bytes.set([0x4f, 0x48, 0x44, 0x52, 2, 0, 0], 48);
	return bytes.buffer;
}

export class PlainHdf5 implements Hdf5 {
	#datasets: Hdf5Dataset[] | null = null;

	private constructor(
		private readonly limits: Limits,
		private readonly make: Make,
		private readonly filters: ReadonlyMap<number, (bytes: ArrayBuffer, itemSize: number) => ArrayBuffer>,
		private readonly root: number,
		/** For messages. */
		private readonly name: string
	) {}

	/** @throws LabError for a broken file; NewerHdf5 for a way of writing that jsfive does not know, wherever it stands */
	static async open(buffer: ArrayBuffer, name: string): Promise<PlainHdf5> {
		const { File, Filters } = await import('jsfive');
		const limits = new Limits(buffer);
		return guarded(name, () => {
			const version = limits.u8(8);
			const old = version < 2;
			if (version > 3)
				throw new LabError(
					`“${name}” is an HDF5 file of a kind that the lab does not read.`,
					'Save it again from Keras.'
				);
			if (limits.u8(old ? 13 : 9) !== 8 || limits.u8(old ? 14 : 10) !== 8) throw new NewerHdf5();
			const end = limits.u64(old ? 40 + (version ? 4 : 0) : 28);
			if (end > buffer.byteLength) throw new RangeError('HDF5: the file is shorter than it says');
			const root = limits.u64(old ? 64 + (version ? 4 : 0) : 36);
			const make = new File(seed())._dataobjects.constructor as Make;
			const file = new PlainHdf5(limits, make, Filters, root, name);
			file.datasets();
			return file;
		});
	}

	#object(at: number): DataObjects {
		this.limits.within(at, 16);
		this.limits.header(at);
		const object = new this.make(this.limits.buffer, at);
		for (const message of object.msgs) this.#known(message.get('type')!, message.get('offset_to_message')!);
		return object;
	}

	/** @throws NewerHdf5 for names and attributes in a heap of their own (libver="latest"), and for newer pieces */
	#known(type: number, at: number): void {
		const { limits } = this;
		const order = limits.u8(at + 1) & 1;
		if (type === MESSAGE.linkInfo && !limits.nowhere(at + 10 + (order ? 8 : 0))) throw new NewerHdf5();
		if (type === MESSAGE.attributeInfo && !limits.nowhere(at + 2 + (order ? 2 : 0))) throw new NewerHdf5();
		if (type === MESSAGE.layout && storedInPieces(limits, at) === 'newer') throw new NewerHdf5();
	}

	#links(object: DataObjects): [name: string, at: number][] {
		for (const message of object.msgs) {
			const at = message.get('offset_to_message') as number;
			const type = message.get('type');
			if (type === MESSAGE.symbols) this.limits.symbols(at);
			if (type === MESSAGE.link) this.limits.link(at);
		}
		return Object.entries(object.get_links()).flatMap(([name, at]) => (typeof at === 'number' ? [[name, at]] : []));
	}

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

	datasets(): Hdf5Dataset[] {
		return (this.#datasets ??= guarded(this.name, () => {
			const found: Hdf5Dataset[] = [];
			const seen = new Set<number>();
			const stack: [path: string[], at: number][] = [[[], this.root]];
			while (stack.length) {
				const [path, at] = stack.pop()!;
				if (path.length > MAX_DEPTH || seen.size > MAX_OBJECTS) throw new RangeError('HDF5: too many groups');
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
		}));
	}

	#dataset(path: string, object: DataObjects): Hdf5Dataset {
		const filters = object.filter_pipeline ?? [];
		if (filters.some((filter) => !this.filters.has(filter.get('filter_id')!))) throw new NewerHdf5();
		const space = object.msgs.find((message) => message.get('type') === MESSAGE.space);
		this.limits.count(space?.get('offset_to_message') as number);
		return {
			path,
			shape: object.shape,
			read: () => guarded(this.name, () => weightOf({ limits: this.limits, object, path, filters: this.filters }))
		};
	}
}
