import type { Obstacle } from '#contracts/model.ts';
import { baseName } from '#contracts/source.ts';
import { enumerated } from '#maths/format.ts';
import type { Group } from '#loaders/tfjs/weights.ts';

/** Weight files that are not there: what of a group can be read all the same, and how it is said. */

/** What the converter cuts weights into. */
const SHARD = 4 << 20;

/** A run of bytes of a group that is there. */
export interface Part {
	/** Where it begins in the group. */
	from: number;
	buffer: ArrayBuffer;
}

/**
 * Sizes of all files of a group: those that are missing follow from the others where only one is, or where all but the
 * last are equally long, as writers cut them; null where it is not known.
 */
function sizesOf(files: readonly (Blob | null)[], needed: number): (number | null)[] {
	const sizes = files.map((file) => file?.size ?? null);
	const sum = (list: readonly (number | null)[]) => list.reduce<number>((total, size) => total + (size ?? 0), 0);
	const single = (list: (number | null)[]) =>
		list.filter((size) => size === null).length === 1 ? list.map((size) => size ?? needed - sum(list)) : list;
	if (single(sizes) !== sizes || !sizes.includes(null)) return single(sizes);
	const whole = new Set(sizes.slice(0, -1).filter((size) => size !== null));
	const [length = SHARD] = whole;
	const cut = sizes.map((size, i) => size ?? (i < sizes.length - 1 ? length : null));
	const full = single(cut);
	const last = full.at(-1) ?? 0;
	return whole.size <= 1 && sum(full) === needed && last > 0 && last <= length ? full : sizes;
}

/**
 * What is there of a group's bytes, joined where files follow one another.
 * @param needed bytes of the whole group
 */
export async function present(files: readonly (Blob | null)[], needed: number): Promise<Part[]> {
	const sizes = sizesOf(files, needed);
	const runs: { from: number; blobs: Blob[] }[] = [];
	let at = 0;
	let open = false;
	for (const [i, file] of files.entries()) {
		if (file && open) runs.at(-1)?.blobs.push(file);
		else if (file) runs.push({ from: at, blobs: [file] });
		open = !!file;
		const size = sizes[i];
		// What comes after a file of unknown length cannot be located.
		if (size === null || size === undefined || size < 0) break;
		at += size;
	}
	return Promise.all(runs.map(async ({ from, blobs }) => ({ from, buffer: await new Blob(blobs).arrayBuffer() })));
}

/** Why the model does not run for want of its weight files; null if all are there. */
export function missingFiles(groups: readonly Group[], missing: readonly string[]): Obstacle | null {
	const all = groups.reduce((sum, group) => sum + group.paths.length, 0);
	if (all && !missing.length) return null;
	if (!all)
		return {
			kind: 'weights',
			message: 'The model file holds a structure and no weights.',
			hint: 'Save the model with its weights (model.json and its .bin files) to run it.',
			nodes: []
		};
	const names = [...new Set(missing.map(baseName))];
	const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
	const count = missing.length < all ? `${missing.length} of ${all}` : all === 1 ? '' : `All ${all}`;
	const [files, are] = all === 1 ? ['weight file', 'is'] : ['weight files', missing.length === 1 ? 'is' : 'are'];
	return {
		kind: 'weights',
		message: `${count || 'The'} ${files} ${are} missing: ${enumerated(shown)}.`,
		hint: 'To run the model, open model.json together with all its weight files.',
		nodes: []
	};
}
