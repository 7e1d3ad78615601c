import type { LabelPlace } from '#contracts/data-api.ts';
import type { GroundLook } from '#contracts/ground.ts';

/** How a map is looked at. */

export type Tool = 'move' | 'lasso' | 'rectangle';

/** Names of groups on the map. */
export interface Names {
	places: readonly LabelPlace[];
	categories: readonly string[];
	colours: readonly string[];
	hulls: boolean;
}

export interface MapLook {
	ink: Uint8Array;
	contours: boolean;
	/** What is painted behind the points. */
	ground: GroundLook | null;
	thumbnails: boolean;
	names: Names | null;
	/** Points with a ring: the neighbours of the chosen one. */
	ringed: readonly number[];
}

/** What is drawn besides the points. */
export interface Shows {
	contours: boolean;
	thumbnails: boolean;
	names: boolean;
	hulls: boolean;
}
