import { LabError } from '#contracts/errors.ts';
import type { Graph } from '#contracts/graph.ts';
import { breath } from '#engine/breath.ts';
import * as tf from '#engine/tf.ts';
import type { Running } from '#methods/comparison/activations.ts';
import { inParts } from '#methods/comparison/parting.ts';
import { NpzFile } from '#methods/npz-file.ts';
import { bytesOf, kindOf } from '#methods/weights/files.ts';

/** Outputs of layers, taken from a model as it runs. */

/** What a zip without its 64-bit extension holds, and what one tab may keep in memory. */
const MAX_BYTES = 2 ** 31;

const sized = ({ nodes }: Graph) =>
	new Map(nodes.map(({ id, shape }) => [id, 4 * shape.slice(1).reduce<number>((n, m) => n * (m ?? 1), 1)]));

/** Those that are there and hold numbers. */
function holding({ nodes }: Graph, ids: readonly string[]): string[] {
	const dtypes = new Map(nodes.map(({ id, dtype }) => [id, dtype]));
	return ids.filter((id) => dtypes.has(id) && dtypes.get(id) !== 'string');
}

/** The outputs of layers, part by part; each tensor goes when the caller asks for the next part. */
export async function* outputsOf(
	{ model, feeds }: Running,
	ids: readonly string[],
	signal: AbortSignal
): AsyncGenerator<{ id: string; tensor: tf.Tensor }[]> {
	const sizes = sized(model.graph);
	for (const part of inParts(holding(model.graph, ids), (id) => sizes.get(id) ?? 0)) {
		const tensors = model.run(feeds, part);
		try {
			yield part.map((id, i) => ({ id, tensor: tensors[i] as tf.Tensor }));
		} finally {
			tf.dispose(tensors);
		}
		await breath(signal);
	}
}

/** @returns a .npz by the file's own names, each array in the file's order of axes */
export async function layerFile(
	side: Running,
	ids: readonly string[],
	{ signal, progress }: { signal: AbortSignal; progress(done: number): void }
): Promise<Blob> {
	const { graph } = side.model;
	const [axes, sizes] = [new Map(graph.nodes.map((node) => [node.id, node.axes])), sized(graph)];
	if (ids.reduce((sum, id) => sum + (sizes.get(id) ?? 0), 0) > MAX_BYTES)
		throw new LabError('The outputs of all these layers take more than 2 GB.', 'Save single layers.');
	const file = new NpzFile('layer');
	let done = 0;
	for await (const part of outputsOf(side, ids, signal)) {
		for (const { id, tensor } of part) {
			const order = axes.get(id);
			const own = order && order.length === tensor.rank ? tf.transpose(tensor, [...order]) : tf.clone(tensor);
			try {
				file.add(id, own.shape, kindOf(own), await bytesOf(own));
			} finally {
				own.dispose();
			}
			progress(++done / ids.length);
		}
	}
	return file.blob();
}
