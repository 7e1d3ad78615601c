import type { Model } from '#contracts/model.ts';
import { statisticsNames, type Statistics } from '#engine/model/guess.ts';

/** What batch normalisations right behind the inputs learned of them, by input: it says how pictures were prepared. */
export async function firstStatistics(model: Model): Promise<ReadonlyMap<string, Statistics>> {
	const found = new Map<string, Statistics>();
	for (const id of model.graph.inputs) {
		const names = statisticsNames(model.graph, id);
		if (!names || model.obstacle) continue;
		const [mean, variance] = await Promise.all([names.mean, names.variance].map((name) => model.weight(name).data()));
		found.set(id, { mean: mean as ArrayLike<number>, variance: variance as ArrayLike<number> });
	}
	return found;
}
