import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GraphNode } from '#contracts/graph.ts';
import type { GraphFile } from '#contracts/graph-file.ts';
import type { LoadedModel } from '#contracts/loader.ts';
import type { Model } from '#contracts/model.ts';
import type { SourceFile } from '#contracts/source.ts';
import { isOwn } from '#engine/model/layers/registered.ts';
import { parameterCount } from '#engine/model/inspect.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { exportFormats, type ExportContext } from '#methods/export.ts';
import { zipped } from '#state/opening/zipped.ts';
import { expectClose } from '../close.ts';
import { sourceOf, samples } from '../loaders/samples.ts';
import { useBackend } from '../tools/backends.ts';
import { loadContext } from '../tools/files.ts';
import { largeOnnx } from '../tools/large-onnx.ts';
import { fixesBatch, inputsOf, openSizes, plain, running, RUNNING } from '../tools/running-models.ts';

/** What is saved opens again as the same, here and where others open it. */

beforeAll(() => useBackend('wasm'));

function context({ model }: LoadedModel, change: Partial<ExportContext> = {}): ExportContext {
	const signal = new AbortController().signal;
	return { model, title: 'saved', labels: null, sizes: openSizes(model), signal, progress: () => {}, ...change };
}
const write = (format: string, given: ExportContext) => exportFormats.get(format)!.write(given);

/** model.json and its shards as one of TF.js's own loaders reads them. */
async function artifacts(files: readonly SourceFile[]) {
	const read = async (path: string) => files.find((file) => file.path === path)!.blob;
	const json = JSON.parse(await (await read('model.json')).text()) as {
		format: string;
		modelTopology: object;
		signature: object;
		weightsManifest: { paths: string[]; weights: { name: string; shape: number[]; dtype: 'float32' }[] }[];
	};
	const [{ paths, weights }] = json.weightsManifest as [(typeof json.weightsManifest)[0]];
	const weightData = await new Blob(await Promise.all(paths.map(read))).arrayBuffer();
	return { ...json, weightSpecs: weights, weightData };
}

/** Formats in which each is to be saved: what consists of layers that TF.js has stays so. */
const AS_LAYERS = /^models\/|^same-(inner|name)|^nan|^percent|^sequential-1|^keras-h5: old|^tfjs-layers/;

describe('a model saved as TF.js files', () => {
	it.each(RUNNING)('%s opens again as the same function, here and in TF.js', async (name, source) => {
		const loaded = await running(source());
		const { model } = loaded;
		const before = tf.memory().numTensors;
		const { files, notes } = await write('tfjs', context(loaded));
		expect(tf.memory().numTensors).toBe(before);
		const read = await artifacts(files);
		if (AS_LAYERS.test(name)) expect([name, read.format, notes]).toEqual([name, 'layers-model', notes]);
		const zip = { name: 'saved', files: [{ path: 'saved.zip', blob: await zipped(files) }] };
		const again = await openSource(zip, loadContext());
		expect(again.model.obstacle).toBeNull();
		const handler = { load: () => Promise.resolve(read as never) };
		// TF.js knows no layers of the lab's.
		const classes = JSON.stringify(read.modelTopology).matchAll(/"class_name":"(\w+)"/g);
		expect([...classes].filter(([, own]) => isOwn(own!))).toEqual([]);
		const theirs = read.format === 'layers-model' ? await loadLayersModel(handler) : await loadGraphModel(handler);
		for (const rows of fixesBatch(model) ? [1] : [1, 3]) {
			const inputs = inputsOf(model, rows);
			const values = model.graph.inputs.map((id) => inputs[id]!);
			const expected = await plain(model.run(inputs, model.graph.outputs));
			const own = Object.fromEntries(again.model.graph.inputs.map((id, k) => [id, values[k]!]));
			const mine = await plain(again.model.run(own, again.model.graph.outputs));
			const given = 'layers' in theirs ? theirs.predict(values) : (theirs as GraphModel).predict(inputs);
			const other = await plain([given].flat() as tf.Tensor[]);
			for (const [k, { shape, data }] of expected.entries())
				for (const found of [mine[k]!, other[k]!]) {
					expect(found.shape).toEqual(shape);
					expectClose({ data: found.data }, { data }, { rtol: 1e-6, atol: 1e-6 });
				}
		}
		model.dispose();
		again.model.dispose();
		theirs.dispose();
	});

	const sample = async (id: string, name: string) => running(sourceOf(await samples.get(id)!.files[name]!()));

	it('says what it is, what it was, and how weights were stored', async () => {
		const loaded = await sample('tfjs-graph', 'convolutional');
		const { graph, bytes, obstacle } = loaded.model;
		const half = ({ weights, ...node }: GraphNode) => ({ ...node, weights: weights.map((w) => ({ ...w, stored: 'float16' })) }); // prettier-ignore
		const model: Model = {
			...{ bytes, obstacle, graph: { ...graph, nodes: graph.nodes.map(half) } },
			run: (feeds, fetches, options) => loaded.model.run(feeds, fetches, options),
			weight: (name) => loaded.model.weight(name),
			dispose: () => {}
		};
		const { notes } = await write('tfjs', context(loaded, { model }));
		expect(notes[0]).toMatch(/^Saved as a graph of \d+ nodes \(tf\.loadGraphModel\)\.$/);
		expect(notes).toContain('Weights that the file stores as float16 are written as float32.');
		loaded.model.dispose();
	});

	it('names the layer that TF.js has not, and writes a graph', async () => {
		const loaded = await sample('keras-v3', 'transformer');
		const { notes } = await write('tfjs', context(loaded));
		expect(notes[0]).toMatch(/^Saved as a graph of .+, as TF\.js has no layer /);
		loaded.model.dispose();
	});

	it('takes the names of classes along, which open again', async () => {
		const loaded = await sample('tfjs-layers', 'depthwise');
		const [last] = loaded.model.graph.nodes.slice(-1);
		const labels = Array.from({ length: last!.shape.at(-1)! }, (_, k) => (k % 2 ? `${k}` : `a, ${k}`));
		const { files } = await write('tfjs', context(loaded, { labels }));
		const again = await openSource({ name: 'saved', files }, loadContext());
		expect(again.labels).toEqual(labels);
		loaded.model.dispose();
		again.model.dispose();
	});

	it('ends when it is cancelled, and leaves nothing behind', async () => {
		const loaded = await sample('onnx', 'convolutional');
		const before = tf.memory().numTensors;
		const abort = new AbortController();
		const progress = () => abort.abort();
		await expect(write('tfjs', context(loaded, { signal: abort.signal, progress }))).rejects.toThrow();
		expect(tf.memory().numTensors).toBe(before);
		loaded.model.dispose();
	});
});

