import type { Model } from '#contracts/model.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import type { WrittenGraph } from '#engine/model/tracing/graph.ts';

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };
type Stored = StoredWeight & { values: Float32Array | Int32Array | Uint8Array };

/** The weights of a written graph as a loader has them. */
export async function writtenWeights(model: Model, { weights }: WrittenGraph): Promise<Map<string, Stored>> {
	const all = weights.map(async ({ name, shape, dtype, values, from }): Promise<[string, Stored]> => {
		const data = values ?? (await model.weight(from!).data());
		return [name, { shape: [...shape], dtype, values: ARRAYS[dtype].from(data as ArrayLike<number>) }];
	});
	return new Map(await Promise.all(all));
}
