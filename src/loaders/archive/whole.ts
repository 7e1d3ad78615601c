import { zipEntries } from '#loaders/archive/zip-directory.ts';
import { headOf } from '#loaders/head.ts';

/** Zips that are one file of a model, told by what lies in them: they are read as a whole, in place. */

/** What PyTorch's files hold first, and what all of them hold. */
const FIRST = /^[^/]+\/(?:data\.pkl|\.format_version|archive_format)/;
const WITHIN = /(?:^|\/)(?:data\.pkl|serialized_state_dict\.(?:pt|json)|data\/weights\/[^/]+\.pt)$/;

/** Whether a zip is a file of PyTorch: also one that was cut short, and has lost the list of what it holds. */
export async function isTorchZip(blob: Blob): Promise<boolean> {
	const head = await headOf(blob, 200);
	if (head[0] !== 0x50 || head[1] !== 0x4b || head[2] !== 3 || head[3] !== 4) return false;
	if (FIRST.test(String.fromCharCode(...head.subarray(30)))) return true;
	try {
		return (await zipEntries(blob, '')).some(({ path }) => WITHIN.test(path));
	} catch {
		return false;
	}
}
