/** Class names and the units of a model: one of them may count the background, and the other not. */

/** How well a list of names fits a head of so many units: of one more or fewer, one is the background. */
export const fitsUnits = (names: number, units: number): boolean => Math.abs(names - units) <= 1 && names > 0;

/**
 * The name of a unit, or null. A list of one more than there are units may begin with a background that the model leaves
 * out; a model with one more than there are names begins with it.
 */
export function unitName(names: readonly string[] | null, unit: number, units: number): string | null {
	if (!names) return null;
	if (names.length === units - 1 && names.length > 1) return unit ? (names[unit - 1] ?? null) : 'background';
	const skip = names.length === units + 1 && /^(background|__background__)$/i.test(names[0] ?? '') ? 1 : 0;
	return names[unit + skip] ?? null;
}
