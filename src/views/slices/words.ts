import { formatted } from '#maths/format.ts';
import type { Slices } from '#state/slices/slices.svelte.ts';

/** How long something takes, roughly. */
export function duration(milliseconds: number): string {
	if (milliseconds < 950) return 'under 1 s';
	const seconds = milliseconds / 1000;
	return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** The column's name in the user's table, else its number. */
export const featureName = (slices: Slices, k: number): string => slices.table?.columns[k] ?? `feature ${k + 1}`;

/** A distance in the input's numbers, and in grey levels where there are any. */
export const levels = (distance: number, perUnit: number | null): string =>
	perUnit === null ? formatted(distance) : `${formatted(distance * perUnit)} grey levels`;
