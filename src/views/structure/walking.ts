import type { Scene } from '#contracts/structure.ts';

/** Walking a drawing by keys: along its edges, and from neighbour to neighbour. */

export type Step = 'forward' | 'back' | 'left' | 'right';

/** Arrows along the drawing walk its edges, those across it go to neighbours. */
export function stepOf(key: string, across: boolean): Step | undefined {
	const down: Record<string, Step> = { ArrowDown: 'forward', ArrowUp: 'back', ArrowLeft: 'left', ArrowRight: 'right' };
	const right: Record<string, Step> = { ArrowRight: 'forward', ArrowLeft: 'back', ArrowUp: 'left', ArrowDown: 'right' };
	return (across ? right : down)[key];
}

export interface BoxBounds {
	x: number;
	y: number;
	width: number;
	height: number;
}

export function boundsAt({ bounds }: Scene, box: number): BoxBounds {
	return { x: bounds[4 * box]!, y: bounds[4 * box + 1]!, width: bounds[4 * box + 2]!, height: bounds[4 * box + 3]! };
}

/** The innermost box at a point; -1 for none. */
export function boxAt({ boxes, bounds }: Scene, x: number, y: number): number {
	for (let i = boxes.length - 1; i >= 0; i--)
		if (
			x >= bounds[4 * i]! &&
			y >= bounds[4 * i + 1]! &&
			x <= bounds[4 * i]! + bounds[4 * i + 2]! &&
			y <= bounds[4 * i + 1]! + bounds[4 * i + 3]!
		)
			return i;
	return -1;
}

const centre = (scene: Scene, box: number): [number, number] => {
	const { x, y, width, height } = boundsAt(scene, box);
	return [x + width / 2, y + height / 2];
};

/** The box that a step leads to; the same one where there is no way. */
export function stepFrom(scene: Scene, box: number, step: Step, across: boolean): number {
	if (box < 0) return scene.boxes.findIndex(({ kind }) => kind !== 'open');
	if (scene.boxes[box]?.kind === 'open' && step === 'forward') {
		const inside = scene.boxes.findIndex(({ parent }) => parent === scene.boxes[box]?.id);
		return inside < 0 ? box : inside;
	}
	if (step === 'forward' || step === 'back') return nearest(scene, box, along(scene, box, step === 'forward'));
	const [x, y] = centre(scene, box);
	const own = boundsAt(scene, box);
	let [best, distance] = [box, Infinity];
	scene.boxes.forEach(({ kind }, i) => {
		if (i === box || kind === 'open') return;
		const other = boundsAt(scene, i);
		const beside = across
			? other.x < own.x + own.width && own.x < other.x + other.width
			: other.y < own.y + own.height && own.y < other.y + other.height;
		const [cx, cy] = centre(scene, i);
		const away = (across ? cy - y : cx - x) * (step === 'left' ? -1 : 1);
		if (beside && away > 0 && away < distance) [best, distance] = [i, away];
	});
	return best;
}

/** Boxes at the other ends of a box's lines. */
function along({ ends }: Scene, box: number, forward: boolean): number[] {
	const found = new Set<number>();
	for (let i = 0; i < ends.length; i += 2) {
		const [source, target] = [ends[i]!, ends[i + 1]!];
		if (forward && source === box && target >= 0) found.add(target);
		if (!forward && target === box && source >= 0) found.add(source);
	}
	return [...found];
}

function nearest(scene: Scene, box: number, among: readonly number[]): number {
	const [x, y] = centre(scene, box);
	let [best, distance] = [box, Infinity];
	for (const other of among) {
		const [cx, cy] = centre(scene, other);
		const away = Math.hypot(cx - x, cy - y);
		if (away < distance) [best, distance] = [other, away];
	}
	return best;
}
