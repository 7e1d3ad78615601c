import type { Exported } from '#contracts/export.ts';
import type { Shape } from '#contracts/graph.ts';
import type { Model } from '#contracts/model.ts';
import type { SourceFile } from '#contracts/source.ts';
import { breath } from '#engine/breath.ts';
import { verifiedLayers } from '#engine/model/layers/verified.ts';
import { writtenGraph } from '#engine/model/tracing/graph.ts';
import * as tf from '#engine/tf.ts';
import type { JsonObject } from '#maths/json.ts';
import type { ExportContext, ExportFormat } from '#methods/export.ts';
import { allWeights, storageNotes } from '#methods/weights/all.ts';
import { bytesOf } from '#methods/weights/files.ts';

/** Bytes of a shard, as the TensorFlow.js converter cuts them. */
const SHARD = 4 << 20;

type DataType = 'float32' | 'int32' | 'bool';
type Bytes = Uint8Array<ArrayBuffer>;

interface Weight {
	name: string;
	shape: readonly number[];
	dtype: DataType;
	bytes(): Promise<Bytes>;
}

/** What model.json says beside its weights. */
interface Network {
	json: { format: 'layers-model' | 'graph-model'; modelTopology: JsonObject; signature?: JsonObject };
	weights: readonly Weight[];
	notes: readonly string[];
}

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };
const literal = (dtype: DataType, values: ArrayLike<number>) =>
	new Uint8Array(ARRAYS[dtype].from(values).buffer as ArrayBuffer);

/** A weight of the model under another name. */
function own(model: Model, name: string, from: string): Weight {
	const tensor = model.weight(from);
	return { name, shape: tensor.shape, dtype: tensor.dtype as DataType, bytes: () => bytesOf(tensor) };
}

/** Two rows of small numbers, unlike each other: what any model answers to without a scale of its own. */
function probe({ graph }: Model, sizes: ReadonlyMap<string, Shape>): Record<string, tf.Tensor> {
	const inputs = graph.nodes.filter(({ id }) => graph.inputs.includes(id));
	return Object.fromEntries(
		inputs.map(({ id, shape, dtype }, k) => {
			const full = shape.map((n, axis) => n ?? (axis ? (sizes.get(id)?.[axis] ?? 8) : 2));
			const x = tf.randomUniform(full, 0, dtype === 'float32' ? 1 : 2, 'float32', k + 1);
			return [id, dtype === 'float32' ? x : tf.tidy(() => tf.cast(tf.floor(x), dtype as DataType))];
		})
	);
}

/** Keras layers where it consists of such and TF.js has them all; else why not. */
async function layers({ model, sizes, signal }: ExportContext): Promise<Network | { refusal: string } | null> {
	const form = model.layers?.();
	if (!form) return null;
	await breath(signal);
	const feeds = probe(model, sizes);
	const found = await verifiedLayers(model, form, feeds).finally(() => tf.dispose(feeds));
	if ('refusal' in found) return found;
	return {
		json: { format: 'layers-model', modelTopology: found.topology },
		weights: found.weights.map(({ name, from }) => own(model, name, from)),
		notes: [`Saved as Keras layers (tf.loadLayersModel), ${found.weights.length} weights.`]
	};
}

async function graph({ model, sizes, signal }: ExportContext, why: string | null): Promise<Network> {
	const { topology, signature, weights, notes } = await writtenGraph(model, sizes, signal);
	const count = (topology['node'] as unknown[]).length;
	return {
		json: { format: 'graph-model', modelTopology: topology, signature },
		weights: weights.map(({ name, shape, dtype, values, from }) =>
			from === null
				? { name, shape, dtype, bytes: () => Promise.resolve(literal(dtype, values ?? [])) }
				: own(model, name, from)
		),
		notes: [`Saved as a graph of ${count} nodes (tf.loadGraphModel)${why ? `, as ${why}` : ''}.`, ...notes]
	};
}

/** model.json, and the weights one behind the other in shards. */
async function files({ json, weights }: Network, { signal, progress }: ExportContext): Promise<SourceFile[]> {
	const parts: Bytes[] = [];
	for (const [k, weight] of weights.entries()) {
		await breath(signal);
		parts.push(await weight.bytes());
		progress(0.2 + (0.8 * (k + 1)) / weights.length);
	}
	const all = new Blob(parts, { type: 'application/octet-stream' });
	const count = Math.max(1, Math.ceil(all.size / SHARD));
	const shards = Array.from({ length: count }, (_, k) => ({
		path: `group1-shard${k + 1}of${count}.bin`,
		blob: all.slice(k * SHARD, (k + 1) * SHARD)
	}));
	const manifest = {
		paths: shards.map(({ path }) => path),
		weights: weights.map(({ name, shape, dtype }) => ({ name, shape, dtype }))
	};
	const text = JSON.stringify({ ...json, generatedBy: 'Vitrine', convertedBy: null, weightsManifest: [manifest] });
	return [{ path: 'model.json', blob: new Blob([text], { type: 'application/json' }) }, ...shards];
}

const tfjs: ExportFormat = {
	id: 'tfjs',
	title: 'TF.js model (.zip)',
	order: 10,
	note: 'model.json with its weights: Keras layers where TF.js has them all, else a graph. It opens here and in TF.js.',
	refusal: ({ obstacle }) =>
		obstacle ? `The model does not run here: ${obstacle.message} Its weights and its structure can be saved.` : null,
	async write(context): Promise<Exported> {
		const { model, labels, progress } = context;
		const found = await layers(context);
		progress(0.1);
		const network = found && 'json' in found ? found : await graph(context, found?.refusal ?? null);
		const saved = await files(network, context);
		// As JSON: names that are digits, or hold commas, are still names.
		const text = JSON.stringify(labels ?? []);
		const names = labels ? [{ path: 'labels.json', blob: new Blob([text], { type: 'application/json' }) }] : [];
		return { files: [...saved, ...names], notes: [...network.notes, ...storageNotes(allWeights(model))] };
	}
};

export default tfjs;
