import type { Matrix } from '#contracts/data-api.ts';
import type { RegionsDisplay } from '#contracts/map-regions.ts';

/** What the draw worker is told of a map of points. */

/** How a point is drawn: the fourth byte of its ink. */
export const POINT = { plain: 0, pale: 1, selected: 2, hidden: 3 } as const;

export interface ScatterRequest {
	/** Key of the points. */
	scatter: string;
	/** On the way to another map of the same points: key, and 0..1 of the way. */
	transition?: { to: string; t: number } | null;
	/** Key of a map of the same points whose ink is used in place of its own. */
	ink?: string | null;
	/** Device pixels of the picture, and how many make one CSS pixel. */
	width: number;
	height: number;
	ratio: number;
	matrix: Matrix;
	/** Turned points nearer to the eye are drawn larger. */
	dimensions: 2 | 3;
	/** Diameter of a point, in CSS pixels. */
	size: number;
	/** 0..1 */
	opacity: number;
	/** Points drawn with a ring; -1 for none. */
	hovered: number;
	chosen: number;
	/** Rings around these, thinner: the neighbours. */
	ringed: readonly number[];
	contours: boolean;
	/** What is painted behind a flat map. */
	decisionRegions?: RegionsDisplay | null;
	/** Pictures in the place of points where there is room; null for none. */
	thumbnails: { sprites: string; tile: number; columns: number; perSheet: number; count: number; side: number } | null;
	theme: { stage: readonly number[]; text: readonly number[]; chosen: readonly number[] };
}
