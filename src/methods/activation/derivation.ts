import type { Derivation } from '#contracts/anatomy.ts';
import { LabError } from '#contracts/errors.ts';
import type { Feeds, Model } from '#contracts/model.ts';
import { operatorOf } from '#engine/model/operators/index.ts';
import { at, type Values } from '#engine/model/rules/derivation.ts';
import * as tf from '#engine/tf.ts';
import { product } from '#maths/product.ts';

/** How one number of a layer was made, from the tensors of a run. */

/** Parts that are listed; the sum is over all. */
const LISTED = 64;

async function read(tensor: tf.Tensor, batched: boolean): Promise<Values> {
	const shape = batched ? tensor.shape.slice(1) : tensor.shape;
	const size = product(shape);
	return { shape, data: Float32Array.from((await tensor.data()).subarray(0, size)) };
}

/**
 * @param position [row, column, channel], or as many indices as the activation has axes without the batch
 * @throws LabError for an operation that is not taken apart here
 */
export async function derive(
	model: Model,
	feeds: Feeds,
	layer: string,
	position: readonly number[]
): Promise<Derivation> {
	const node = model.graph.nodes.find(({ id }) => id === layer);
	const derived = node && operatorOf(node.type).derive;
	if (!node || !derived)
		throw new LabError(
			`How ${node?.type ?? 'this'} computes its values is not shown.`,
			'Choose a convolution, pooling, normalisation or dense layer.',
			{ code: 'refused' }
		);
	const tensors = model.run(feeds, [...node.inputs, layer]);
	try {
		const values = await Promise.all(tensors.map((tensor) => read(tensor, true)));
		const own = values.pop() as Values;
		const weights = await Promise.all(
			node.weights.map(async ({ name, role }) => [role ?? name, await read(model.weight(name), false)] as const)
		);
		const [from] = values as [Values];
		const result = derived({ node, inputs: values, weights: Object.fromEntries(weights), position });
		const strongest = [...result.parts].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum)).slice(0, LISTED);
		return {
			...result,
			layer,
			type: node.type,
			position,
			value: at(own, ...position),
			parts: strongest,
			total: result.parts.length,
			from: node.inputs[0] as string,
			fromShape: from.shape
		};
	} finally {
		tf.dispose(tensors);
	}
}
