import { decoded } from '#contracts/decode.ts';
import { LabError } from '#contracts/errors.ts';
import type { InputSpec } from '#contracts/compute.ts';
import { isWhole } from '#contracts/inputs.ts';
import type { Feeds } from '#contracts/model.ts';
import type { ActivationRowsApi, RowsInfo } from '#contracts/projection.ts';
import { breath } from '#engine/breath.ts';
import { prepareImage } from '#engine/image.ts';
import { tensorEngine, type RowCollector } from '#engine/projection/tensor-engine.ts';
import * as tf from '#engine/tf.ts';
import type { RowStore } from '#workers/compute/projection.ts';
import type { Session } from '#workers/compute/session.ts';
import { Transferred, type Served } from '#workers/rpc.ts';

/** What the open model makes of many inputs: activations as rows, and its predictions. */

export type Inputs = readonly Blob[] | Float32Array;
export type Turn = <T>(signal: AbortSignal, job: () => Promise<T>) => Promise<T>;

/** Milliseconds between two reports. */
const FRAME = 80;

export interface Outlets {
	signal: AbortSignal;
	progress(value: unknown): void;
}

export function activationRows(opened: () => Session, rowStore: RowStore, together: Turn): Served<ActivationRowsApi> {
	return {
		holdActivations: (layer, pooling, inputs, context) =>
			together(context.signal, async (): Promise<RowsInfo> => {
				let collector: RowCollector | null = null;
				let width = 0;
				const count = inputCount(opened(), inputs);
				try {
					const run = (session: Session, feeds: Feeds) =>
						pooled((session.model.run(feeds, [layer]) as [tf.Tensor])[0], pooling, layer);
					await batched(opened(), inputs, context, run, async (batch) => {
						width = batch.shape[1];
						collector ??= await tensorEngine().collect(count, width);
						await collector.add(batch);
					});
					if (!collector) throw new LabError('There are no inputs.');
					const rows = await (collector as RowCollector).rows();
					return { handle: rowStore.keep(rows), count: rows.count, width };
				} catch (error) {
					(collector as RowCollector | null)?.drop();
					throw error;
				}
			}),

		async readRows(handle) {
			const values = (await rowStore.rows(handle).values()).slice();
			return new Transferred(values, [values.buffer]);
		},

		predictAll: (inputs, context) =>
			together(context.signal, async () => {
				const predictions = await predictionsFor(opened(), inputs, context);
				return new Transferred(predictions, [predictions.scores.buffer]);
			}),

		similarities: (output, inputs, context) =>
			together(context.signal, async () => {
				const found = await similarities(opened(), output, inputs, context);
				return new Transferred(found, [found.buffer]);
			})
	};
}

/** What the first head of classes predicts, else the first, count x classes. */
export async function predictionsFor(session: Session, inputs: Inputs, context: Outlets) {
	const head = session.heads.find(({ kind }) => kind === 'classes') ?? session.heads[0];
	if (!head) throw new LabError('The model has no output that holds numbers.');
	const parts: Float32Array[] = [];
	let classes = 0;
	const run = (_: Session, feeds: Feeds) => session.outputs(head, feeds);
	await batched(session, inputs, context, run, async (outputs) => {
		classes = outputs.shape[1];
		parts.push(Float32Array.from(await outputs.data()));
	});
	const scores = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
	let next = 0;
	for (const part of parts) {
		scores.set(part, next);
		next += part.length;
	}
	return { scores, classes };
}

/** Cosines of angles between an output for what is fed and for each input: one number of each comes back. */
async function similarities(session: Session, output: string, inputs: Inputs, context: Outlets) {
	const head = session.head(output);
	const found = new Float32Array(inputCount(session, inputs));
	const unit = (rows: tf.Tensor2D) => tf.div<tf.Tensor2D>(rows, tf.norm(rows, 'euclidean', 1, true));
	const own = tf.tidy(() => unit(session.outputs(head, session.feeds(session.explained().tensor))));
	let next = 0;
	try {
		const run = (_: Session, feeds: Feeds) =>
			tf.sum(tf.mul(unit(session.outputs(head, feeds)), own), 1, true) as tf.Tensor2D;
		await batched(session, inputs, context, run, async (cosines) => {
			found.set(await cosines.data(), next);
			next += cosines.shape[0];
		});
		return found;
	} finally {
		own.dispose();
	}
}

