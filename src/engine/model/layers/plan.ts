import type { Shape } from '#contracts/graph.ts';
import type { Argument } from '#engine/model/layers/references.ts';
import type { JsonObject } from '#maths/json.ts';

/** A Keras topology as it was understood: plain, checked, and free of names that files may repeat. */

/** One output of one use of a layer; layers by their index in their model. */
export interface Reference {
	layer: number;
	call: number;
	output: number;
}

/** One use of a layer. */
export interface Call {
	inputs: readonly Reference[];
	/** How it is called, where that says more than its inputs: of operations and attentions. */
	given?: { positional: readonly Argument[]; named: ReadonlyMap<string, Argument> };
}

export interface LayerPlan {
	/** As the file has it: not unique. */
	name: string;
	/** The names of the models that it lies in and its own: for people. */
	path: string;
	className: string;
	/** As the file has it, in snake_case; Keras 3 in the words of Keras 2. */
	config: JsonObject;
	trainable: boolean;
	/** Set for a nested model. */
	inner: ModelPlan | null;
	/** Why it cannot be computed, where its class is code: a sentence. */
	code?: string;
	/** A function of Keras or TensorFlow that stands as a layer. */
	operation?: boolean;
	/** Of its outputs, where the file says them beside those who read them. */
	shapes?: readonly (Shape | null)[];
	calls: readonly Call[];
}

export interface ModelPlan {
	name: string;
	layers: readonly LayerPlan[];
	inputs: readonly Reference[];
	outputs: readonly Reference[];
}

/** One use of a layer, as a step of its model. */
export interface Use {
	layer: LayerPlan;
	index: number;
	call: number;
}
