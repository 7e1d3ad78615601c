import { LabError, throwIfAborted } from '#contracts/errors.ts';
import type { LoadContext, LoadedModel } from '#contracts/loader.ts';
import type { Obstacle } from '#contracts/model.ts';
import { baseName, type Source, type SourceFile } from '#contracts/source.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import type { JsonObject } from '#maths/json.ts';
import { bundleEntries, isSound, type BundleEntry } from '#loaders/tensorflow/bundle.ts';
import { graphDef, type GraphDef } from '#loaders/tensorflow/graph-def.ts';
import { inlined } from '#loaders/tensorflow/inlining.ts';
import { rawWeight, runningType, shapeOf, typeName } from '#loaders/tensorflow/tensors.ts';
import { checkpointKeys } from '#loaders/tensorflow/variables.ts';
import { bytesField, decoded, mapEntry, readMessage, textField, wholeField } from '#loaders/tensorflow/wire.ts';
import { VARIABLES, writtenGraph } from '#loaders/tensorflow/written.ts';
import { product } from '#maths/product.ts';

/** A SavedModel: graph and signatures (saved_model.proto, meta_graph.proto), variables in a checkpoint beside it. */

interface Info {
	name: string;
	type: number;
	shape: number[] | null;
}
interface Signature {
	inputs: Map<string, Info>;
	outputs: Map<string, Info>;
}
interface MetaGraph {
	graph: GraphDef;
	signatures: Map<string, Signature>;
}

const info = (bytes: Uint8Array): Info =>
	readMessage(bytes, { name: '', type: 0, shape: null } as Info, {
		1: textField((into, value) => (into.name = value)),
		2: wholeField((into, value) => (into.type = value)),
		3: bytesField((into, value) => (into.shape = shapeOf(value)))
	});
const put = (map: Map<string, Info>, bytes: Uint8Array) => {
	const { key, value } = mapEntry(bytes);
	map.set(key, info(value));
};
const signature = (bytes: Uint8Array): Signature =>
	readMessage(bytes, { inputs: new Map(), outputs: new Map() } as Signature, {
		1: bytesField((into, value) => put(into.inputs, value)),
		2: bytesField((into, value) => put(into.outputs, value))
	});

function metaGraphs(bytes: Uint8Array): MetaGraph[] {
	const found: MetaGraph[] = [];
	readMessage(bytes, found, {
		2: bytesField((into, value) =>
			into.push(
				readMessage(value, { graph: { nodes: [], functions: new Map() }, signatures: new Map() } as MetaGraph, {
					2: bytesField((own, graph) => (own.graph = graphDef(graph))),
					5: bytesField((own, entry) => {
						const { key, value: signatureDef } = mapEntry(entry);
						own.signatures.set(key, signature(signatureDef));
					})
				})
			)
		)
	});
	return found;
}

/** The signature that serves; else the first that gives something. */
function serving(graphs: readonly MetaGraph[], file: string): { graph: GraphDef; signature: Signature } {
	const all = graphs.flatMap(({ graph, signatures }) =>
		[...signatures].map(([name, own]) => ({ name, graph, signature: own }))
	);
	const useful = all.filter(({ name, signature: own }) => own.outputs.size && !name.startsWith('__'));
	const found = useful.find(({ name }) => name === 'serving_default') ?? useful[0];
	if (!found)
		throw new LabError(
			`“${file}” has no signature that says what goes in and what comes out.`,
			'Save the model with its signatures (model.export, or tf.saved_model.save with a tf.function).'
		);
	return found;
}

interface Variables {
	of(name: string): StoredWeight | null;
	missing: readonly string[];
}

/** Files that belong to it: its variables and what lies beside them. */
export function filesOf({ files }: Source, model: SourceFile): SourceFile[] {
	const folder = model.path.slice(0, model.path.length - baseName(model.path).length);
	return files.filter(
		({ path }) =>
			path === model.path ||
			path.startsWith(`${folder}variables/`) ||
			path.startsWith(`${folder}assets/`) ||
			/^(variables\.(index|data-\d+-of-\d+)|keras_metadata\.pb|fingerprint\.pb)$/.test(baseName(path))
	);
}

