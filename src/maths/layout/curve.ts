/** Straight stretches become curves that leave and arrive along the direction of the drawing. */

/** Points per stretch. */
const STEPS = 10;

/**
 * @param route x, y, x, y...
 * @param across the drawing runs to the right, not down
 * @returns the same ends, with cubic curves between the bends; straight stretches stay as they are
 */
export function curved(route: ArrayLike<number>, across: boolean): number[] {
	const points: number[] = [route[0] as number, route[1] as number];
	for (let i = 0; i + 3 < route.length; i += 2) {
		const [x0, y0, x1, y1] = [route[i]!, route[i + 1]!, route[i + 2]!, route[i + 3]!];
		const straight = across ? Math.abs(y1 - y0) < 0.5 : Math.abs(x1 - x0) < 0.5;
		if (straight) {
			points.push(x1, y1);
			continue;
		}
		const pull = (across ? x1 - x0 : y1 - y0) / 2;
		const [ax, ay] = across ? [x0 + pull, y0] : [x0, y0 + pull];
		const [bx, by] = across ? [x1 - pull, y1] : [x1, y1 - pull];
		for (let s = 1; s <= STEPS; s++) {
			const t = s / STEPS;
			const [a, b, c, d] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
			points.push(a * x0 + b * ax + c * bx + d * x1, a * y0 + b * ay + c * by + d * y1);
		}
	}
	return points;
}
