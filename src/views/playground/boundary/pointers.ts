/** Fingers, or the mouse, on a picture: how far their middle moved, and by how much two spread. */

interface Place {
	x: number;
	y: number;
}

export interface Gesture {
	dx: number;
	dy: number;
	/** 1 for one finger. */
	factor: number;
	/** Their middle, in client pixels. */
	middle: Place;
	fingers: number;
}

interface Touch {
	pointerId: number;
	clientX: number;
	clientY: number;
}

export class Pointers {
	readonly #places = new Map<number, Place>();

	get count(): number {
		return this.#places.size;
	}
	down({ pointerId, clientX, clientY }: Touch): void {
		this.#places.set(pointerId, { x: clientX, y: clientY });
	}
	up({ pointerId }: Pick<Touch, 'pointerId'>): void {
		this.#places.delete(pointerId);
	}

	/** @returns null for a pointer that is not down */
	move({ pointerId, clientX, clientY }: Touch): Gesture | null {
		if (!this.#places.has(pointerId)) return null;
		const before = this.#figure();
		this.#places.set(pointerId, { x: clientX, y: clientY });
		const after = this.#figure();
		return {
			dx: after.middle.x - before.middle.x,
			dy: after.middle.y - before.middle.y,
			factor: before.spread > 8 && after.spread > 8 ? after.spread / before.spread : 1,
			middle: after.middle,
			fingers: this.count
		};
	}

	#figure(): { middle: Place; spread: number } {
		const all = [...this.#places.values()];
		const mean = (of: (place: Place) => number) => all.reduce((sum, place) => sum + of(place), 0) / all.length;
		const middle = { x: mean(({ x }) => x), y: mean(({ y }) => y) };
		return { middle, spread: 2 * mean(({ x, y }) => Math.hypot(x - middle.x, y - middle.y)) };
	}
}
