/** Which class of a model a label of a data set means. */

const plain = (name: string) =>
	name
		.trim()
		.toLowerCase()
		.replace(/[\s_-]+/g, ' ');

/**
 * By name where names are the same but for case; else by number, where all labels are numbers that the model has.
 * @param names the model's class names, or null
 * @returns a class per category, -1 for one that the model does not know; null where nothing fits
 */
export function classesOf(
	categories: readonly string[],
	names: readonly string[] | null,
	classes: number
): Int32Array | null {
	if (names) {
		const indices = new Map<string, number>();
		names.slice(0, classes).forEach((name, k) => {
			// `tench, Tinca tinca`: the first name of several will do.
			for (const one of [name, ...name.split(',')]) if (!indices.has(plain(one))) indices.set(plain(one), k);
		});
		const found = Int32Array.from(categories, (name) => indices.get(plain(name)) ?? -1);
		if (found.some((k) => k >= 0)) return found;
	}
	const values = categories.map((name) => (name.trim() ? Number(name) : NaN));
	const fits = values.length > 0 && values.every((n) => Number.isInteger(n) && n >= 0 && n < classes);
	return fits ? Int32Array.from(values) : null;
}