describe('weights and structure', () => {
	it.each(['safetensors', 'npz'])('%s: every weight under its own name', async (format) => {
		for (const [, source] of RUNNING.slice(3, 16)) {
			const loaded = await running(source());
			const { files, notes } = await write(format, context(loaded));
			const again = await openSource({ name: 'saved', files }, loadContext());
			const names = new Set(loaded.model.graph.nodes.flatMap(({ weights }) => weights.map(({ name }) => name)));
			expect(names.size).toBeGreaterThan(0);
			const renamed = format === 'npz' && [...names].some((name) => name.includes(':'));
			expect(notes.join()).toMatch(renamed ? /Colons in names/ : /^(?!.*Colons)/);
			const rooted = format === 'npz' && [...names].some((name) => name.startsWith('/'));
			expect(notes.join()).toMatch(rooted ? /begin with “\/”/ : /^(?!.*begin with)/);
			for (const name of names) {
				const [a, b] = await plain([
					loaded.model.weight(name),
					again.model.weight(format === 'npz' ? name.replaceAll(':', '_').replace(/^\//, '') : name)
				]);
				expect(b).toEqual(a);
			}
			loaded.model.dispose();
			again.model.dispose();
		}
	});

	it.each(['safetensors', 'npz'])('%s: also of weights that still lie in their file', async (format) => {
		const files = [{ path: 'large.onnx', blob: largeOnnx({ layers: 3, width: 128 }) }];
		const [waiting, whole] = await Promise.all(
			[true, false].map((later) => openSource({ name: 'large', files }, loadContext({ later })))
		);
		expect(waiting!.model.unread).toBe(3 * 4 * 128 * 128);
		expect(exportFormats.get('tfjs')!.refusal(waiting!.model)).toMatch(/weights are being read/);
		const [a, b] = await Promise.all([waiting, whole].map((one) => write(format, context(one!))));
		expect(await a!.files[0]!.blob.arrayBuffer()).toEqual(await b!.files[0]!.blob.arrayBuffer());
		waiting!.model.dispose();
		whole!.model.dispose();
	});

	it('structure: a versioned file of all nodes, without numbers', async () => {
		const loaded = await running(RUNNING[0]![1]());
		const { files } = await write('structure', context(loaded));
		const file = JSON.parse(await files[0]!.blob.text()) as GraphFile;
		const { graph } = loaded.model;
		expect(file).toMatchObject({ format: 'vitrine-graph', version: 1, title: 'saved', outputs: graph.outputs });
		expect(file.nodes.map(({ id }) => id)).toEqual(graph.nodes.map(({ id }) => id));
		expect(file.parameters).toBe(parameterCount(graph));
		expect(Object.keys(file.operators).sort()).toEqual([...graph.operators.keys()].sort());
		loaded.model.dispose();
	});

	it('each format says of what it is none', async () => {
		const [bag, cut] = [await sampleOf('safetensors'), await sampleOf('tfjs-weights')];
		for (const { model } of [bag, cut]) {
			const refusals = Object.fromEntries([...exportFormats].map(([id, { refusal }]) => [id, refusal(model)]));
			expect(refusals['tfjs']).toMatch(/does not run here/);
			expect(refusals['structure']).toMatch(/weights only/);
			expect(refusals['safetensors']).toBeNull();
			model.dispose();
		}
	});
	const sampleOf = async (id: string) => running(sourceOf(await Object.values(samples.get(id)!.files)[0]!()));
});
