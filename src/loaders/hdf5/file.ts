import { LabError, isAbort } from '#contracts/errors.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';

/** An HDF5 file, whichever library reads it. */

export interface Hdf5Dataset {
	/** From the root, without a slash in front. */
	path: string;
	shape: readonly number[];
	/** @throws LabError */
	read(): StoredWeight;
}

export interface Hdf5 {
	/** The attributes of a group, by its path; none where there is no such group. Those that cannot be read lack. */
	attributes(path?: string): ReadonlyMap<string, unknown>;
	/** All datasets, in the order of the file. @throws LabError */
	datasets(): Hdf5Dataset[];
}

export const MAGIC = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** More than a browser reads into one piece. */
export const MAX_FILE_BYTES = 2 ** 31 - 1;
export const MAX_DEPTH = 64;

/** The file is whole, and written in a way that the small library does not know. */
export class NewerHdf5 extends Error {
	override readonly name = 'NewerHdf5';
}

/** Whatever goes wrong within is a sentence about the file. */
export function guarded<T>(name: string, read: () => T): T {
	try {
		return read();
	} catch (cause) {
		if (cause instanceof LabError || cause instanceof NewerHdf5 || isAbort(cause)) throw cause;
		throw new LabError(
			`“${name}” is damaged or was cut off: what it says of its parts cannot be followed.`,
			'Save or download it again.',
			{ cause }
		);
	}
}
