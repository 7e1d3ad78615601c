/** No model predicts more classes than this. */
const MAX_CLASSES = 200_000;

/**
 * Names put where their numbers say. Numbers begin at 0, or at 1 where there is no 0; an index without a name stays empty.
 * @returns null if two have one number, or the numbers are not those of classes
 */
export function namesByIndex(pairs: readonly (readonly [index: number, name: string])[]): string[] | null {
	const indices = pairs.map(([index]) => index);
	const last = indices.reduce((max, index) => Math.max(max, index), 0);
	if (!pairs.length || !indices.every((n) => Number.isInteger(n) && n >= 0) || last > MAX_CLASSES) return null;
	if (new Set(indices).size < indices.length) return null;
	// Few names at far indices: these are not numbers of classes.
	if (last > 20 * pairs.length + 100) return null;
	const first = indices.includes(0) || !indices.includes(1) ? 0 : 1;
	const names = new Array<string>(last - first + 1).fill('');
	for (const [index, name] of pairs) names[index - first] = name;
	return names;
}

/** `12`, and neither an empty text nor `1.0`: numbers as indices are written so. */
export const isIndex = (text: string): boolean => /^\d{1,6}$/.test(text);
