/** How crowded a flat map is, as a field: points spread over four cells each, then blurred (three box filters, nearly a Gaussian). */

/**
 * @param positions count x 2, within -1..1
 * @param side cells along each side; the field reaches a little beyond -1..1, by `MARGIN`
 * @param radius of each box filter, in whole cells
 * @returns side x side, row by row from y = -1 up, with 1 at the most crowded cell
 */
export function density(positions: Float32Array, side: number, radius: number): Float32Array<ArrayBuffer> {
	const field = new Float32Array(side * side);
	for (let i = 0; i < positions.length; i += 2) {
		const x = ((positions[i]! / MARGIN + 1) / 2) * side - 0.5;
		const y = ((positions[i + 1]! / MARGIN + 1) / 2) * side - 0.5;
		const [c, r] = [Math.floor(x), Math.floor(y)];
		if (!(c >= 0 && r >= 0 && c < side - 1 && r < side - 1)) continue;
		const [fx, fy, at] = [x - c, y - r, r * side + c];
		field[at]! += (1 - fx) * (1 - fy);
		field[at + 1]! += fx * (1 - fy);
		field[at + side]! += (1 - fx) * fy;
		field[at + side + 1]! += fx * fy;
	}
	const other = new Float32Array(field.length);
	for (let pass = 0; pass < 3; pass++) {
		blurred(field, other, side, side, 1, radius);
		blurred(other, field, side, 1, side, radius);
	}
	let max = 0;
	for (const v of field) if (v > max) max = v;
	if (max > 0) for (let i = 0; i < field.length; i++) field[i]! /= max;
	return field;
}

/** How far the field reaches, in the map's units. */
export const MARGIN = 1.15;

/** A running mean of 2 r + 1 cells along lines whose cells are `step` apart and which begin `line` apart. */
function blurred(from: Float32Array, to: Float32Array, side: number, line: number, step: number, r: number): void {
	const share = 1 / (2 * r + 1);
	for (let k = 0; k < side; k++) {
		const start = k * line;
		let sum = 0;
		for (let i = 0; i < Math.min(r, side); i++) sum += from[start + i * step]!;
		for (let i = 0; i < side; i++) {
			if (i + r < side) sum += from[start + (i + r) * step]!;
			if (i - r - 1 >= 0) sum -= from[start + (i - r - 1) * step]!;
			to[start + i * step] = Math.max(0, sum) * share;
		}
	}
}
