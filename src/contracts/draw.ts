import type { AtlasRequest } from '#contracts/anatomy.ts';
import type { GraphGeometry, GraphInk, GraphRequest } from '#contracts/graph-picture.ts';
import type { RegionsPicture } from '#contracts/map-regions.ts';
import type { PlanesDisplay, PointsRequest, RegionsRequest, SurfaceRequest } from '#contracts/planes.ts';
import type { PlaneNetwork, PlaneRequest, SentPlanes } from '#contracts/playground.ts';
import type { Rectangle } from '#contracts/preprocessing.ts';
import type { ScatterRequest } from '#contracts/scatter.ts';

/** What the page asks of the draw worker. Fields arrive there from the compute worker, by a port of their own. */

/** A scale that numbers are drawn by. */
export interface ScaleInfo {
	id: string;
	title: string;
	kind: 'sequential' | 'diverging';
}
/** With CSS colours from low to high. */
export interface ColouredScale extends ScaleInfo {
	colours: readonly string[];
}

/** The shared window of all maps on the image, in units of the whole image: 0..1 is all of it. */
export interface Viewport {
	/** Centre. */
	x: number;
	y: number;
	/** 1 shows the whole; 4 a quarter of its width. */
	zoom: number;
}

export interface HeatmapRequest {
	/** Device pixels of the picture. */
	width: number;
	height: number;
	/** Key of a field; null draws the image alone. Waits for a field that is still on its way. */
	field: string | null;
	/** Key of an image; null draws the field alone. */
	image: string | null;
	/** The part of the image that the field covers. */
	crop: Rectangle;
	viewport: Viewport;
	/** Id of a colour scale (draw/scales.ts). */
	scale: string;
	/** Values at the ends of the scale. */
	range: readonly [low: number, high: number];
	/** 0..1: how much of the map covers the image. */
	opacity: number;
	/** Transparency follows |value|, so that the image shows where the map is near zero. */
	opacityByValue: boolean;
	interpolation: 'nearest' | 'linear';
	/** The image behind the map without its colours, so that the map's are not mixed with them. */
	grey: boolean;
}

/** How one cell of a grid shows a network's planes. */
export interface RegionCell {
	/** The plane that is shown, or the first of the classes' ones. */
	first: number;
	/** Classes whose largest value is shown, at most 8; 0 shows the plane in the colours of the scale. */
	classes: number;
	/** Values at the ends of the scale. */
	range: readonly [low: number, high: number];
	/** By how much the largest value can lead over the next. */
	spread: number;
}

/** The outputs of many networks, from the top left in rows. */
export interface RegionGridRequest {
	/** Device pixels of the picture. */
	width: number;
	height: number;
	/** Key of a field of `planes` planes, one below the other. */
	field: string;
	planes: number;
	cells: readonly RegionCell[];
	columns: number;
	/** Device pixels of a cell's side, and from one cell to the next. */
	side: number;
	pitch: readonly [x: number, y: number];
	scale: string;
	colours: PlanesDisplay['colours'];
}

/** Sent once to the draw worker, outside the calls: where fields will arrive. */
export interface FieldPortMessage {
	type: 'field-port';
	port: MessagePort;
}

export interface DrawApi {
	/** All that can be chosen, each in n colours. */
	scales(n: number): Promise<readonly ColouredScale[]>;
	/** Takes over (transfers) the bitmap. */
	putImage(key: string, bitmap: ImageBitmap): Promise<void>;
	/** Forgets images, fields and graphs. */
	drop(keys: readonly string[]): Promise<void>;
	heatmap(request: HeatmapRequest): Promise<ImageBitmap>;
	/** A field of planes as a map. @throws LabError `refused` for slopes where nothing can be drawn into floats */
	regions(request: RegionsRequest): Promise<ImageBitmap>;
	/** The points of such a picture alone, where there is no field yet. */
	points(request: PointsRequest): Promise<ImageBitmap>;
	/** A field of planes as a surface. @throws LabError `refused` where shaders of corners read no textures */
	surface(request: SurfaceRequest): Promise<ImageBitmap>;
	/**
	 * Works a small network's field out right here, in a fragment shader, and keeps it under the key.
	 * @param finished answers when it is drawn, not when it is asked for
	 * @returns null for networks that are too large for it, and where nothing can be drawn into floats
	 */
	networkField(
		network: PlaneNetwork,
		request: PlaneRequest,
		key: string,
		finished: boolean
	): Promise<SentPlanes | null>;
	regionGrid(request: RegionGridRequest): Promise<ImageBitmap>;
	/** All cells of a layer, or of a kernel. */
	atlas(request: AtlasRequest): Promise<ImageBitmap>;
	/** Keeps a graph to draw, until it is dropped. */
	putGraph(key: string, geometry: GraphGeometry): Promise<void>;
	/** Other colours and marks on a graph that is kept. */
	inkGraph(key: string, ink: GraphInk): Promise<void>;
	graph(request: GraphRequest): Promise<ImageBitmap>;
	/** Keeps the points of a map (count x dimensions, within -1..1), until they are dropped. */
	putScatter(key: string, positions: Float32Array, dimensions: 2 | 3): Promise<void>;
	/** Red, green, blue and a `POINT` per point. */
	inkScatter(key: string, ink: Uint8Array): Promise<void>;
	/** Takes over (transfers) sheets of small pictures. */
	putSprites(key: string, sheets: readonly ImageBitmap[]): Promise<void>;
	/** Keeps (and takes over) what is painted behind a flat map. */
	putRegions(key: string, picture: RegionsPicture): Promise<void>;
	scatter(request: ScatterRequest): Promise<ImageBitmap>;
	/** The very numbers of a field, for the cursor and for download. */
	values(key: string): Promise<{ width: number; height: number; values: Float32Array }>;
}
