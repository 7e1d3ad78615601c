import type { Blends } from '#maths/scatter/blends.ts';
import type { MapWindow } from '#maths/scatter/flat-neighbours.ts';

/** What is painted behind a flat map: what the open model says of every position of it, as far as that can be claimed. */

export type { Blends, MapWindow };

/** `nearest`: what the model says of the nearest item. `inverse`: what it says of a mixture of the items around. */
export type RegionsMode = 'nearest' | 'inverse';

/** The item that is nearest to each cell of a part of the map, row by row from below. */
export interface NearField {
	window: MapWindow;
	width: number;
	height: number;
	/** -1 beyond `reach` of every item. */
	items: Int32Array<ArrayBuffer>;
	/** 255 where an item is near, 0 beyond `reach` of every one. */
	claims: Uint8Array<ArrayBuffer>;
	/** In the map's units: how far from its items the map may be read. */
	reach: number;
}

/** Mixtures for the positions of a mesh (`MESHES`, `meshPosition`), but those of the mesh before and those out of reach. */
export interface MeshBlends extends Blends {
	/** Row times side plus column, from below. */
	indices: Int32Array<ArrayBuffer>;
}

/** Of some items, to see how far the painting may be believed: what it would be there without the item itself. */
export interface Withheld {
	items: Int32Array<ArrayBuffer>;
	/** The nearest other item; -1 for none in reach. */
	nearest: Int32Array<ArrayBuffer>;
	blends: Blends;
}

/** Answered by the data worker, of the map that it was given last; cancellable. */
export interface RegionsApi {
	nearField(window: MapWindow, width: number, height: number): Promise<NearField>;
	meshBlends(mesh: number): Promise<MeshBlends>;
	withheld(): Promise<Withheld>;
}

/** Answered by the compute worker. */
export interface BlendsApi {
	/**
	 * What the open model, one of classes, predicts for mixtures of inputs: of images, of their pixels as it takes them.
	 * @param inputs those that are mixed; images are kept prepared under `ids` for the next call with the same `kept`
	 * @param blends of indices in `inputs`
	 * @returns count x classes
	 */
	predictBlends(
		inputs: readonly Blob[] | Float32Array,
		kept: { key: string; ids: Int32Array },
		blends: Blends
	): Promise<{ scores: Float32Array; classes: number }>;
}

/** As the draw worker keeps it. */
export interface RegionsPicture {
	window: MapWindow;
	width: number;
	height: number;
	/** Per cell: the class in two bytes (low, high), how sure it is, and how far anything is claimed. */
	texels: Uint8Array<ArrayBuffer>;
	classes: number;
	/** Shares of classes on a mesh over the map, plane by plane; NaN for unknown. They take the place of the texels' classes. */
	mesh: { side: number; classes: readonly number[]; values: Float32Array<ArrayBuffer> } | null;
}

export interface RegionsDisplay {
	/** Of a picture in the draw worker. */
	key: string;
	/** Red, green and blue of each class, 0 to 255. */
	colours: Uint8Array;
}
