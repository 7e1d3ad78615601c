import type { FieldStats } from '#contracts/field.ts';
import type { Graph } from '#contracts/graph.ts';
import type { Fact } from '#contracts/method.ts';
import type { Obstacle } from '#contracts/model.ts';
import type { OutputReading } from '#contracts/output.ts';
import type { Parameters } from '#contracts/parameter.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';

/** What the page asks of the compute worker, all plain data. */

export type BackendId = 'webgpu' | 'wasm' | 'webgl' | 'cpu';

export interface EngineReport {
	backend: BackendId;
	/** The adapter's or engine's own name: `NVIDIA H200`, `SwiftShader`, `WebAssembly SIMD`. */
	device: string;
	/** The GPU is emulated, or there is none. */
	software: boolean;
	/** One sentence on what is slower or missing here; empty on a real GPU. */
	note: string;
	/** How fields travel to the draw worker. */
	transfer: 'array' | 'bits';
	/** Engines that could be forced here. */
	available: readonly BackendId[];
}

export interface InputSpec {
	/** Node id. */
	id: string;
	shape: readonly (number | null)[];
	/** Where the file has its axes in another order: as in a node of the graph. */
	axes?: readonly number[];
	dtype: string;
	/** `image`: rank 4 (or 3 without channel) with 1, 3 or 4 channels. `values`: anything else. */
	kind: 'image' | 'values';
}

/** One output of the model, and what it means. */
export interface HeadSpec {
	/** Reference of the output, or of the scores where the model only says which is the largest. */
	output: string;
	title: string;
	/** Reference of the value before the last activation: equal to `output` when there is none. */
	scores: string;
	activation: 'softmax' | 'sigmoid' | 'none';
	/**
	 * `classes`: one of many; `labels`: each yes or no by itself; `binary`: one sigmoid; `value`: regression (any number
	 * of units); `grid`: a score per position and channel, explained by its mean over positions.
	 */
	kind: 'classes' | 'labels' | 'binary' | 'value' | 'grid';
	/** Number of classes, labels, values or channels. */
	units: number;
	/** A grid whose channels come before its positions. */
	channelsFirst?: true | undefined;
	/** All ways to read it, the likeliest first. */
	readings?: readonly OutputReading[] | undefined;
}

/** What can be done with an open model. */
export interface Abilities {
	/** There is a network to look at. */
	structure: boolean;
	/** There are numbers in its weights, or in some of them. */
	weights: boolean;
	run: boolean;
}

/** How the pictures for one input are prepared, as far as it is known. */
export interface InputPreprocessing {
	/** Id of the input. */
	input: string;
	/** What the files say, else a guess. */
	preprocessing: Preprocessing;
	/** Where it comes from, in half a sentence. */
	reason: string;
	/** Nothing but a guess says so. */
	guessed: boolean;
}

export interface OpenedModel {
	title: string;
	format: string;
	graph: Graph;
	able: Abilities;
	/** Why it cannot run, if it cannot: then it has no heads. */
	obstacle: Obstacle | null;
	inputs: readonly InputSpec[];
	heads: readonly HeadSpec[];
	/** Nodes with a spatial grid, nearest to the output first: what class activation maps may use. */
	layers: readonly { id: string; title: string; grid: readonly [height: number, width: number]; channels: number }[];
	labels: readonly string[] | null;
	/** One for each input that takes pictures, in the order of `inputs`. */
	preprocessing: readonly InputPreprocessing[];
	warnings: readonly string[];
	/** What else the file says of itself, in its own words. */
	metadata?: readonly (readonly [key: string, value: string])[];
	parameters: number;
	bytes: number;
}

/** What is fed: an image for image inputs, numbers for others, by input id. */
export type InputData =
	| { kind: 'image'; bitmap: ImageBitmap }
	/** `shape` without the batch, for inputs of open size. */
	| { kind: 'values'; values: readonly number[]; shape?: readonly number[] };

export interface Prediction {
	/** Reference of the head. */
	output: string;
	/** All units, in their own order. */
	scores: Float32Array;
	/** What the activation makes of them. Classes without one get a softmax; other heads repeat their scores. */
	probabilities: Float32Array;
	/** Units from best to worst. */
	order: Int32Array;
	/** The largest magnitude of the scores, where no trained network gives such ones; else 0. */
	beyond: number;
}

/** What a head predicts for the same inputs in several ways of preprocessing. */
export interface AlternativesRequest {
	/** Reference of the head. */
	output: string;
	/** Their bitmaps are closed when it has been answered. */
	inputs: Readonly<Record<string, InputData>>;
	/** How the pictures are prepared, by input; the sizes are the same in all ways. */
	ways: readonly ReadonlyMap<string, Preprocessing>[];
}

/** What it predicts in one of them. */
export interface Alternative {
	/** The best unit, and what it gets. */
	unit: number;
	probability: number;
	score: number;
	/** Of the probabilities, in bits; null where the head has none that are a distribution. */
	entropy: number | null;
	/** As in `Prediction`. */
	beyond: number;
}

export interface Target {
	/** Reference of the head. */
	output: string;
	unit: number;
	/** The score before the activation (default), after it, or the margin over another unit. */
	kind: 'logit' | 'probability' | 'difference';
	/** The other unit of a difference. */
	other?: number;
}

export interface ExplainRequest {
	method: string;
	parameters: Parameters;
	target: Target;
	seed: number;
	/** How channels become one number: signed sum, sum of magnitudes, largest magnitude. */
	channels: 'sum' | 'magnitude' | 'largest';
	/** Key under which the field goes to the draw worker. */
	key: string;
}

export interface MapReport {
	/** Key of the field that the draw worker now has. */
	key: string;
	width: number;
	height: number;
	stats: FieldStats;
	facts: readonly Fact[];
	done: number;
	/** Where the method stands, of a map on the way: `step 30 of 50`. */
	at?: string;
	/** The score that is explained. */
	score: number;
	/** The layer that was used, for methods on a layer's grid. */
	layer?: string;
}

/** A part of a weight matrix [inputs, outputs]. */
export interface KernelSlice {
	/** Name of the weight in the graph. */
	kernel: string;
	rows: readonly number[];
	columns: readonly number[];
}

/** What is told while a model is opened. */
export interface OpeningProgress {
	/** 0..1 */
	done: number;
	note: string;
	/** The model without its weights, once, where reading those takes long. */
	structure?: OpenedModel;
}

export interface OpenOptions {
	/** What the page calls the model: answers about it are asked for by this name. */
	key?: string;
	/** For inputs with unknown height, width or channels: what the user chose. */
	inputShape?: readonly [height: number, width: number, channels: number];
}
