/** A list to choose from that is longer keeps the page from drawing while it is made. */
export const MAX_OFFERED = 300;

/** The first of a list, and the one that is chosen wherever it is. */
export function few<T>(all: readonly T[], chosen: (one: T) => boolean, max = MAX_OFFERED): readonly T[] {
	if (all.length <= max) return all;
	const later = all.slice(max).find(chosen);
	const first = all.slice(0, max);
	return later === undefined ? first : [...first, later];
}
