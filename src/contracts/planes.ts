import type { Rectangle } from '#contracts/preprocessing.ts';

/**
 * Pictures of a field of planes, whoever made it: a network over the plane, or a slice through any model. A field has one
 * plane for each class (or a single one), one below the other, and lies in the draw worker under a key.
 */

type Rgb = readonly [red: number, green: number, blue: number];

export interface PlanesDisplay {
	/** Key of the field. */
	field: string;
	/** Planes of the field, at most `MAX_PLANES`. */
	planes: number;
	/**
	 * What a plane says. `value`: a number by itself; `plane` is the one that is shown. `shares`: how sure each class is,
	 * from `ends[0]` (not at all) to `ends[1]` (wholly); a single plane is that of class 1, and class 0 has the rest. Where
	 * several are above one together they are divided by their sum, and what they lack is shared out evenly. `pre-tanh`: the
	 * same before a tanh, one for each class, so that also outputs near -1 can be told apart. `scores`: logits, of which the
	 * softmax is shown; a single plane is the logit of class 1.
	 */
	meaning: 'value' | 'shares' | 'pre-tanh' | 'scores';
	/** For `value`. */
	plane: number;
	/** For `shares`. */
	ends: readonly [low: number, high: number];
	/**
	 * For classes: `regions` has the colour of the surest, the paler the less sure; `margin` by how much it leads over the
	 * next (0 to 1) and `entropy` how undecided all are (0 to 1: the entropy over its largest) on the scale.
	 */
	mode: 'regions' | 'margin' | 'entropy';
	/** Colour scale of values, margins and entropies, and what lies at its ends. */
	scale: string;
	range: readonly [low: number, high: number];
	/** Red, green and blue of each class, 0 to 255, and what is on it: the index in `CLASS_TEXTURES`, absent for nothing. */
	colours: readonly (Rgb | readonly [...Rgb, texture: number])[];
	/** Lines where the surest class's share, or the value, is one of these; at most 16. */
	levels: readonly number[];
	/** A line where another class becomes the surest, or at the middle of the values' range. */
	line: boolean;
}

/** What a picture of classes can show, and what of slopes, by id and title. */
export const PLANE_MODES = [
	['regions', 'Regions'],
	['margin', 'Margin'],
	['entropy', 'Entropy']
] as const;
export const PLANE_FLOWS = [
	['none', 'No gradient field'],
	['arrows', 'Gradient arrows'],
	['texture', 'Gradient streaks']
] as const;

export const MAX_PLANES = 64;
export const MAX_LEVELS = 16;

/** The field as a map. */
export interface RegionsRequest extends PlanesDisplay {
	/** Device pixels of the picture. */
	width: number;
	height: number;
	/** Where the field lies on the picture, in device pixels. */
	bounds: Rectangle;
	/**
	 * The slope of the surest class's share, or of the value, by differences of neighbouring cells: as arrows, or as noise
	 * smeared along it (line integral convolution; Cabral & Leedom 1993).
	 */
	flow: 'none' | 'arrows' | 'texture';
	/** Device pixels of a CSS pixel. */
	pixel: number;
	/** Over it all. */
	points?: MapPoints;
}

/** Points of a map. */
export interface MapPoints {
	/** right, down, of the picture: 0 to 1. */
	positions: Float32Array;
	/** red, green, blue (0 to 255), and 1 for a diamond + 2 for a ring. */
	marks: Float32Array;
	/** CSS pixels. */
	radius: number;
}

/** A map without a field. */
export interface PointsRequest extends Pick<RegionsRequest, 'width' | 'height' | 'pixel'> {
	points: MapPoints;
}

/** Points of a surface: four numbers each of position (0 to 1 from the left and from the top), height and how it is marked. */
export interface SurfacePoints {
	/** right, down, height (in units of the field), and the height of the surface there or NaN for no stick. */
	positions: Float32Array;
	/** red, green, blue (0 to 255), and 1 for a diamond + 2 for a ring. */
	marks: Float32Array;
	/** CSS pixels. */
	radius: number;
}

/** The field as a surface in space. */
export interface SurfaceRequest extends PlanesDisplay {
	width: number;
	height: number;
	pixel: number;
	/** Column-major, from the box -1..1 × -1..1 × 0..1 to clip space (maths/orbit.ts). */
	camera: readonly number[];
	/** The share of the surest class, all classes, or one of them; of values, that of `plane`. */
	sheets: 'envelope' | 'all' | number;
	/** Heights at the bottom and the top of the box. */
	heights: readonly [low: number, high: number];
	points: SurfacePoints | null;
	/** Red, green and blue of the box's edges, 0 to 255. */
	edges: readonly [red: number, green: number, blue: number];
}
