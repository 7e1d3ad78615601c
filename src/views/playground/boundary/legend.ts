import { formatted } from '#maths/format.ts';
import type { PictureLook } from './planes.ts';

/** What a picture of classes means, in words that are true of how it is shown. */

/** The sheets that are shown: on the plane and on the envelope every point is the surest class's. */
export const sheetsOf = ({ space, sheets }: PictureLook): PictureLook['sheets'] =>
	space === '3d' ? sheets : 'envelope';

export function colourWords(look: PictureLook, classes: readonly string[]): string {
	const sheets = sheetsOf(look);
	if (look.mode === 'margin') return 'Margin: the probability of the surest class minus that of the next.';
	if (look.mode === 'entropy')
		return 'Entropy: how evenly the probabilities are spread over the classes, as a share of the most that is possible.';
	if (sheets === 'all') return 'The colour is the sheet’s class, the paler the less probable.';
	if (sheets !== 'envelope') return `The colour is ${classes[sheets]}, the paler the less probable.`;
	return 'The colour is the surest class, the paler the less sure.';
}

/** Of isolines: whose share they lie at, and which of them there cannot be. */
export function levelWords(look: PictureLook, classes: readonly string[]): string {
	const sheets = sheetsOf(look);
	const listed = (levels: readonly number[]) => `${levels.join(', ')} %`;
	if (sheets === 'all') return `each class has, on its own sheet, ${listed(look.levels)}`;
	if (sheets !== 'envelope') return `${classes[sheets]} has ${listed(look.levels)}`;
	const least = 100 / classes.length;
	const [never, some] = [look.levels.filter((v) => v <= least), look.levels.filter((v) => v > least)];
	const why = `the surest of ${classes.length} classes always has ${formatted(least)} % or more, so there is no line at ${listed(never)}`;
	if (!some.length) return why;
	return `the surest class has ${listed(some)}${never.length ? `; ${why}` : ''}`;
}

export function heightWords(look: PictureLook, classes: readonly string[]): string {
	const sheets = sheetsOf(look);
	if (sheets === 'all')
		return 'Each class has a sheet, its height the probability; points stand on the sheet of their class.';
	if (sheets !== 'envelope') return `The height is the probability of ${classes[sheets]}; all points stand on it.`;
	return 'The height is the probability of the surest class; points stand where the network puts their own class, so wrong ones hang below, pale where the surface is before them.';
}
