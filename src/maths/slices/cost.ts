/** What a picture will cost, before it is begun. */

/** Sides of pictures, from coarse to sharp. */
export const SIDES = [32, 64, 128, 256, 512, 1024] as const;
/** Milliseconds that a picture may take unasked. */
export const UNASKED = 12_000;

/** Evaluations of a refined picture with boundaries about three times as long as a side: an estimate. */
export function expectedEvaluations(width: number, height: number): number {
	const side = Math.max(width, height);
	const cell = 2 ** Math.max(0, Math.round(Math.log2(side / 64)));
	const coarse = (width / cell + 1) * (height / cell + 1);
	const band = cell > 1 ? 3 * side * (2 + 2 * Math.log2(cell)) : 0;
	return Math.round(Math.min(width * height, coarse + band));
}

/** The sharpest side that stays within a time; the coarsest if none does. @param pace milliseconds per evaluation */
export function affordableSide(pace: number, milliseconds: number, max: number = 512): number {
	const fitting = SIDES.filter((side) => side <= max && pace * expectedEvaluations(side, side) <= milliseconds);
	return fitting.at(-1) ?? SIDES[0];
}
