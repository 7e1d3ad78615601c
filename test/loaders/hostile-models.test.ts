import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { layersModel } from '#engine/model/layers/model.ts';
import { graphModel } from '#engine/model/graph/model.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { type Json, type JsonObject } from '#maths/json.ts';
import { useBackend } from '../tools/backends.ts';
import { folderSource, loadContext } from '../tools/files.ts';

/** Every location of a topology changed in every way: each opens or is refused in one sentence, and soon. */

beforeAll(() => useBackend('cpu'));

interface File {
	modelTopology: JsonObject;
	signature?: Json;
	weightsManifest: { paths: string[]; weights: { name: string; shape: number[]; dtype: string }[] }[];
}
const file = (path: string) => JSON.parse(readFileSync(`test/cases/${path}/model.json`, 'utf8')) as File;

/** Zeros in the shapes of the manifest. */
const zeros = ({ weightsManifest }: File) =>
	new Map(
		weightsManifest.flatMap(({ weights }) =>
			weights.map(({ name, shape, dtype }): [string, StoredWeight] => {
				const size = shape.reduce((a, b) => a * b, 1);
				const values = dtype === 'int32' ? new Int32Array(size).fill(1) : new Float32Array(size);
				return [name, { shape, dtype: dtype as 'float32', values }];
			})
		)
	);

/** One of so many is tried here: all of them take minutes. */
const EVERY = 17;

const STRANGE: readonly Json[] = [
	...[null, true, '', 'constructor', '__proto__', 'toString', -1, 0, 1.5, 1e9, 1e300],
	...([[], {}, [[]], [null], { class_name: 'constructor', config: {} }, [['x', 0, 0, {}]], [[['x', 9, 9]]]] as Json[])
];

interface Mutation {
	path: string;
	change(root: Json): Json;
}

/** Every value of a JSON in the place of another, and every one taken away; the paths in words. */
function* mutations(json: Json, path: readonly string[] = []): Generator<Mutation> {
	if (typeof json !== 'object' || json === null) return;
	for (const key of Object.keys(json)) {
		const at = [...path, key];
		const within = (root: Json, act: (parent: JsonObject) => void): Json => {
			const copy = structuredClone(root);
			let parent = copy as JsonObject;
			for (const step of path) parent = parent[step] as JsonObject;
			act(parent);
			return copy;
		};
		const gone = (parent: JsonObject) => {
			if (Array.isArray(parent)) parent.splice(Number(key), 1);
			else delete parent[key];
		};
		yield { path: `${at.join('.')} gone`, change: (root) => within(root, gone) };
		for (const value of STRANGE)
			yield {
				path: `${at.join('.')} = ${JSON.stringify(value)}`,
				change: (root) => within(root, (parent) => (parent[key] = structuredClone(value)))
			};
		yield* mutations((json as JsonObject)[key] as Json, at);
	}
}

/** Opened and run, or refused: what else comes out is the defect. */
function outcome(build: () => ReturnType<typeof layersModel>): string | null {
	const before = tf.memory().numTensors;
	try {
		const model = build();
		if (!model.obstacle) {
			const nodes = new Map(model.graph.nodes.map((node) => [node.id, node]));
			const feeds = model.graph.inputs.map(
				(id) => [id, tf.ones((nodes.get(id)?.shape ?? []).map((n) => n ?? 1))] as const
			);
			tf.dispose(model.run(Object.fromEntries(feeds), model.graph.outputs));
			feeds.forEach(([, tensor]) => tensor.dispose());
		}
		model.dispose();
	} catch (error) {
		if (!(error instanceof Error) || error.name !== 'LabError') return String((error as Error).stack ?? error);
		if (/is not a function|undefined|\[object|of null|NaN/.test(error.message)) return error.message;
	}
	const leaked = tf.memory().numTensors - before;
	return leaked ? `${leaked} tensors leaked` : null;
}

const NETWORKS: readonly [string, (json: File) => ReturnType<typeof layersModel>][] = [
	['models/same-inner-layer-name', (json) => layersModel({ topology: json.modelTopology, weights: zeros(json) })],
	['models/percent-in-shard-name', (json) => layersModel({ topology: json.modelTopology, weights: zeros(json) })],
	[
		'hostile/graph-op-constructor',
		(json) => graphModel({ topology: json.modelTopology, signature: json.signature, weights: zeros(json) })
	]
];

describe('every strange value in every place', () => {
	it.each(NETWORKS)('%s', (path, build) => {
		const json = file(path);
		// The graph is sound without its unknown operation.
		const sound = JSON.parse(JSON.stringify(json).replace('"op":"constructor"', '"op":"AddV2"')) as File;
		const root = { modelTopology: sound.modelTopology, signature: sound.signature ?? null } as unknown as Json;
		expect(outcome(() => build(sound))).toBeNull();
		const defects: string[] = [];
		let count = 0;
		let slowest = { ms: 0, path: '' };
		for (const { path: location, change } of mutations(root)) {
			if (count++ % EVERY) continue;
			const start = performance.now();
			const defect = outcome(() => build({ ...sound, ...(change(root) as unknown as File) }));
			const ms = performance.now() - start;
			if (ms > slowest.ms) slowest = { ms, path: location };
			if (defect) defects.push(`${location}: ${defect}`);
		}
		expect(defects.slice(0, 30).join('\n'), `${defects.length} of ${count}`).toBe('');
		expect(slowest.ms, slowest.path).toBeLessThan(10_000);
		expect(count).toBeGreaterThan(1000);
	});
});

describe('hostile files', () => {
	it.each([
		['a ring of layers', 'layers-a-cycle', /form a ring|its own output/],
		[
			'a use of a layer that is not there',
			'layers-inbound-node-index-that-is-not-there',
			/reads use \d+ of the layer ".+"/
		],
		['a ring of nodes', 'graph-two-Identities-in-a-ring', /The nodes ".+", ".+" form a ring/]
	])('%s: a sentence that names it', async (_, path, message) => {
		const opened = openSource(folderSource(`test/cases/hostile/${path}`), loadContext());
		const error: unknown = await opened.catch((reason: unknown) => reason);
		expect((error as Error).name).toBe('LabError');
		expect((error as Error).message).toMatch(message);
	});

	it('an operation called constructor is not known', async () => {
		const { model } = await openSource(folderSource('test/cases/hostile/graph-op-constructor'), loadContext());
		expect(model.obstacle?.message).toMatch(/\(constructor\) is not known/);
		model.dispose();
	});
});
