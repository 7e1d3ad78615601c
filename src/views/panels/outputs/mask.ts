import type { MaskDrawing } from '#contracts/output.ts';
import type { Rgb } from '#maths/class-colours.ts';

/** A position counts for its class where its share is above the threshold. */
const counts = ({ scores }: MaskDrawing, i: number, threshold: number) => scores[i]! > threshold;

/** How much of the image each class has. */
export function maskShares(mask: MaskDrawing, threshold: number): Float32Array {
	const shares = new Float32Array(mask.units);
	for (let i = 0; i < mask.classes.length; i++)
		if (counts(mask, i, threshold)) shares[mask.classes[i]!] = (shares[mask.classes[i]!] ?? 0) + 1;
	return shares.map((count) => count / (mask.classes.length || 1));
}

/** RGBA: the colour of each position's class; clear where there is none, or one that is not to be seen. */
export function maskPixels(
	mask: MaskDrawing,
	{ threshold, colour, visible }: { threshold: number; colour: (unit: number) => Rgb; visible: readonly boolean[] }
): Uint8ClampedArray<ArrayBuffer> {
	const pixels = new Uint8ClampedArray(4 * mask.width * mask.height);
	const inks = visible.map((seen, unit) => (seen ? colour(unit) : null));
	for (let i = 0; i < mask.classes.length; i++) {
		const ink = counts(mask, i, threshold) ? inks[mask.classes[i]!] : null;
		if (ink) pixels.set([...ink, 255], 4 * i);
	}
	return pixels;
}
