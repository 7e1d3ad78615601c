import type { Distance } from '#contracts/comparison.ts';
import type { InputData } from '#contracts/compute.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';

/**
 * Where two runs of what should be one network part: a model in two files, or one file on two engines, on the same input.
 * `a` is the open model, on the open engine; `b` the other one.
 */

/** How the numbers of b lie beside those of a: alike, or one of them with its channels before its positions. */
export type AxisOrder = 'same' | 'a-channels-first' | 'b-channels-first';

/** How a pair of layers was found; `engine`: they are one layer. */
export type PairedBy = 'name' | 'structure' | 'values' | 'engine';

/** The outputs of one pair of layers. */
export interface LayerParting extends Distance {
	/** Ids in their graphs. */
	a: string;
	b: string;
	found: PairedBy;
	order: AxisOrder;
	/** Positions where exactly one of them holds no finite number. */
	unlike: number;
}

export interface PartingProgress {
	/** All that is known by now, in the order of a's graph; later reports may pair anew. */
	layers: readonly LayerParting[];
	/** 0..1 */
	done: number;
}

/** The numbers of one layer for the open input. */
export interface LayerValues {
	id: string;
	/** With the batch, as the engine has it: channels last. */
	shape: readonly number[];
	values: Float32Array<ArrayBuffer>;
}

type CauseId =
	| 'preprocessing'
	| 'weights'
	| 'quantisation'
	| 'layout'
	| 'padding'
	| 'epsilon'
	| 'statistics'
	| 'activation'
	| 'offset'
	| 'scale'
	| 'precision'
	| 'settings'
	| 'numbers'
	| 'unknown';

/** What to look at first: one sentence on what is seen, one on what makes it. */
export interface Cause {
	id: CauseId;
	seen: string;
	check: string;
}

/** The numbers of a pair beside each other. */
export interface PartingDetail {
	a: string;
	b: string;
	/** Without the batch, in a's order; b is brought into it. */
	shape: readonly number[];
	values: readonly [a: Float32Array<ArrayBuffer>, b: Float32Array<ArrayBuffer>];
	/** Position of the largest difference in `shape`, and in the arrays; null where nothing differs. */
	largest: { at: readonly number[]; index: number } | null;
	/** Likeliest first. */
	causes: readonly Cause[];
}

/** A part of the compute worker's functions. */
export interface PartingApi {
	/** Both models, the second on these inputs, layer by layer. Progress carries `PartingProgress`. */
	part(
		key: number,
		inputs: Readonly<Record<string, InputData>>,
		preprocessingByInput: ReadonlyMap<string, Preprocessing>
	): Promise<readonly LayerParting[]>;
	/** One pair of what was parted last. */
	partDetail(key: number, pair: Pick<LayerParting, 'a' | 'b' | 'order'>): Promise<PartingDetail>;
	/** Outputs of layers of the open model for the open input; those that hold no numbers are left out. */
	layerValues(ids: readonly string[]): Promise<readonly LayerValues[]>;
	/** The open model's layers beside the same ones of another engine. */
	partValues(other: readonly LayerValues[]): Promise<readonly LayerParting[]>;
	partValuesDetail(other: LayerValues): Promise<PartingDetail>;
	/** A .npz of layers' outputs for the open input, by the file's own names and in its own order of axes; progress 0..1. */
	layerFile(ids: readonly string[]): Promise<Blob>;
}
