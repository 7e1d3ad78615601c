/** What the draw worker knows of a graph, and how a picture of it is asked for. Plain data, whoever's graph it is. */

/** Sent once per layout. Units are CSS pixels at zoom 1. */
export interface GraphGeometry {
	/** x, y (top left), width, height per box; open groups come before what is in them. */
	bounds: Float32Array;
	/** Per box: 0 a node, 1 a folded group, 2 an open group. */
	kinds: Uint8Array;
	titles: readonly string[];
	/** Below the titles, in small letters. */
	notes: readonly string[];
	/** x, y, x, y... of all lines, one after the other. */
	points: Float32Array;
	/** Where each line's points begin, in numbers; one more at the end. */
	starts: Uint32Array;
	/** Source and target box of each line. */
	ends: Int32Array;
	/** What is written at the beginning of each line. */
	shapes: readonly string[];
}

/** How a box or a line stands out. */
export const MARK = { plain: 0, pale: 1, before: 2, after: 3, chosen: 4, found: 5 } as const;

export interface GraphMarks {
	/** One per box, and one per line. */
	boxes: Uint8Array;
	lines: Uint8Array;
}

/** Changes without a new layout. */
export interface GraphInk {
	/** Red, green, blue and a mark per box. */
	boxes: Uint8Array;
	/** A mark per line. */
	lines: Uint8Array;
}

/** What a canvas of a graph shows. */
export interface GraphCamera {
	/** The point in the middle. */
	x: number;
	y: number;
	/** CSS pixels per unit. */
	scale: number;
}

export type Rgb = readonly [red: number, green: number, blue: number];

/** 0..1 each. */
export interface GraphTheme {
	stage: Rgb;
	panel: Rgb;
	border: Rgb;
	line: Rgb;
	text: Rgb;
	/** Of what is chosen, what comes before and what comes after it. */
	chosen: Rgb;
	before: Rgb;
	after: Rgb;
	found: Rgb;
}

export interface GraphRequest {
	/** Key of the geometry. */
	graph: string;
	/** Device pixels of the picture. */
	width: number;
	height: number;
	/** Device pixels per CSS pixel. */
	ratio: number;
	camera: GraphCamera;
	theme: GraphTheme;
	/** Also names and shapes, where they can be read. */
	text: boolean;
}
