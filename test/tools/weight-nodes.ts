import type { GraphNode, WeightInfo } from '#contracts/graph.ts';

/** A layer of four units without weights, but for what is said. */
export const denseNode = (id: string, change: Partial<GraphNode> = {}): GraphNode => ({
	...{ id, type: 'Dense', attributes: {}, inputs: [], shape: [null, 4], dtype: 'float32', weights: [], group: [] },
	...change
});

export const weightInfo = (shape: readonly number[], role?: string, change: Partial<WeightInfo> = {}): WeightInfo => ({
	...{ name: 'n/w', shape, dtype: 'float32' },
	...(role === undefined ? {} : { role }),
	...change
});
