import type { Tensor } from '#engine/tf.ts';
import type { Graph } from '#contracts/graph.ts';

/** Tensors by node reference. Any activation may be fed, not only the inputs: the run is cut there. */
export type Feeds = Readonly<Record<string, Tensor>>;

export interface RunOptions {
	/** A function in the place of an activation: gets the value of that reference, returns what its consumers see. */
	replace?: Readonly<Record<string, (value: Tensor) => Tensor>>;
}

/** The differentiable model: what every format becomes. Lives in the compute worker. */
export interface Model {
	readonly graph: Graph;
	/** Bytes of the weights where they lie. */
	readonly bytes: number;
	/**
	 * From any fed activation to any fetched one, inside `tf.grad` too.
	 * @param fetches references; the tensors come back in that order and are the caller's to dispose
	 * @throws LabError naming the node if something on the way is neither fed nor computable
	 */
	run(feeds: Feeds, fetches: readonly string[], options?: RunOptions): Tensor[];
	/** A weight by its name in the graph, where it lies: not the caller's to dispose. */
	weight(name: string): Tensor;
	dispose(): void;
}
