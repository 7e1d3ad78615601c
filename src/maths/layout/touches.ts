/**
 * Whether a point lies on the border of a box: a line may begin or end at the frame of a group, away from the box that it
 * belongs to.
 * @param bounds x, y, width and height per box
 * @param box its index; -1 for none
 */
export function touches(bounds: ArrayLike<number>, box: number, x: number, y: number): boolean {
	if (box < 0) return false;
	const [left, top, width, height] = [0, 1, 2, 3].map((k) => bounds[4 * box + k] ?? 0) as [
		number,
		number,
		number,
		number
	];
	const [dx, dy] = [Math.abs(x - left - width / 2) - width / 2, Math.abs(y - top - height / 2) - height / 2];
	return dx < 1 && dy < 1 && Math.max(dx, dy) > -1;
}
