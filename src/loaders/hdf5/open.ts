import { LabError } from '#contracts/errors.ts';
import { headOf } from '#loaders/head.ts';
import { MAGIC, MAX_FILE_BYTES, NewerHdf5, type Hdf5 } from '#loaders/hdf5/file.ts';
import { PlainHdf5 } from '#loaders/hdf5/hdf5.ts';

/** HDF5 files: a small library reads what Keras writes, the HDF Group's own is fetched for what that does not know. */

export async function isHdf5(blob: Blob): Promise<boolean> {
	const head = await headOf(blob, MAGIC.length);
	return MAGIC.every((byte, i) => head[i] === byte);
}

/** @throws LabError for a broken file, or one of a kind that neither reads */
export async function openHdf5(blob: Blob, name: string): Promise<Hdf5> {
	if (blob.size > MAX_FILE_BYTES)
		throw new LabError(`“${name}” is larger than 2 GB, more than can be read.`, 'Save a smaller model.');
	const buffer = await blob.arrayBuffer();
	try {
		return await PlainHdf5.open(buffer, name);
	} catch (cause) {
		if (!(cause instanceof NewerHdf5)) throw cause;
		const { openWhole } = await import('#loaders/hdf5/whole.ts');
		return openWhole(buffer, name);
	}
}
