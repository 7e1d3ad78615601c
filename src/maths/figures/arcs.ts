import { arrowhead, group, type Point, type SvgElement } from '#maths/figures/svg.ts';

/** Lines above a row of blocks that lead past some of them. */

export interface Skip {
	/** Indices in the row. */
	from: number;
	to: number;
}

/**
 * The level of each skip: those that meet in an interval lie on different ones, short ones below.
 * @returns from 0
 */
export function skipLevels(skips: readonly Skip[]): number[] {
	const order = skips.map((_, i) => i);
	const length = (i: number) => (skips[i] as Skip).to - (skips[i] as Skip).from;
	order.sort((a, b) => length(a) - length(b) || (skips[a] as Skip).from - (skips[b] as Skip).from);
	const levels = new Array<number>(skips.length).fill(0);
	const rows: Skip[][] = [];
	for (const i of order) {
		const skip = skips[i] as Skip;
		let level = 0;
		while (rows[level]?.some(({ from, to }) => from < skip.to && skip.from < to)) level++;
		(rows[level] ??= []).push(skip);
		levels[i] = level;
	}
	return levels;
}

export interface ArcStyle {
	/** Between levels. */
	step: number;
	width: number;
	stroke: string;
	/** For rows that run elsewhere than to the right. */
	turn?: (point: Point) => Point;
}

export interface Landing {
	/** Where lines leave and arrive. */
	x: number;
	y: number;
}

/**
 * @param landings of every block in the row
 * @param titles of the blocks
 */
export function skipArcs(
	skips: readonly Skip[],
	landings: readonly Landing[],
	titles: readonly string[],
	{ step, width, stroke, turn = (point) => point }: ArcStyle
): SvgElement[] {
	const levels = skipLevels(skips);
	/** A block where one line ends and another begins keeps them apart. */
	const side = step * 0.28;
	const height = (skip: Skip, level: number) => {
		const tops = landings.slice(skip.from, skip.to + 1).map(({ y }) => y);
		return Math.min(...tops) - step * (level + 1);
	};
	return skips.map((skip, i) => {
		const [a, b] = [landings[skip.from] as Landing, landings[skip.to] as Landing];
		const [x0, x1] = [a.x + side, b.x - side];
		const y = height(skip, levels[i] as number);
		const bend = Math.min(step * 0.8, (x1 - x0) / 2);
		const at = (px: number, py: number) => turn([px, py]).map(n).join(' ');
		const d =
			`M${at(x0, a.y)}L${at(x0, y + bend)}Q${at(x0, y)} ${at(x0 + bend, y)}` +
			`L${at(x1 - bend, y)}Q${at(x1, y)} ${at(x1, y + bend)}L${at(x1, b.y - 2)}`;
		const path: SvgElement = {
			tag: 'path',
			attributes: { d, fill: 'none', stroke, 'stroke-width': n(width), 'stroke-linejoin': 'round' }
		};
		const head = arrowhead(turn([x1, b.y]), turn([x1, b.y - 10]), 5 + 2 * width, stroke);
		return group([path, head], `${titles[skip.from] ?? ''} → ${titles[skip.to] ?? ''}`);
	});
}

const n = (value: number) => Math.round(value * 100) / 100;
