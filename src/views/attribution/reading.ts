import type { MapReport } from '#contracts/compute.ts';
import type { Rectangle } from '#contracts/preprocessing.ts';
import { formatted } from '#maths/format.ts';

/** The numbers of a map, for the cursor and in words. */

export interface Grid {
	width: number;
	height: number;
	values: Float32Array;
}

/**
 * @param position in image coordinates 0..1
 * @param crop what the model sees of the image, in image pixels; null when the map is all there is
 * @returns null outside the map
 */
export function valueAt(
	{ width, height, values }: Grid,
	[x, y]: readonly [number, number],
	image: { width: number; height: number } | null,
	crop: Rectangle | null
): number | null {
	const [u, v] =
		image && crop ? [(x * image.width - crop.x) / crop.width, (y * image.height - crop.y) / crop.height] : [x, y];
	if (u < 0 || v < 0 || u >= 1 || v >= 1) return null;
	return values[Math.floor(v * height) * width + Math.floor(u * width)] ?? null;
}

/** What a picture of the map shows, for those who do not see it. */
export function summary(title: string, name: string, { stats }: MapReport, { width, values }: Grid): string {
	let best = 0;
	values.forEach((value, i) => {
		if (Math.abs(value) > Math.abs(values[best] as number)) best = i;
	});
	if (stats.min === 0 && stats.max === 0) return `${title} for ${name}: zero everywhere`;
	const position = `column ${(best % width) + 1}, row ${Math.floor(best / width) + 1} of ${width} × ${values.length / width}`;
	return `${title} for ${name}: strongest at ${position}; values from ${formatted(stats.min)} to ${formatted(stats.max)}`;
}
