import type { Points } from '#contracts/playground.ts';

/** What a column of the user's table was scaled by: own = scale · shown + shift. */
export interface Axis {
	name: string;
	scale: number;
	shift: number;
}
export const PLAIN_AXES: readonly [Axis, Axis] = [
	{ name: 'x₁', scale: 1, shift: 0 },
	{ name: 'x₂', scale: 1, shift: 0 }
];

export interface OwnData {
	points: Points;
	axes: readonly [Axis, Axis];
	/** Names of the classes. */
	labels: readonly string[];
	/** Where they come from, in words. */
	source: string;
}
