import { GraphModel } from '@tensorflow/tfjs-converter';
import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '#contracts/model.ts';
import type { Source } from '#contracts/source.ts';
import { graphModel } from '#engine/model/graph/model.ts';
import { writtenGraph, type WrittenGraph } from '#engine/model/tracing/graph.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { loaders } from '#loaders/registry.ts';
import { expectClose } from '../../../close.ts';
import { samples, sourceOf } from '../../../loaders/samples.ts';
import { useBackend } from '../../../tools/backends.ts';
import { folderSource, loadContext } from '../../../tools/files.ts';
import { hash01 } from '../../../tools/hash01.ts';
import { storedCase } from '../../../tools/stored-case.ts';

/** Every model that the project has, written as a graph: what the lab and TF.js read of it is the same function. */

beforeAll(() => useBackend('cpu'));

const { signal } = new AbortController();

const folders = (path: string) => readdirSync(path).map((name) => `${path}/${name}`);
const cases: [string, () => Promise<Source> | Source][] = [
	...['digits', 'photos', 'shortcut'].map((name): [string, () => Source] => [
		`models/${name}`,
		() => folderSource(`models/${name}`, (path) => /model\.(json|bin)$/.test(path))
	]),
	...folders('test/cases/models').map((path): [string, () => Source] => [path, () => folderSource(path)]),
	...['functional.h5', 'sequences.keras', 'sequential-1.h5', 'transformer.keras'].map(
		(name): [string, () => Promise<Source>] => [
			name,
			async () => sourceOf({ [name]: await storedCase(`keras/${name}`) })
		]
	),
	...[...samples].flatMap(([id, { files }]) =>
		loaders.has(id)
			? Object.entries(files).map(([name, make]): [string, () => Promise<Source>] => [
					`${id}: ${name}`,
					async () => sourceOf(await make())
				])
			: []
	)
];

const weightsOf = async (model: Model, { weights }: WrittenGraph) =>
	Promise.all(
		weights.map(async ({ name, shape, dtype, values, from }) => {
			const data = values ?? (await model.weight(from!).data());
			return { name, shape: [...shape], dtype, values: Float32Array.from(data as ArrayLike<number>) };
		})
	);

const typed = (dtype: string, values: Float32Array) =>
	dtype === 'float32' ? values : dtype === 'int32' ? Int32Array.from(values) : Uint8Array.from(values);

/** Numbers that no symmetry hides; whole ones for indices. */
function fed(model: Model, rows: number): Record<string, tf.Tensor> {
	const inputs = model.graph.nodes.filter(({ id }) => model.graph.inputs.includes(id));
	return Object.fromEntries(
		inputs.map(({ id, shape, dtype }, k) => {
			const full = shape.map((n, axis) => n ?? (axis ? 5 : rows));
			const size = full.reduce((n, m) => n * m, 1);
			const values = Array.from({ length: size }, (_, i) => hash01(i + 977 * k));
			return [id, dtype === 'float32' ? tf.tensor(values, full) : tf.tensor(values.map((v) => Math.floor(2 * v)), full, dtype as 'int32')]; // prettier-ignore
		})
	);
}

const plain = async (tensors: readonly tf.Tensor[]) =>
	Promise.all(tensors.map(async (y) => ({ shape: y.shape, data: Float32Array.from(await y.data()) })));

async function opened(source: Source): Promise<Model | null> {
	try {
		const { model } = await openSource(source, loadContext({ inputShape: [32, 32, 3] }));
		if (!model.obstacle) return model;
		model.dispose();
	} catch {
		// Refused by its loader, which is another test's.
	}
	return null;
}

async function readByTfjs({ topology, signature }: WrittenGraph, weights: Awaited<ReturnType<typeof weightsOf>>) {
	const parts = weights.map(({ dtype, values }) => new Uint8Array(typed(dtype, values).buffer as ArrayBuffer));
	const weightData = await new Blob(parts).arrayBuffer();
	const specs = weights.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
	const read = new GraphModel({
		load: () => ({ modelTopology: topology, signature, weightSpecs: specs, weightData, format: 'graph-model' }) as never
	} as never);
	await read.load();
	return read;
}

describe('a model as a TensorFlow graph', () => {
	it.each(cases)('%s: the same function to the lab and to TF.js', async (_, source) => {
		const model = await opened(await source());
		if (!model) return;
		const sizes = new Map(model.graph.nodes.map(({ id, shape }) => [id, shape.map((n) => n ?? 5)]));
		const before = tf.memory().numTensors;
		const written = await writtenGraph(model, sizes, signal);
		expect(tf.memory().numTensors).toBe(before);
		const weights = await weightsOf(model, written);
		const stored = weights.map(({ name, shape, dtype, values }) => {
			return [name, { shape, dtype, values: typed(dtype, values) }] as const;
		});
		const again = graphModel({ ...written, weights: new Map(stored) });
		expect(again.obstacle).toBeNull();
		const byTfjs = await readByTfjs(written, weights);
		const fixed = model.graph.nodes.some(({ id, shape }) => model.graph.inputs.includes(id) && shape[0] !== null);
		for (const rows of fixed || written.notes.length ? [1] : [1, 3]) {
			const inputs = fed(model, rows);
			const expected = await plain(model.run(inputs, model.graph.outputs));
			const renamed = Object.fromEntries(Object.keys(inputs).map((id) => [id, id.replace(/[:^]/g, '_')]));
			const mine = await plain(
				again.run(Object.fromEntries(Object.entries(inputs).map(([id, x]) => [renamed[id]!, x])), again.graph.outputs)
			);
			const theirs = await plain([byTfjs.predict(inputs)].flat() as tf.Tensor[]);
			for (const [k, { shape, data }] of expected.entries()) {
				for (const found of [mine[k]!, theirs[k]!]) {
					expect(found.shape).toEqual(shape);
					expectClose({ data: found.data }, { data }, { rtol: 1e-6, atol: 1e-6 });
				}
			}
			tf.dispose(inputs);
		}
		const names = new Set(model.graph.nodes.flatMap((node) => node.weights.map(({ name }) => name)));
		const own = written.weights.filter(({ from }) => from !== null);
		for (const { name, from } of own) {
			expect(names).toContain(from);
			if (!/[:^]/.test(from!)) expect(name.replace(/_\d+$/, '')).toBe(from!.replace(/_\d+$/, ''));
		}
		model.dispose();
		again.dispose();
		byTfjs.dispose();
	});
});
