import type { GraphNode } from '#contracts/graph.ts';
import type { Tensor } from '#engine/tf.ts';

/** Where a step finds its weights: by their name in the graph. */
export type Weights = (name: string) => Tensor;

/** One node as the executor runs it: plain data, and what it computes. */
export interface Step {
	node: GraphNode;
	/** One tensor per output. Runs inside a tidy; the inputs are not its own to dispose. */
	compute(inputs: readonly Tensor[], weights: Weights): Tensor[];
}
