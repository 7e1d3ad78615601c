import type { ParameterSpec, Parameters } from '#contracts/parameter.ts';
import type { Metric, Neighbours } from '#maths/projection/rows.ts';

/** What maps of a data set agree on: rows, neighbours, projections, and how far a map may be believed. */

export type { Metric, Neighbours };

/** Rows held in the worker that projects them; a handle is valid there alone. */
export interface RowsInfo {
	handle: number;
	count: number;
	/** Numbers per row. */
	width: number;
}

/** What a projection says of itself. Plain data: it crosses threads, draws its form, fills its documentation. */
export interface ProjectionSpec {
	id: string;
	title: string;
	order: number;
	/** What one sees, in a sentence or two. */
	summary: string;
	paper: { authors: string; year: number; title: string; url: string };
	equation: string;
	parameters: readonly ParameterSpec[];
	/** Whether it works from a neighbour graph (and then shows its recall). */
	neighbours: boolean;
}

export interface ProjectionRequest {
	/** A `ProjectionSpec.id`. */
	method: string;
	parameters: Parameters;
	dimensions: 2 | 3;
	metric: Metric;
	seed: number;
	/** One per row, -1 for unknown: a supervised map. */
	labels?: Int32Array;
	/** Begin from these positions (count x dimensions) instead of the method's own start: aligned maps. */
	start?: Float32Array;
}

/** On the way: positions as they are now. */
export interface ProjectionFrame {
	phase: 'neighbours' | 'graph' | 'start' | 'layout';
	/** 0..1 of the whole. */
	done: number;
	/** count x dimensions, row by row; absent before the layout has begun. */
	positions?: Float32Array;
}

export interface ProjectionResult {
	positions: Float32Array;
	dimensions: 2 | 3;
	/** What computed it, in words: `WebGPU`, `typed arrays`. */
	engine: string;
	/** Milliseconds by phase. */
	milliseconds: { neighbours: number; graph: number; layout: number };
	/** Of an approximate neighbour graph, measured on a sample against the exact one; 1 where it is exact. */
	recall: number;
}

/** How far a map may be believed, at `k` neighbours (Venna and Kaski 2001; definitions as in scikit-learn). */
export interface MapQuality {
	k: number;
	trustworthiness: number;
	continuity: number;
	/** Mean share of the k nearest neighbours that the map keeps. */
	overlap: number;
	/** Share of random triplets whose order of distances the map keeps. */
	triplets: number;
	/** 0..1 per row, 1 = its neighbourhood is lost in the map. */
	distortion: Float32Array;
	/** Rows looked at; fewer than all where the data set is large. */
	sampled: number;
}

/** Answered by the compute worker (on its GPU) and by the projection worker (typed arrays); cancellable. */
export interface ProjectionApi {
	projections(): Promise<readonly ProjectionSpec[]>;
	/** Takes rows (count x width, row by row) into this worker. */
	holdRows(values: Float32Array, width: number): Promise<RowsInfo>;
	dropRows(handle: number): Promise<void>;
	/** Progress carries `ProjectionFrame`s; the answer is the last. @throws LabError `too-large` before it starts, with what would fit */
	project(rows: number, request: ProjectionRequest): Promise<ProjectionResult>;
	/** The k nearest rows of `queries` (row numbers) in the original space. */
	nearest(rows: number, queries: Int32Array, k: number, metric: Metric): Promise<Neighbours>;
	mapQuality(rows: number, positions: Float32Array, dimensions: 2 | 3, k: number, metric: Metric): Promise<MapQuality>;
	/** How fast this worker projects: milliseconds of a small fixed job, for the choice of worker. */
	measureProjection(): Promise<number>;
}

/** Only in the compute worker: activations of the open model become rows without leaving the GPU. */
export interface ActivationRowsApi {
	/**
	 * Feeds so many inputs through the model and holds the activations of `layer` as rows.
	 * @param images encoded images, or rows of numbers of the model's input
	 */
	holdActivations(
		layer: string,
		pooling: 'mean' | 'max' | 'flat',
		inputs: readonly Blob[] | Float32Array
	): Promise<RowsInfo>;
	/** Rows held here, for a worker without the GPU. */
	readRows(handle: number): Promise<Float32Array>;
	/**
	 * What the open model predicts per input, count x classes: probabilities where its first head is one of classes, else its
	 * output.
	 */
	predictAll(inputs: readonly Blob[] | Float32Array): Promise<{ scores: Float32Array; classes: number }>;
	/** Cosine similarity of an output for each input to the same output for what is fed now; NaN where one has no length. */
	similarities(output: string, inputs: readonly Blob[] | Float32Array): Promise<Float32Array>;
}
