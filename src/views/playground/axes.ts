import { ticks } from '#maths/playground/plane-view.ts';

/** Marks of an axis, in the numbers of the user's own table where there is one. */

export interface AxisMark {
	value: number;
	/** Of the axis, from its low end. */
	share: number;
}

interface Scaling {
	scale: number;
	shift: number;
}

export function axisMarks({ scale, shift }: Scaling, ends: readonly [number, number], side: number): AxisMark[] {
	const [low, high] = [ends[0] * scale + shift, ends[1] * scale + shift];
	return ticks([low, high], side < 300 ? 4 : 6).map((value) => ({ value, share: (value - low) / (high - low) }));
}
