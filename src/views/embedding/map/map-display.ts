import type { LabelPlacement } from '#contracts/data-api.ts';
import type { NamedGroups } from '#state/embedding/map-names.svelte.ts';
import type { RegionsDisplay } from '#contracts/map-regions.ts';
import type { ShownMap } from '#state/embedding/map.ts';

/** How a map is looked at. */

export type Tool = 'move' | 'lasso' | 'rectangle';

/** Names of groups on the map. */
export interface Names {
	/** The map that the placements are of: on any other they would be wrong. */
	of: ShownMap;
	placements: readonly LabelPlacement[];
	categories: readonly string[];
	colours: readonly string[];
	hulls: boolean;
	/** Characters of a name at most; long ones make room for one another. */
	longest?: number;
}

export interface MapDisplay {
	ink: Uint8Array;
	contours: boolean;
	/** What is painted behind the points. */
	decisionRegions: RegionsDisplay | null;
	thumbnails: boolean;
	names: Names | null;
	/** Points with a ring: the neighbours of the chosen one. */
	ringed: readonly number[];
}

/** No names, those of the colours' categories, or words for what lies together. */
export type Naming = 'none' | 'labels' | 'words';

/** What is drawn besides the points. */
export interface Shows {
	contours: boolean;
	thumbnails: boolean;
	names: Naming;
	hulls: boolean;
}

/** What a link says of names, as it once did, too. */
export function namingOf(option: string, flat: boolean): Naming {
	if (option === 'none' || option === 'false') return 'none';
	return option === 'words' && flat ? 'words' : 'labels';
}

/** Groups have no colour of their own. */
const GREY = '#7d858f';
const LONGEST = 44;

export function groupNames(groups: NamedGroups | null, hulls: boolean): Names | null {
	if (!groups) return null;
	const { of, placements, names } = groups;
	return { of, placements, categories: names, colours: names.map(() => GREY), hulls, longest: LONGEST };
}