/** [batch, width]: positions pooled or laid end to end. */
function pooled(values: tf.Tensor, pooling: 'mean' | 'max' | 'flat', layer: string): tf.Tensor2D {
	const batch = values.shape[0];
	if (values.rank < 2 || !batch)
		throw new LabError(`The layer “${layer}” has no row per input.`, '', { code: 'refused' });
	const spatial = values.shape.map((_, axis) => axis).slice(1, -1);
	if (pooling === 'flat' || !spatial.length) return tf.reshape(values, [batch, -1]) as tf.Tensor2D;
	return (pooling === 'mean' ? tf.mean(values, spatial) : tf.max(values, spatial)) as tf.Tensor2D;
}

/** The explained input, which takes these; the others stay as they are. */
export function inputFor({ explainedSpec: input }: Session, given: Inputs): InputSpec {
	const image = !(given instanceof Float32Array);
	if (!input || (image ? input.kind !== 'image' : isWhole(input)))
		throw new LabError(image ? 'The model takes no image.' : 'The model takes no rows of numbers.', '', {
			code: 'refused'
		});
	return input;
}

/** Numbers of one item of an input of rows. */
export function itemSize({ id, shape }: InputSpec): number {
	const size = shape.slice(1).reduce<number>((product, n) => product * (n ?? NaN), 1);
	if (!Number.isFinite(size)) throw new LabError(`The input “${id}” has no fixed size.`, '', { code: 'refused' });
	return size;
}

function inputCount(session: Session, inputs: Inputs): number {
	if (!(inputs instanceof Float32Array)) return inputs.length;
	const input = inputFor(session, inputs);
	const size = itemSize(input);
	if (inputs.length % size)
		throw new LabError(`The input “${input.id}” takes ${size} numbers per row.`, '', { code: 'refused' });
	return inputs.length / size;
}

/** Feeds the inputs in batches; a fixed batch is filled up with copies, which are cut off again. */
async function batched(
	session: Session,
	inputs: Inputs,
	{ signal, progress }: Outlets,
	run: (session: Session, feeds: Feeds) => tf.Tensor2D,
	take: (output: tf.Tensor2D) => Promise<void>
): Promise<void> {
	const input = inputFor(session, inputs);
	const count = inputCount(session, inputs);
	const fixed = typeof input.shape[0] === 'number' && input.shape[0] > 0;
	let last = 0;
	for (let first = 0; first < count; first += session.batch) {
		await breath(signal);
		const kept = Math.min(session.batch, count - first);
		const items = Array.from({ length: fixed ? session.batch : kept }, (_, i) => Math.min(first + i, count - 1));
		const batch =
			inputs instanceof Float32Array ? batchOf(inputs, input, items) : await images(session, inputs, input, items);
		try {
			const output = tf.tidy(() => {
				// Other inputs of the model stay as they were fed.
				const feeds = session.inputs.length === 1 ? { [input.id]: batch } : session.feeds(batch);
				return tf.slice(run(session, feeds), [0, 0], [kept, -1]);
			});
			await take(output).finally(() => output.dispose());
		} finally {
			batch.dispose();
		}
		const now = performance.now();
		if (now - last < FRAME) continue;
		last = now;
		progress({ done: (first + kept) / count });
	}
}

function batchOf(values: Float32Array, input: InputSpec, items: readonly number[]): tf.Tensor {
	const size = itemSize(input);
	const batch = new Float32Array(items.length * size);
	items.forEach((item, i) => batch.set(values.subarray(item * size, (item + 1) * size), i * size));
	return tf.tensor(batch, [items.length, ...(input.shape.slice(1) as number[])]);
}

/** As the model takes them: a batch. */
export async function images(
	session: Session,
	blobs: readonly Blob[],
	input: InputSpec,
	items: readonly number[]
): Promise<tf.Tensor> {
	const preprocessing = session.preprocessingOf(input.id);
	if (!preprocessing) throw new LabError('The preprocessing of images is unknown for this model.');
	const prepared: tf.Tensor[] = [];
	try {
		for (const item of items) {
			const bitmap = await decoded(blobs[item] as Blob).catch(() => {
				throw new LabError(`Image ${item + 1} cannot be read.`, 'Leave it out.', { code: 'refused' });
			});
			try {
				prepared.push(prepareImage(bitmap, preprocessing, input.shape).tensor);
			} finally {
				bitmap.close();
			}
		}
		return tf.concat(prepared, 0);
	} finally {
		tf.dispose(prepared);
	}
}
