import type { DataSet } from '#contracts/data-set.ts';
import type { RegionsApi } from '#contracts/map-regions.ts';
import type { Reading, Understood } from '#contracts/reading.ts';
import type { SortContext, Sorting } from '#contracts/kind.ts';
import type { Source } from '#contracts/source.ts';
import type { FigureDocument } from '#maths/figures/document.ts';
import type { Table } from '#maths/playground/table.ts';

/** The functions of the data worker: it opens data sets, makes sample sets, and knows where the points of a map lie. */

/** A sample set that the lab makes itself. */
export interface SampleSet {
	id: string;
	title: string;
	/** What it is and what to look for, in a sentence. */
	summary: string;
}

/** Small pictures of all items in a few large ones. */
export interface SpriteSheet {
	sheets: readonly ImageBitmap[];
	/** Side of a picture, in pixels. */
	tile: number;
	/** Pictures in a row, and in a sheet. */
	columns: number;
	perSheet: number;
	/** Items that have one: the first of them. */
	count: number;
	/** Those of them that cannot be read: they are grey. */
	broken: readonly number[];
}

/** A camera's matrix, column by column, from the map's units to -1..1; perspective in 3-D. */
export type Matrix = readonly number[];

export interface LabelPlacement {
	category: number;
	/** In the map's units. */
	x: number;
	y: number;
	z: number;
	/** The hull around the middle of the group, corner by corner; empty in 3-D. */
	hull: Float32Array;
	count: number;
}

/** Groups of a flat map, found by crowding, with names. */
export interface ClusterNames {
	/** A group per item, the largest first; -1 for strays. */
	codes: Int32Array;
	names: readonly string[];
	/** What the names are made of: words of texts, values of categories, means of columns, or only numbers. */
	from: 'words' | 'values' | 'columns' | 'numbers';
}

/** Some rows of a table, and how it was read. */
export interface TableRead {
	table: Table;
	notes: readonly string[];
	understood?: Understood;
}

export interface DataApi extends RegionsApi {
	/** What dropped files may be. Progress carries `{ done, note }`. @throws LabError for an archive that cannot be unpacked */
	sort(source: Source, context: SortContext): Promise<Sorting>;
	/** File endings that pickers offer, by kind. */
	endings(): Promise<Readonly<Record<string, readonly string[]>>>;
	/** Class names in a text; null if there are none. */
	classNames(text: string | Blob): Promise<readonly string[] | null>;
	/** A figure that was saved; what is wrong with the file, in words, where it is none. */
	figure(file: Blob): Promise<FigureDocument | string>;
	/** The weight files that a model.json names; empty for anything else. */
	shards(json: Blob): Promise<readonly string[]>;
	samples(): Promise<readonly SampleSet[]>;
	/** Makes a sample set; the same seed makes the same set. */
	sample(id: string, seed: number): Promise<DataSet>;
	/** Progress carries `{ done, note }`. @throws LabError */
	open(source: Source, reading: Reading): Promise<DataSet>;
	/** The first rows of a table as text, for views that take few; what is open stays. @throws LabError */
	table(source: Source, limits: { rows: number; columns: number }, reading: Reading): Promise<TableRead>;
	/** For a thread that takes the place of one that died: the data set that the page has open. */
	remember(data: DataSet): Promise<void>;
	/** Pixels of all images, brought to one size: rows to embed. */
	pixels(images: readonly Blob[], side: number): Promise<{ values: Float32Array; width: number }>;
	/** Progress carries `{ done }`. */
	sprites(images: readonly Blob[]): Promise<SpriteSheet>;
	/** Where the points of the map lie now (count x dimensions). */
	putMap(positions: Float32Array, dimensions: 2 | 3): Promise<void>;
	/** Points that cannot be picked: 1 each; null for none. */
	hide(hidden: Uint8Array | null): Promise<void>;
	/** The nearest point within `radius` pixels of (x, y) of a canvas; -1 for none. */
	pick(
		matrix: Matrix,
		canvas: readonly [number, number],
		at: readonly [number, number],
		radius: number
	): Promise<number>;
	/** Points within a polygon of canvas pixels (x, y, x, y, ...). */
	inside(matrix: Matrix, canvas: readonly [number, number], polygon: Float32Array): Promise<Int32Array>;
	/** Where the categories of the map are, with hulls around their middles. */
	labels(codes: Int32Array, categories: number): Promise<readonly LabelPlacement[]>;
	/** The groups of the flat map that was put last, named from the data set that was opened last. Progress carries `{ done }`. */
	clusterNames(): Promise<ClusterNames>;
	/** Items of the data set that was opened last of which a cell holds the words; null without words. */
	find(query: string): Promise<Int32Array | null>;
}
