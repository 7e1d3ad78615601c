import type { DataObjects } from 'jsfive';
import { LabError } from '#contracts/errors.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { MESSAGE, type Limits } from '#loaders/hdf5/limits.ts';
import { bytesOf } from '#loaders/hdf5/values.ts';
import { isNumeric } from '#maths/read-npy.ts';
import { storedValues } from '#loaders/hdf5/stored-values.ts';

/** A dataset as a weight. */

interface Given {
	limits: Limits;
	object: DataObjects;
	path: string;
	filters: ReadonlyMap<number, (bytes: ArrayBuffer, itemSize: number) => ArrayBuffer>;
}

/** As NumPy calls it; Keras writes bfloat16 as two bytes that nobody knows. */
function typeOf({ limits, object, path }: Given): string {
	const at = object.msgs.find((message) => message.get('type') === MESSAGE.type)?.get('offset_to_message') ?? -1;
	if ((limits.u8(at) & 15) === 5 && limits.u32(at + 4) === 2) return '<bf16';
	try {
		const { dtype } = object;
		if (typeof dtype === 'string' && isNumeric({ type: dtype })) return dtype;
	} catch {
		// The library has no word for it.
	}
	throw new LabError(`“${path}” holds no numbers.`, 'Save the file again from Keras.');
}

/** @throws LabError */
export function weightOf(given: Given): StoredWeight {
	const type = typeOf(given);
	const { shape } = given.object;
	const itemSize = type === '<bf16' ? 2 : Number(type.slice(2));
	return storedValues(bytesOf({ ...given, shape, itemSize }), type, shape);
}
