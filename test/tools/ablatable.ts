import type { Feeds, Model } from '#contracts/model.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { AblatableModel } from '#methods/activation/ablation.ts';
import { folderSource, loadContext } from './files.ts';

/** A sample model whose channels can be switched off, in a test in Node. */
export async function ablatableSample(name: string): Promise<AblatableModel> {
	const only = (path: string) => /\/model\.(json|bin)$/.test(path);
	return new AblatableModel((await openSource(folderSource(`models/${name}`, only), loadContext())).model);
}

/** Normal numbers for the first input; the caller disposes of them. */
export function randomInput({ graph }: Model, seed: number): Feeds {
	const [id] = graph.inputs as [string];
	const shape = graph.nodes.find((node) => node.id === id)!.shape.map((n) => n ?? 1);
	return { [id]: tf.randomNormal(shape, 0, 1, 'float32', seed) };
}
