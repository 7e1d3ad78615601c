import { formatted } from '#maths/format.ts';
import type { PictureDisplay } from './planes.ts';

/** What a picture of classes means, in words that are true of how it is shown. */

/** The sheets that are shown: on the plane and on the envelope every point is the surest class's. */
const sheetsOf = ({ space, sheets }: PictureDisplay): PictureDisplay['sheets'] =>
	space === '3d' ? sheets : 'envelope';

export function colourWords(display: PictureDisplay, classes: readonly string[]): string {
	const sheets = sheetsOf(display);
	if (display.mode === 'margin') return 'Margin: probability of the top class minus that of the second.';
	if (display.mode === 'entropy') return 'Entropy of the class probabilities, as a fraction of the maximum.';
	if (sheets === 'all') return 'Colour: class of the sheet, paler where less probable.';
	if (sheets !== 'envelope') return `Colour: ${classes[sheets]}, paler where less probable.`;
	return 'Colour: top class, paler where less confident.';
}

/** Of isolines: whose share they lie at, and which of them there cannot be. */
export function levelWords(display: PictureDisplay, classes: readonly string[]): string {
	const sheets = sheetsOf(display);
	const listed = (levels: readonly number[]) => `${levels.join(', ')} %`;
	if (sheets === 'all') return `each class at ${listed(display.levels)}, on its own sheet`;
	if (sheets !== 'envelope') return `${classes[sheets]} at ${listed(display.levels)}`;
	const min = 100 / classes.length;
	const [never, some] = [display.levels.filter((v) => v <= min), display.levels.filter((v) => v > min)];
	const why = `the top of ${classes.length} classes always has ${formatted(min)} % or more, so there is no line at ${listed(never)}`;
	if (!some.length) return why;
	return `top class at ${listed(some)}${never.length ? `; ${why}` : ''}`;
}

export function heightWords(display: PictureDisplay, classes: readonly string[]): string {
	const sheets = sheetsOf(display);
	if (sheets === 'all')
		return 'One sheet per class, height: its probability; points stand on the sheet of their class.';
	if (sheets !== 'envelope') return `Height: probability of ${classes[sheets]}; all points stand on it.`;
	return 'Height: probability of the top class; points stand at the probability of their own class, so misclassified ones hang below, pale where hidden.';
}
