import type { Tensor, Tensor1D } from '#engine/tf.ts';
import type { Feeds, Model, RunOptions } from '#contracts/model.ts';
import type { Parameters, ParameterSpec } from '#contracts/parameter.ts';

/** What a method says of itself. Plain data: it crosses threads, draws its form, fills its documentation. */
export interface MethodSpec {
	id: string;
	title: string;
	family: 'attribution';
	order: number;
	/** What one sees, in a sentence or two. */
	summary: string;
	paper: { authors: string; year: number; title: string; url: string };
	/** In Unicode text, e.g. `∂s/∂x`. */
	equation: string;
	/** Whether the map has a meaningful sign: decides the colour scale. */
	signed: boolean;
	/** Whether the map is on the input's grid or on a layer's. */
	grid: 'input' | 'layer';
	/** Whether it needs the gradient of the score with respect to the input, which whole numbers do not have. */
	inputGradient: boolean;
	parameters: readonly ParameterSpec[];
}

/** A figure that comes with a map: `convergence gap 0.4 %`. */
export interface Fact {
	id: string;
	title: string;
	/** As it should be read, with its unit. */
	text: string;
	value: number;
	/** A warning is shown as one: the gap did not close, the map is noise. */
	tone?: 'warning';
	help?: string;
}

export type BaselineKind = 'black' | 'white' | 'grey' | 'mean' | 'blur';

/** What a method gets. It never knows which model, which input or which score it explains. */
export interface AttributionContext {
	model: Model;
	/** The explained input, a batch of one; floats for methods that need its gradient. */
	input: Tensor;
	/** The other inputs of the model stay as they are; for a batch of n they are tiled to n. */
	feeds(batch: Tensor): Feeds;
	/** What is explained: one score per row of the batch, [n]. */
	score(feeds: Feeds, options?: RunOptions): Tensor1D;
	/** A baseline chosen in image space and preprocessed like the image: a batch of one. The caller disposes. */
	baseline(kind: BaselineKind): Tensor;
	/** What 0 and 255 of a pixel (or the lowest and highest of a feature) become: noise scales with it. */
	range: readonly [low: number, high: number];
	parameters: Parameters;
	seed: number;
	/** Rows per batch that suit the device and the model. */
	batch: number;
	/** The layer that class activation maps use when the user has not chosen one; null where there is none. */
	camLayer: string | null;
	signal: AbortSignal;
}

export interface AttributionStep {
	/** [1, h, w, c] or [1, n]: of the input's shape, or of the layer's grid with c = 1. The receiver disposes. */
	map: Tensor;
	facts: readonly Fact[];
	/** 0..1; the last step has 1. */
	done: number;
	/** Where it stands before the last step, in words: `step 30 of 50`. A run that is stopped there says so. */
	at?: string;
}

/** One attribution method: exactly one file in `methods/attribution/`, found by its registry. */
export interface AttributionMethod extends MethodSpec {
	/** A sentence if the method cannot run on this model and score, else null. */
	refusal?(context: Pick<AttributionContext, 'model' | 'camLayer' | 'parameters'>): string | null;
	/** Yields maps that get better; the last one is the answer. Cancelled by `signal` or by `return()`. */
	run(context: AttributionContext): AsyncGenerator<AttributionStep, void, void>;
}
