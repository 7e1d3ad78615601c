import { moveBy, zoomBy, type Position, type Steer } from '#maths/camera.ts';

/** What hands, wheels and keys mean for a picture, the same for every picture. */

/** Of a press of `+` or a button beside the picture. */
const NEARER = 1.6;
/** Pixels that an arrow moves the picture by. */
const STEP = 60;
/** Pixels that make a drag of a press. */
export const DRAGGED = 3;

/** Pixels of a line and of a page, as wheels may count. */
const WHEEL_UNITS = [1, 16, 400];

/** The factor of a turn of the wheel. Browsers turn it sideways while shift is held. */
export function wheelFactor({
	deltaX,
	deltaY,
	deltaMode
}: Pick<WheelEvent, 'deltaX' | 'deltaY' | 'deltaMode'>): number {
	return Math.exp((-(deltaY || deltaX) * (WHEEL_UNITS[deltaMode] ?? 1)) / 300);
}

const ARROWS: Readonly<Record<string, Steer>> = {
	ArrowLeft: moveBy(STEP, 0),
	ArrowRight: moveBy(-STEP, 0),
	ArrowUp: moveBy(0, STEP),
	ArrowDown: moveBy(0, -STEP)
};

/** What a key does to a picture: `all` shows all of it, null is no key of pictures. @param aim where keys zoom */
export function keyMeans(key: string, aim: Position): Steer | 'all' | null {
	if (key === '+' || key === '=') return zoomBy(NEARER, aim);
	if (key === '-' || key === '_') return zoomBy(1 / NEARER, aim);
	if (key === '0' || key === 'Home') return 'all';
	return ARROWS[key] ?? null;
}

/** A step of an arrow to the right and down, for what has a cursor of its own; null for other keys. */
export function arrowOf(key: string): readonly [right: number, down: number] | null {
	const arrow = ARROWS[key];
	return arrow ? [-Math.sign(arrow.dx), -Math.sign(arrow.dy)] : null;
}

interface Point {
	x: number;
	y: number;
}

interface Gesture {
	dx: number;
	dy: number;
	/** 1 for one finger. */
	factor: number;
	/** Their middle, in client pixels. */
	middle: Point;
	fingers: number;
}

interface Touch {
	pointerId: number;
	clientX: number;
	clientY: number;
}

/** Fingers, or the mouse, on a picture: how far their middle moved, and by how much two spread. */
export class Pointers {
	readonly #positions = new Map<number, Point>();

	get count(): number {
		return this.#positions.size;
	}
	has({ pointerId }: Pick<Touch, 'pointerId'>): boolean {
		return this.#positions.has(pointerId);
	}
	down({ pointerId, clientX, clientY }: Touch): void {
		this.#positions.set(pointerId, { x: clientX, y: clientY });
	}
	up({ pointerId }: Pick<Touch, 'pointerId'>): void {
		this.#positions.delete(pointerId);
	}

	/** @returns null for a pointer that is not down */
	move({ pointerId, clientX, clientY }: Touch): Gesture | null {
		if (!this.#positions.has(pointerId)) return null;
		const before = this.#figure();
		this.#positions.set(pointerId, { x: clientX, y: clientY });
		const after = this.#figure();
		return {
			dx: after.middle.x - before.middle.x,
			dy: after.middle.y - before.middle.y,
			factor: before.spread > 8 && after.spread > 8 ? after.spread / before.spread : 1,
			middle: after.middle,
			fingers: this.count
		};
	}

	#figure(): { middle: Point; spread: number } {
		const all = [...this.#positions.values()];
		const mean = (of: (position: Point) => number) => all.reduce((sum, position) => sum + of(position), 0) / all.length;
		const middle = { x: mean(({ x }) => x), y: mean(({ y }) => y) };
		return { middle, spread: 2 * mean(({ x, y }) => Math.hypot(x - middle.x, y - middle.y)) };
	}
}
