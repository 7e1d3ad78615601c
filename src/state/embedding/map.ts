import type { DataSet } from '#contracts/data-set.ts';
import type { Identity } from '#contracts/identity.ts';
import type { MapQuality, ProjectionRequest, ProjectionResult } from '#contracts/projection.ts';
import type { Separation } from '#maths/separation.ts';
import type { Held } from '#state/embedding/rows.ts';

/** Maps of a data set, as they are made and looked at. */

/** A map as it is drawn: within -1..1. */
export interface ShownMap {
	key: string;
	positions: Float32Array;
	dimensions: 2 | 3;
	/** Counts frames: the same key with other positions. Maps of several view states may have the same one: compare the maps themselves. */
	frame: number;
	/** Maps of one space are looked at by the same camera; absent: of its own. */
	space?: string;
	/** On the way to another map of the same points: its key, 0..1 of the way, and whether it is still going. */
	transition?: { to: string; t: number; moving: boolean };
}

/** A finished map, with what it was asked for. */
export interface FinishedMap extends ProjectionResult {
	data: DataSet;
	request: ProjectionRequest;
	/** All that it was made from. */
	from: Identity;
	rows: { count: number; width: number };
	/** The rows themselves: they may no longer be there. */
	held: Held;
	/** In words: `raw values`, `conv2d_1, mean over positions`. */
	of: string;
}

/** What the stage shows. */
export interface Visible {
	shown: ShownMap | null;
	map: FinishedMap | null;
	quality: MapQuality | null;
	missing: number;
}

/** What tells two groups apart. */
export interface Separated {
	of: string;
	/** Columns are channels of this layer; null where they are not. */
	layer: string | null;
	names: readonly string[];
	counts: readonly [selected: number, kept: number];
	columns: readonly Separation[];
}
