import type { LabState } from '#contracts/lab.ts';

export type Shape = readonly [height: number, width: number, channels: number];

/** What the user is asked when a model leaves the size of its input open. */
export class ShapeQuestion {
	now = $state.raw<LabState['shapeQuestion']>(null);
	#answer: ((shape: Shape | null) => void) | null = null;

	/** @param title names the sizes that are known: `[28, 28, ?]` */
	ask(title: string): Promise<Shape | null> {
		const sizes = title.split(/[[\]]/)[1]?.split(', ') ?? [];
		this.now = { title, shape: sizes.map((size) => (size === '?' ? null : Number(size))) };
		return new Promise((resolve) => (this.#answer = resolve));
	}

	answer(shape: Shape | null): void {
		this.now = null;
		this.#answer?.(shape);
		this.#answer = null;
	}
}
