import type { Tensor } from '#engine/tf.ts';
import type { Graph } from '#contracts/graph.ts';
import type { JsonObject } from '#maths/json.ts';

/** Tensors by node reference. Any activation may be fed, not only the inputs: the run is cut there. */
export type Feeds = Readonly<Record<string, Tensor>>;

export interface RunOptions {
	/** A function in the place of an activation: gets the value of that reference, returns what its consumers see. */
	replace?: Readonly<Record<string, (value: Tensor) => Tensor>>;
}

export interface PlaceContext {
	signal: AbortSignal;
	/** 0..1 of the bytes. */
	progress(done: number): void;
}

/** A weight that holds NaN or infinite numbers. */
export interface NotFinite {
	name: string;
	count: number;
	of: number;
}

/** Why a model that is open cannot run. It crosses threads. */
export interface Obstacle {
	/**
	 * Weights lie in files that are not there, operations that cannot be computed here, there is no network at all, the device
	 * has no room for it, or its weights have not been read yet.
	 */
	kind: 'weights' | 'operations' | 'bag' | 'size' | 'unread';
	/** What stands in the way: one sentence. */
	message: string;
	/** What to do: one sentence. */
	hint: string;
	/** Ids of the nodes that cannot be computed. */
	nodes: readonly string[];
}

/** A network of Keras layers as TF.js has them, and which of the graph's weights are whose. */
export interface LayersForm {
	/** `modelTopology` of a TF.js layers file. */
	topology: JsonObject;
	/** Layer by layer, in the order in which a layer has them; `path`: the names of the models that it lies in and its own. */
	weights: readonly { path: readonly string[]; names: readonly string[] }[];
	/** Why TF.js has no words for it: half a sentence. Null where it has. */
	refusal: string | null;
}

/** The differentiable model: what every format becomes. Lives in the compute worker. */
export interface Model {
	readonly graph: Graph;
	/** Bytes of the weights on the device, with those that still lie in their files. */
	readonly bytes: number;
	/** Bytes of the weights that still lie in their files; without it none do. */
	readonly unread?: number;
	/** Set for what can be looked at and not run: `run` throws it. */
	readonly obstacle: Obstacle | null;
	/**
	 * From any fed activation to any fetched one, inside `tf.grad` too.
	 * @param fetches references; the tensors come back in that order and are the caller's to dispose
	 * @throws LabError naming the node if something on the way is neither fed nor computable, or the obstacle
	 */
	run(feeds: Feeds, fetches: readonly string[], options?: RunOptions): Tensor[];
	/** A weight by its name in the graph, where it lies: not the caller's to dispose. @throws LabError if it is missing */
	weight(name: string): Tensor;
	/**
	 * A weight for as long as it is used, read from its file where it is not on the device. Without it all of them are.
	 * @throws LabError if it is missing or its file cannot be read
	 */
	hold?<T>(name: string, use: (weight: Tensor) => Promise<T>): Promise<T>;
	/**
	 * Puts the weights that still lie in their files onto the device: only then the model runs.
	 * @returns those with numbers that are none
	 * @throws LabError where a file cannot be read, AbortError; then all still lie there
	 */
	place?(context: PlaceContext): Promise<readonly NotFinite[]>;
	/** Puts another tensor of the same shape in the place of a weight, for good. It is the model's from now on. */
	put?(name: string, value: Tensor): void;
	/** For what consists of Keras layers. */
	layers?(): LayersForm;
	dispose(): void;
}

/** A weight for as long as it is used, wherever it lies. */
export const holding = <T>(
	model: Pick<Model, 'weight' | 'hold'>,
	name: string,
	use: (weight: Tensor) => Promise<T>
): Promise<T> => (model.hold ? model.hold(name, use) : use(model.weight(name)));
