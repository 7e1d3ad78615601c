import type { HeadSpec } from '#contracts/compute.ts';
import type { Graph, Shape } from '#contracts/graph.ts';
import type { Parameters, ParameterSpec } from '#contracts/parameter.ts';
import type { Tensor } from '#engine/tf.ts';

/** What an output is and how it is drawn: each kind is one file in `methods/outputs/`, its picture one in `views/panels/outputs/kinds/`. */

/** What is known of an output when its kind is told. */
export interface OutputFacts {
	graph: Graph;
	head: HeadSpec;
	/** As the model gives it, batch first. */
	shape: Shape;
	/** All outputs of the model, this one among them, and their shapes. */
	heads: readonly HeadSpec[];
	shapes: readonly Shape[];
	/** Of the first picture that goes in; null where none does. */
	picture: { height: number; width: number; channels: number } | null;
	/** Class names that the files hold. */
	labels: readonly string[] | null;
	/** What else the file says of itself. */
	metadata: ReadonlyMap<string, string>;
}

/** One way to read an output; it crosses threads. */
export interface OutputReading {
	/** Id of its kind. */
	kind: string;
	title: string;
	/** 0..1; above 0. */
	sure: number;
	/** Why: half a sentence. */
	reason: string;
	/** What of it may be set, with what was guessed as defaults. */
	parameters: readonly ParameterSpec[];
	/** The prediction holds all of it: nothing is to be asked for. */
	plain: boolean;
	/** Axes of one row come before its positions: [1, 4 + classes, boxes]. */
	channelsFirst?: true;
}

/** What is asked of an output. */
export interface OutputRequest {
	/** Reference of the head. */
	output: string;
	/** Id of a kind. */
	kind: string;
	parameters: Parameters;
}

/** What an output holds, ready to be drawn. */
export type OutputDrawing =
	| BoxesDrawing
	| MaskDrawing
	| PictureDrawing
	| { kind: 'map'; width: number; height: number; channels: number; values: Float32Array }
	| { kind: 'curves'; length: number; channels: number; values: Float32Array };

export interface BoxesDrawing {
	kind: 'boxes';
	/** Left, top, right, bottom of each candidate, as shares of the model input. */
	corners: Float32Array;
	/** 0..1, the best first. */
	scores: Float32Array;
	classes: Int32Array;
	/** Null where the classes come as numbers alone. */
	units: number | null;
	/** Number of the first class, where they come as numbers alone. */
	first: 0 | 1;
	/** Boxes that the model gives. */
	total: number;
	/** It has left out by itself what overlaps. */
	final: boolean;
	/** What one must know to believe it: a sentence, or empty. */
	note: string;
}

export interface MaskDrawing {
	kind: 'mask';
	width: number;
	height: number;
	/** The best class of each position, row by row. */
	classes: Int32Array;
	/** Its share, 0..1. */
	scores: Float32Array;
	units: number;
	/** Each position is of one class, or of none where its share stays below the threshold. */
	exclusive: boolean;
}

export interface PictureDrawing {
	kind: 'picture';
	width: number;
	height: number;
	/** RGBA. */
	pixels: Uint8ClampedArray<ArrayBuffer>;
	/** The numbers that became 0 and 255. */
	range: readonly [low: number, high: number];
	/** Between output and input, where they have one shape: the mean over channels of |output − input|, row by row. */
	difference: { values: Float32Array; mean: number; rmse: number } | null;
}

interface OutputContext {
	facts: OutputFacts;
	parameters: Parameters;
	/** The picture that goes in, as the model gets it, in the layout of its input; null without one. */
	input: Tensor | null;
}

/** How a kind is told, or that an output may be read so if somebody wants it. */
export type OutputMatch = Pick<OutputReading, 'sure' | 'reason'> &
	Partial<Pick<OutputReading, 'parameters' | 'channelsFirst'>>;

export interface OutputKind {
	id: string;
	title: string;
	order: number;
	/** Null where it cannot be read so. */
	match(facts: OutputFacts): OutputMatch | null;
	/** What is drawn; without it the prediction holds all. */
	read?: {
		/** References of all outputs that it takes. */
		references(facts: OutputFacts): readonly string[];
		/** @param values of these, in their order: not the reader's to dispose */
		draw(values: readonly Tensor[], context: OutputContext): Promise<OutputDrawing>;
	};
}
