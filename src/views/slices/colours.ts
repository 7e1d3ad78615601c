import { classColour } from '#maths/colour.ts';

/** Colours of one picture. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Of all classes without a colour of their own. */
const OTHERS: Rgb = [150, 150, 150];
const COLOURS = 8;

/**
 * A colour for each class that is shown: the same as before where it had one, else its own if that is free.
 * @param classes -1 is for all others
 */
export function coloursOf(classes: readonly number[], before: ReadonlyMap<number, number>): Map<number, number> {
	const named = classes.filter((k) => k >= 0);
	const slots = new Map<number, number>();
	const taken = new Set<number>();
	const give = (k: number, slot: number | undefined) => {
		if (slot === undefined || taken.has(slot) || slots.has(k)) return;
		slots.set(k, slot);
		taken.add(slot);
	};
	for (const k of named) give(k, before.get(k));
	for (const k of named) give(k, k % COLOURS);
	for (const k of named)
		give(
			k,
			Array.from({ length: COLOURS }, (_, slot) => slot).find((slot) => !taken.has(slot))
		);
	return slots;
}

export const rgbOf = (slots: ReadonlyMap<number, number>, k: number): Rgb => {
	const slot = slots.get(k);
	return slot === undefined ? OTHERS : classColour(slot);
};
export const cssOf = (slots: ReadonlyMap<number, number>, k: number): string => `rgb(${rgbOf(slots, k).join(' ')})`;
