import type { WeightInfo } from '#contracts/graph.ts';
import type { Model } from '#contracts/model.ts';

/** All weights whose numbers are there, each once, in the order of the nodes. */
export function allWeights({ graph }: Pick<Model, 'graph'>): WeightInfo[] {
	const found = new Map<string, WeightInfo>();
	for (const { weights } of graph.nodes)
		for (const weight of weights) if (!weight.missing && !found.has(weight.name)) found.set(weight.name, weight);
	return [...found.values()];
}

/** What is said of numbers that the file stores otherwise than they are written. */
export function storageNotes(weights: readonly WeightInfo[]): string[] {
	const kinds = [...new Set(weights.flatMap(({ stored }) => stored ?? []))];
	return kinds.length ? [`Weights that the file stores as ${kinds.join(' and ')} are written as float32.`] : [];
}
