/** No model predicts more classes than this. */
const MAX_CLASSES = 200_000;

/**
 * Names put where their numbers say. Numbers begin at 0, or at 1 where there is no 0; a place without a name stays empty.
 * @returns null if two have one number, or the numbers are not those of classes
 */
export function placed(pairs: readonly (readonly [place: number, name: string])[]): string[] | null {
	const places = pairs.map(([place]) => place);
	const last = places.reduce((max, place) => Math.max(max, place), 0);
	if (!pairs.length || !places.every((n) => Number.isInteger(n) && n >= 0) || last > MAX_CLASSES) return null;
	if (new Set(places).size < places.length) return null;
	// Few names at far places: these are not numbers of classes.
	if (last > 20 * pairs.length + 100) return null;
	const first = places.includes(0) || !places.includes(1) ? 0 : 1;
	const names = new Array<string>(last - first + 1).fill('');
	for (const [place, name] of pairs) names[place - first] = name;
	return names;
}

/** `12`, and neither an empty text nor `1.0`: numbers as places are written so. */
export const isPlace = (text: string): boolean => /^\d{1,6}$/.test(text);
