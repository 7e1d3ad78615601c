/** Classes beyond which one searches instead of reading through. */
export const MANY_CLASSES = 20;
/** Rows of what a search finds. */
export const MAX_FOUND_CLASSES = 60;
const FIRST = 5;

/**
 * The units that the prediction lists, best first.
 * @param order all of them, best first
 * @param query part of a name, in any case; of few classes it is not heeded
 * @param all whether all are wanted without a query, else the first five
 */
export function listedClasses(
	order: ArrayLike<number>,
	nameOf: (unit: number) => string,
	query: string,
	all: boolean
): number[] {
	const units = Array.from(order);
	const words = query.trim().toLowerCase();
	if (!words || units.length <= MANY_CLASSES) return all ? units : units.slice(0, FIRST);
	return units.filter((unit) => nameOf(unit).toLowerCase().includes(words)).slice(0, MAX_FOUND_CLASSES);
}
