import type { WeightInfo } from '#contracts/graph.ts';
import { holding, type Model } from '#contracts/model.ts';
import type { WeightFormat } from '#contracts/weights.ts';
import { breath } from '#engine/breath.ts';
import type * as tf from '#engine/tf.ts';
import { npyHeader } from '#maths/npy.ts';
import { safetensorsHeader, type TensorEntry } from '#maths/safetensors.ts';
import { NpzFile } from '#methods/npz-file.ts';

/** Weights as files that others read: .npy, .npz (NumPy) and safetensors. */

type Named = { name: string } & (
	| {
			/** Stays its owner's. */
			tensor: tf.Tensor;
			hold?: undefined;
	  }
	| {
			tensor: Pick<tf.Tensor, 'shape' | 'dtype'>;
			/** Gives it for as long as it is used. */
			hold(use: (tensor: tf.Tensor) => Promise<Bytes>): Promise<Bytes>;
	  }
);

/** A weight of a model as a file takes it, wherever it lies. */
export const weightOf = (model: Pick<Model, 'weight' | 'hold'>, { name, shape, dtype }: WeightInfo): Named => ({
	name,
	tensor: { shape: [...shape], dtype: dtype as tf.DataType },
	hold: (use) => holding(model, name, use)
});

interface Outlets {
	signal: AbortSignal;
	progress(done: number): void;
}

type Bytes = Uint8Array<ArrayBuffer>;

export const kindOf = ({ dtype }: Pick<tf.Tensor, 'dtype'>): TensorEntry['dtype'] =>
	dtype === 'int32' || dtype === 'bool' ? dtype : 'float32';

/** A copy of its own: the engine may keep what data() gives. */
export async function bytesOf(tensor: tf.Tensor): Promise<Bytes> {
	const values = await tensor.data();
	return new Uint8Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength) as ArrayBuffer);
}

export async function weightFile(weights: readonly Named[], format: WeightFormat, outlets: Outlets): Promise<Blob> {
	const parts: Bytes[] = [];
	const each = async (list: readonly Named[], put: (bytes: Bytes, weight: Named) => void) => {
		for (const [k, weight] of list.entries()) {
			await breath(outlets.signal);
			put(await (weight.hold ? weight.hold(bytesOf) : bytesOf(weight.tensor)), weight);
			outlets.progress((k + 1) / list.length);
		}
	};
	if (format === 'safetensors') {
		const entries = weights.map(({ name, tensor }) => ({ name, shape: tensor.shape, dtype: kindOf(tensor) }));
		const { head, order } = safetensorsHeader(entries, { format: 'tf', writer: 'Vitrine' });
		const named = new Map(weights.map((weight) => [weight.name, weight]));
		parts.push(head);
		await each(
			order.map(({ name }) => named.get(name) as Named),
			(bytes) => parts.push(bytes)
		);
		return new Blob(parts, { type: 'application/octet-stream' });
	}
	if (format === 'npy') {
		await each(weights.slice(0, 1), (bytes, { tensor }) => parts.push(npyHeader(tensor.shape, kindOf(tensor)), bytes));
		return new Blob(parts, { type: 'application/octet-stream' });
	}
	const file = new NpzFile('weight');
	await each(weights, (bytes, { name, tensor }) => file.add(name, tensor.shape, kindOf(tensor), bytes));
	return file.blob();
}