async function variables(source: Source, model: SourceFile, graph: GraphDef, context: LoadContext): Promise<Variables> {
	const files = filesOf(source, model);
	const named = (name: RegExp) => files.find(({ path }) => name.test(baseName(path)));
	const index = named(/^variables\.index$/);
	if (!index) return { of: () => null, missing: ['variables/variables.index'] };
	const entries = await bundleEntries(index);
	const keys = decoded(model.path, () => checkpointKeys(graph));
	const kept = new Map<string, StoredWeight>();
	const missing = new Set<string>();
	const requested = graph.nodes.flatMap((node): [string, BundleEntry][] => {
		if (!VARIABLES.has(node.op)) return [];
		const shared = new TextDecoder().decode(node.attributes.get('shared_name')?.s) || node.name;
		const guesses = [keys.get(node.name), shared, `${shared}/.ATTRIBUTES/VARIABLE_VALUE`];
		const entry = guesses.map((key) => entries.get(key ?? '')).find((one) => one !== undefined);
		return entry ? [[node.name, entry]] : [];
	});
	const bytes = requested.map(([, { shape }]) => 4 * product(shape));
	context.checkSize(
		bytes.reduce((sum, n) => sum + n, 0),
		bytes.reduce((max, n) => Math.max(max, n), 0)
	);
	for (const [name, entry] of requested) {
		throwIfAborted(context.signal);
		const { type, shape, shard, offset, size } = entry;
		const shardName = new RegExp(`^variables\\.data-0*${shard}-of-\\d+$`);
		const dtype = runningType(type);
		if (!dtype) continue;
		const file = named(shardName);
		const sound = isSound(entry) && (!file || offset + size <= file.blob.size);
		if (!sound)
			throw new LabError(
				`The variable “${name}” lies beyond the end of “${file?.path ?? index.path}”.`,
				'A file was cut short: copy or download it again.'
			);
		if (!file) {
			missing.add(`variables/variables.data-${String(shard).padStart(5, '0')}-of-…`);
			kept.set(name, { shape, dtype, values: null, ...(typeName(type) === dtype ? {} : { stored: typeName(type) }) });
		} else {
			const part = new Uint8Array(await file.blob.slice(offset, offset + size).arrayBuffer());
			kept.set(
				name,
				decoded(file.path, () => rawWeight(type, shape, part))
			);
		}
	}
	return { of: (name) => kept.get(name) ?? null, missing: [...missing] };
}

const missingFiles = (missing: readonly string[]): Obstacle => ({
	kind: 'weights',
	message: `The weights are missing: ${missing.map((name) => `“${name}”`).join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not among the files.`,
	hint: 'Open the whole folder of the model, with its folder “variables”.',
	nodes: []
});

const described = (infos: ReadonlyMap<string, Info>, names: readonly string[]): JsonObject =>
	Object.fromEntries(
		[...infos.values()].map(({ shape }, i): [string, JsonObject] => {
			const name = names[i] ?? '';
			const dim = shape?.map((size) => ({ size: String(size) }));
			return [`${i}`, dim ? { name, tensorShape: { dim } } : { name }];
		})
	);

/** @param file saved_model.pb */
export async function loadSavedModel(source: Source, file: SourceFile, context: LoadContext): Promise<LoadedModel> {
	context.progress(0.1, 'Reading the model');
	const bytes = new Uint8Array(await file.blob.arrayBuffer());
	const { graph, signature: own } = decoded(file.path, () => serving(metaGraphs(bytes), file.path));
	const inputs = [...own.inputs.values()].map(({ name }) => name);
	const outputs = [...own.outputs.values()].map(({ name }) => name);
	const { nodes, references } = inlined(graph, [...inputs, ...outputs]);
	const held = nodes.some(({ op }) => VARIABLES.has(op));
	context.progress(0.4, 'Reading the weights');
	const { of, missing } = held ? await variables(source, file, graph, context) : { of: () => null, missing: [] };
	const { node, weights } = decoded(file.path, () => writtenGraph(nodes, of));
	context.progress(0.7, 'Building the network');
	const { graphModel } = await import('#engine/model/graph/model.ts');
	throwIfAborted(context.signal);
	const model = graphModel({
		topology: { node },
		signature: {
			inputs: described(own.inputs, references.slice(0, inputs.length)),
			outputs: described(own.outputs, references.slice(inputs.length))
		},
		weights,
		inputShape: context.inputShape,
		obstacle: missing.length ? missingFiles(missing) : null
	});
	return { model, format: 'TensorFlow SavedModel', warnings: [] };
}
