import type { BoxesDrawing } from '#contracts/output.ts';

/** A name that means: nothing there. */
export const BACKGROUND = /^(back\s?ground|bg|void|none|nothing|unlabell?ed|\?+|n\/a)$/i;

/** What the class of a box is called. */
export function boxName({ classes, units, first }: BoxesDrawing, i: number, labels: readonly string[] | null): string {
	const unit = classes[i] ?? 0;
	// Names may say what the background is, too, where the model has no score for it any more.
	const led = BACKGROUND.test(labels?.[0] ?? '') ? 1 : 0;
	const shift = units === null ? led - first : labels?.length === units + led ? led : 0;
	return labels?.[unit + shift] ?? (units === 1 ? 'box' : `class ${unit}`);
}
