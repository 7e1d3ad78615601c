/** Boxes of object detectors: how their four numbers read, how far two overlap, and which of many that say the same stay. */

/** What the four numbers of a box are: its centre and size, its upper left corner and size, or two corners. */
export type BoxFormat = 'cxcywh' | 'xywh' | 'xyxy' | 'yxyx';

/**
 * Two corners of each box, left, top, right, bottom.
 * @param values four numbers a box
 * @param scale of a number across and down: 1 / width and 1 / height of the picture turn pixels into shares
 */
export function cornersOf(
	values: ArrayLike<number>,
	format: BoxFormat,
	[across, down]: readonly [across: number, down: number] = [1, 1]
): Float32Array {
	const corners = new Float32Array(values.length - (values.length % 4));
	for (let i = 0; i < corners.length; i += 4) {
		const [a, b, c, d] = [values[i]!, values[i + 1]!, values[i + 2]!, values[i + 3]!];
		const [x0, y0, x1, y1] =
			format === 'cxcywh'
				? [a - c / 2, b - d / 2, a + c / 2, b + d / 2]
				: format === 'xywh'
					? [a, b, a + c, b + d]
					: format === 'yxyx'
						? [b, a, d, c]
						: [a, b, c, d];
		corners.set([x0 * across, y0 * down, x1 * across, y1 * down], i);
	}
	return corners;
}

/** Boxes outside the picture by this factor are no shares of it. */
const MAX_SHARE = 2;

/** Whether numbers of boxes are shares of the picture, else they are its pixels. */
export function areShares(values: ArrayLike<number>): boolean {
	let largest = 0;
	for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!) || 0);
	return largest <= MAX_SHARE;
}

/** Intersection over union of boxes `i` and `j`, 0..1; 0 where one has no area. */
export function overlap(corners: ArrayLike<number>, i: number, j: number): number {
	const [a, b] = [4 * i, 4 * j];
	const side = (k: number) =>
		Math.max(0, Math.min(corners[a + k + 2]!, corners[b + k + 2]!) - Math.max(corners[a + k]!, corners[b + k]!));
	const area = (at: number) =>
		Math.max(0, corners[at + 2]! - corners[at]!) * Math.max(0, corners[at + 3]! - corners[at + 1]!);
	const both = side(0) * side(1);
	const union = area(a) + area(b) - both;
	return union > 0 ? both / union : 0;
}

export interface ScoredBoxes {
	/** Left, top, right, bottom of each. */
	corners: ArrayLike<number>;
	scores: ArrayLike<number>;
	classes: ArrayLike<number>;
}

/**
 * Greedy non-maximum suppression, class by class: of boxes that overlap by more than `most`, the best scored stays.
 * @param least boxes with less are left out
 * @param most overlap, intersection over union; 1 leaves all
 * @param limit boxes at most
 * @returns their indices, the best first; of equal scores the first
 */
export function suppressed(
	{ corners, scores, classes }: ScoredBoxes,
	{ least, most, limit = Infinity }: { least: number; most: number; limit?: number }
): number[] {
	const order = Array.from({ length: scores.length }, (_, i) => i)
		.filter((i) => scores[i]! >= least)
		.sort((a, b) => scores[b]! - scores[a]! || a - b);
	const kept: number[] = [];
	for (const i of order) {
		if (kept.length >= limit) break;
		if (kept.every((other) => classes[other] !== classes[i] || overlap(corners, other, i) <= most)) kept.push(i);
	}
	return kept;
}
