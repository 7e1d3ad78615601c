import type { Reading, SortContext, Sorting } from '#contracts/kind.ts';
import type { Source } from '#contracts/source.ts';
import { expanded } from '#loaders/archive.ts';
import { kinds } from '#loaders/kind-registry.ts';
import { nothingIn } from '#loaders/nothing.ts';

/**
 * Asks every kind what it would make of the files.
 * @throws LabError for an archive that cannot be unpacked
 */
export async function sorted(packed: Source, context: SortContext, signal?: AbortSignal): Promise<Sorting & Source> {
	const source = await expanded(packed, signal);
	const claims = [...kinds.values()].map(async ({ id, title, match }): Promise<Reading | null> => {
		const reading = await match(source, context);
		return reading && { kind: id, title, ...reading };
	});
	const readings = (await Promise.all(claims)).filter((reading) => reading !== null);
	readings.sort((a, b) => b.sure - a.sure);
	if (readings.length) return { ...source, readings, nothing: null };
	const { message, hint } = await nothingIn(source);
	return { ...source, readings, nothing: { message, hint } };
}

/** What pickers offer, by kind. */
export const endings = (): Readonly<Record<string, readonly string[]>> =>
	Object.fromEntries([...kinds.values()].map(({ id, extensions }) => [id, extensions]));
