import type { Rectangle } from '#contracts/preprocessing.ts';

/** What is seen inside a model for one input: activations and weights as pictures and numbers. All plain data. */

/** A tensor as equal pictures: one per channel, head or filter. */
export interface Cells {
	/** `maps`: a picture per channel; `units`: one number each; `sequence`: time x unit; `heads`: a matrix per head. */
	kind: 'maps' | 'units' | 'sequence' | 'heads';
	count: number;
	/** Of one cell, in numbers. */
	width: number;
	height: number;
	/** Cells per row of the field that holds them, row by row; fewer than `count` may be in it. */
	columns: number;
	shown: number;
}

/** Per cell; `zeros` is the share of exact zeros. */
export interface CellStats {
	mean: Float32Array;
	std: Float32Array;
	min: Float32Array;
	max: Float32Array;
	zeros: Float32Array;
}

/** One layer's activations for the current input. */
export interface LayerActivation {
	/** Reference of the activation. */
	id: string;
	/** Without the batch. */
	shape: readonly number[];
	cells: Cells;
	stats: CellStats;
	/** Key of the field with the cells; null for `units`, whose values are their means. */
	key: string | null;
	/** How many numbers of the activation make one of the picture, along each side. */
	thinned: number;
}

export interface StripRequest {
	/** References, in order. */
	layers: readonly string[];
	/** Fields are called `prefix` + reference. */
	prefix: string;
	/** Cells of each layer that are pictured; 0 for all, at full size. */
	maxCells: number;
}

/** What is switched off. */
export interface Ablation {
	/** Reference of the activation. */
	layer: string;
	/** Channels (last axis); null for all. */
	channels: readonly number[] | null;
	/** What stands in its place: zero, or the channel's own mean over positions. */
	by: 'zero' | 'mean';
}

/** How much a score changes without each channel. */
export interface ChannelEffects {
	layer: string;
	/** The score with all channels. */
	score: number;
	/** Score with all minus score without this one: positive where its loss hurts. NaN for those not yet tried. */
	drops: Float32Array;
	done: number;
}

/** The numbers behind one number of an activation. */
export interface Derivation {
	layer: string;
	type: string;
	/** [row, column, channel], as far as the activation has them. */
	position: readonly number[];
	/** The tensor's own value there. */
	value: number;
	/** The same, worked out from the parts below in float64. */
	worked: number;
	/** In words and numbers: `max(…)`, `Σ x·k + b`. */
	formula: string;
	/** The patch of each input channel that counts; rows x columns, padding as null. */
	parts: readonly DerivationPart[];
	/** How many parts there are, where only the strongest are listed. */
	total: number;
	/** Sum over all parts, before the bias. */
	sum: number;
	bias: number | null;
	/** Numbers of the formula besides the patch: mean, variance, gamma... */
	figures: readonly { name: string; value: number }[];
	/** Of the input's grid: what the window covers; null for layers without a grid. */
	window: Rectangle | null;
	/** The input's reference, and its shape without the batch. */
	from: string;
	fromShape: readonly number[];
}

export interface DerivationPart {
	/** Of the input. */
	channel: number;
	rows: number;
	columns: number;
	input: readonly (number | null)[];
	/** Null where the window only picks or averages. */
	kernel: readonly number[] | null;
	/** Sum of products, or what the window gives. */
	sum: number;
}

export interface MaximiseRequest {
	layer: string;
	/** Channel of a grid, or unit. */
	channel: number;
	steps: number;
	seed: number;
	/** `channel`: mean over positions; `neuron`: the middle one. */
	objective: 'channel' | 'neuron';
	jitter: number;
	/** Decorrelated colours (of three channels). */
	decorrelate: boolean;
}

export interface Maximised {
	/** The image that excites it, as the model would see it. */
	picture: ImageBitmap;
	/** What the target gives for the noise that was begun with, and for the picture now. */
	noise: number;
	value: number;
	done: number;
}

/** Drawn by the draw worker from one field: all cells in one call. */
export interface AtlasRequest {
	/** Device pixels of the picture. */
	width: number;
	height: number;
	/** Key of the field with the cells. */
	field: string;
	cells: Pick<Cells, 'width' | 'height' | 'columns'>;
	/** Per shown cell: its number in the field, the values at the ends of the scale, and 1 to strike it out. */
	entries: Float32Array;
	/** Cells per row of the picture, device pixels of one, and between two. */
	columns: number;
	cell: readonly [width: number, height: number];
	gap: number;
	/** Device pixels scrolled away. */
	offset: readonly [x: number, y: number];
	scale: string;
}

/** A part of an image that excites a channel. */
export interface ExcitingPatch {
	/** Of the image in the set. */
	index: number;
	value: number;
	/** In pixels of the image as the model sees it. */
	part: Rectangle;
	picture: ImageBitmap;
}
