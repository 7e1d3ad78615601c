import type { InputSpec } from '#contracts/compute.ts';

/** What of one model stands for what of another. */

/** Which of our inputs an input of theirs gets its picture or numbers from: by its name, else by its index. */
export function partnerOf(
	id: string,
	kind: InputSpec['kind'],
	theirs: readonly InputSpec[],
	ours: readonly InputSpec[]
): InputSpec | undefined {
	const own = ours.filter((one) => one.kind === kind);
	const index = theirs.filter((one) => one.kind === kind).findIndex((one) => one.id === id);
	// A picture more than there are is the first.
	return own.find((one) => one.id === id) ?? own[index] ?? (kind === 'image' ? own[0] : undefined);
}

/** The units of an output, as far as they have names. */
export interface NamedUnits {
	units: number;
	nameOf(unit: number): string | null;
}

/**
 * The same class of another model: by its name, or by its index where one of them has no names and there are as many.
 * @returns null where there is none
 */
export function partnerUnit(unit: number, theirs: NamedUnits, ours: NamedUnits): number | null {
	const name = theirs.nameOf(unit);
	// Most models that are compared have the same classes.
	if (name !== null && ours.nameOf(unit) === name) return unit;
	const named =
		name !== null && Array.from({ length: ours.units }, (_, i) => ours.nameOf(i)).some((one) => one !== null);
	if (!named) return theirs.units === ours.units ? unit : null;
	const found = Array.from({ length: ours.units }, (_, i) => i).find((i) => ours.nameOf(i) === name);
	return found ?? null;
}
