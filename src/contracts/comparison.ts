import type { InputData, OpenedModel, OpenOptions, Prediction } from '#contracts/compute.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';
import type { Source } from '#contracts/source.ts';

/** Two models side by side: the open one (`first`) and another (`second`). All plain data. */

/** In which ways a matched pair differs; `inputs`: it reads from other nodes. */
export type ChangeKind = 'shape' | 'attributes' | 'inputs' | 'weights';
/** What a row is shown as: a changed pair by its weightiest change, in the order of `ChangeKind`. */
export type RowState = 'same' | 'added' | 'removed' | ChangeKind;

/** One thing that differs, as it reads on either side; empty where a side lacks it. */
export interface Difference {
	kind: ChangeKind;
	name: string;
	first: string;
	second: string;
}

/** Two tensors of the same role in a matched pair. */
export interface WeightPair {
	/** kernel, bias, gamma... */
	role: string;
	/** Names in their models. */
	first: string;
	second: string;
	shape: readonly number[];
	secondShape: readonly number[];
	/** Which of them has outputs first, where the other has them last. */
	turned?: 'first' | 'second';
	/** Same shape, once their axes are in one order, and both are there: their numbers can be compared. */
	comparable: boolean;
}

export interface ComparisonRow {
	/** Node of the first model, and of the second; null where it has none. */
	first: string | null;
	second: string | null;
	type: string;
	state: RowState;
	/** How the pair was found; null for added and removed nodes. */
	found: 'name' | 'structure' | null;
	/** All that differs but the weights' numbers. */
	differences: readonly Difference[];
	weights: readonly WeightPair[];
	/** Output shapes as they read, without the batch: `28 × 28 × 16`. */
	shapes: readonly [first: string, second: string];
}

/** How far two arrays of numbers lie apart. */
export interface Distance {
	/** |a - b| / |a| in the Euclidean norm; infinite where only a is zero. */
	relative: number;
	/** Largest |a - b| of all. */
	maxAbs: number;
	/** a·b / (|a| |b|); NaN where one is zero. */
	cosine: number;
	/** |a - b|² and |a|², to add up distances of several arrays. */
	squares: readonly [difference: number, first: number];
	/** Entries where either is NaN or infinite; they count in nothing above. */
	invalid: number;
}

/** Distances of one row: per tensor in the order of its comparable weights, and of all together. */
export interface RowDistances {
	/** Index of the row. */
	row: number;
	tensors: readonly Distance[];
	/** |a - b| / |a| over all its tensors. */
	relative: number;
}

export interface RowActivation extends Distance {
	row: number;
}

export interface OpenedComparison {
	/** Names this second model in later questions. */
	key: number;
	second: OpenedModel;
	rows: readonly ComparisonRow[];
}

/** Both models on the current input. */
export interface Contrast {
	/** Of rows whose outputs have the same shape. */
	activations: readonly RowActivation[];
	/** Of the second model. */
	predictions: readonly Prediction[];
	/** Of the first, now. */
	before: readonly Prediction[];
}

/** A part of the compute worker's functions. */
export interface ComparisonApi {
	/** Opens a second model beside the open one, which stays; the second before it goes once this one has loaded. */
	openSecond(source: Source, options: OpenOptions): Promise<OpenedComparison>;
	/** Distances of all weights, computed where they lie; progress carries those of the last rows: `Weighed`. */
	weighSecond(key: number): Promise<void>;
	/** Runs both models: the first on what it was fed, the second on these inputs. Progress carries 0..1. */
	contrast(
		key: number,
		inputs: Readonly<Record<string, InputData>>,
		preprocessingByInput: ReadonlyMap<string, Preprocessing>
	): Promise<Contrast>;
	/** Lets go of the second model. */
	closeSecond(): Promise<void>;
}

export interface Weighed {
	rows: readonly RowDistances[];
	/** 0..1 */
	done: number;
}
