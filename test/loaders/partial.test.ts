import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '#contracts/model.ts';
import type { Source } from '#contracts/source.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { compareGraphs } from '#methods/structure/compare.ts';
import { useBackend } from '../tools/backends.ts';
import { loadContext } from '../tools/files.ts';

/** Models of which something is missing: weight files, the network, both. */

const json = JSON.parse(readFileSync('models/digits/model.json', 'utf8')) as Record<string, unknown>;
const bytes = new Uint8Array(readFileSync('models/digits/model.bin'));

interface Manifest {
	paths: string[];
	weights: { name: string; shape: number[]; dtype: string }[];
}
const manifest = () => structuredClone(json['weightsManifest']) as [Manifest];
const text = (change: Record<string, unknown> = {}) => JSON.stringify({ ...json, ...change });
const source = (files: Record<string, BlobPart>): Source => ({
	name: 'test',
	files: Object.entries(files).map(([path, part]) => ({ path, blob: new Blob([part]) }))
});
const open = (files: Record<string, BlobPart>) => openSource(source(files), loadContext());

/** The weights in shards of one length, as writers cut them; the last is shorter. */
function shards(length: number) {
	const count = Math.ceil(bytes.length / length);
	const paths = Array.from({ length: count }, (_, i) => `group1-shard${i + 1}of${count}.bin`);
	const parts = Object.fromEntries(paths.map((path, i) => [path, bytes.subarray(i * length, (i + 1) * length)]));
	return { paths, parts, json: text({ weightsManifest: [{ ...manifest()[0], paths }] }) };
}
const missing = (model: Model) =>
	model.graph.nodes.flatMap(({ weights }) => weights.filter((w) => w.missing)).map(({ name }) => name);

beforeAll(() => useBackend('cpu'));

describe('a model without its weight files', () => {
	it('opens as a structure with all shapes, says which file is missing, and does not run', async () => {
		const before = tf.memory().numTensors;
		const { model, format } = await open({ 'model.json': text() });
		const { model: whole } = await open({ 'model.json': text(), 'model.bin': bytes });
		expect(format).toBe('TF.js layers model');
		expect(model.obstacle).toMatchObject({ kind: 'weights', message: 'The weight file is missing: model.bin.' });
		const bare = model.graph.nodes.map((node) => ({
			...node,
			weights: node.weights.map(({ missing: _, ...rest }) => rest)
		}));
		expect(bare).toEqual(whole.graph.nodes);
		expect(missing(model)).toEqual(manifest()[0].weights.map(({ name }) => name));
		expect(() => model.run({ x: tf.scalar(1) }, model.graph.outputs)).toThrow('The weight file is missing');
		expect(() => model.weight('conv1/kernel')).toThrow('is missing');
		model.dispose();
		whole.dispose();
		expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 1);
	});

	it('holds a structure also where the file speaks of no weights at all', async () => {
		const { model } = await open({ 'model.json': text({ weightsManifest: undefined }) });
		expect(model.obstacle?.message).toBe('The model file holds a structure and no weights.');
		const kernel = model.graph.nodes.find(({ id }) => id === 'conv1')?.weights[0];
		expect(kernel).toMatchObject({ shape: [3, 3, 1, 16], missing: true });
		model.dispose();
	});

	it.each([
		['first', (i: number) => i !== 0],
		['third', (i: number) => i !== 2],
		['last', (i: number, n: number) => i !== n - 1],
		['second and third', (i: number) => i !== 1 && i !== 2]
	])('with the %s shard missing has the other weights, number by number', async (_, keep) => {
		const { paths, parts, json: file } = shards(40_000);
		const kept = Object.fromEntries(Object.entries(parts).filter((_, i) => keep(i, paths.length)));
		const gone = paths.filter((path) => !(path in kept));
		const { model } = await open({ 'model.json': file, ...kept });
		const { model: whole } = await open({ 'model.json': text(), 'model.bin': bytes });
		expect(model.obstacle?.message).toContain(`${gone.length} of ${paths.length} weight files`);
		for (const path of gone) expect(model.obstacle?.message).toContain(path);
		// What a missing shard holds a part of is missing, the rest is there.
		let offset = 0;
		const expected = manifest()[0].weights.flatMap(({ name, shape }) => {
			const [from, to] = [offset, (offset += 4 * shape.reduce((n, m) => n * m, 1))];
			return paths.some((path, i) => gone.includes(path) && from < (i + 1) * 40_000 && to > i * 40_000) ? [name] : [];
		});
		expect(expected.length).toBeGreaterThan(0);
		expect(expected.length).toBeLessThan(manifest()[0].weights.length);
		expect(missing(model)).toEqual(expected);
		for (const { name } of manifest()[0].weights)
			if (!expected.includes(name)) expect(await model.weight(name).data()).toEqual(await whole.weight(name).data());
		model.dispose();
		whole.dispose();
	});

	it('of unknown lengths has what comes before the first that is missing', async () => {
		const paths = ['a.bin', 'b.bin', 'c.bin', 'd.bin'];
		const file = text({ weightsManifest: [{ ...manifest()[0], paths }] });
		const { model } = await open({
			'model.json': file,
			'a.bin': bytes.subarray(0, 700),
			'd.bin': bytes.subarray(90_000)
		});
		// 9 x 16 + 16 numbers
		expect(missing(model)).not.toContain('conv1/kernel');
		expect(missing(model)).not.toContain('conv1/bias');
		expect(missing(model)).toHaveLength(manifest()[0].weights.length - 2);
		model.dispose();
	});
});

describe('weights without a network', () => {
	const name = manifest()[0].weights[0]!.name;
	it.each([
		['a bare manifest', JSON.stringify(manifest())],
		['a manifest by its name', JSON.stringify({ weightsManifest: manifest() })],
		['a null topology', text({ modelTopology: null })]
	])('%s opens as a bag that can be looked at and compared', async (_, file) => {
		const { model, format } = await open({ 'weights_manifest.json': file, 'model.bin': bytes });
		const { model: whole } = await open({ 'model.json': text(), 'model.bin': bytes });
		expect(format).toBe('TF.js weights');
		expect(model.obstacle).toMatchObject({ kind: 'bag', message: 'The files hold weights and no network.' });
		expect(model.graph.nodes.map(({ id }) => id)).toContain('conv1');
		expect(await model.weight(name).data()).toEqual(await whole.weight(name).data());
		expect(() => model.run({}, [])).toThrow('no network');
		for (const [a, b] of [
			[model, whole],
			[whole, model]
		] as const) {
			const rows = compareGraphs(a.graph, b.graph);
			const pairs = rows.flatMap((row) => row.weights.filter(({ comparable }) => comparable).map(({ first }) => first));
			expect(pairs).toEqual(manifest()[0].weights.map((weight) => weight.name));
			expect(rows.find(({ first }) => first === 'conv1')).toMatchObject({ type: 'Conv2D', state: 'same' });
		}
		model.dispose();
		whole.dispose();
	});

	it('may lack files, too', async () => {
		const { model } = await open({ 'weights_manifest.json': JSON.stringify(manifest()) });
		expect(missing(model)).toHaveLength(manifest()[0].weights.length);
		model.dispose();
	});

	it('beside a network that names its own manifest are no second model', async () => {
		const { model } = await open({
			'model.json': text(),
			'model.bin': bytes,
			'weights_manifest.json': JSON.stringify(manifest())
		});
		expect(model.obstacle).toBeNull();
		model.dispose();
	});
});

describe('a graph that has no weights', () => {
	it('lacks none', async () => {
		const dims = [-1, 4].map((size) => ({ size: String(size) }));
		const x = { name: 'x', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim: dims } } } };
		const node = [x, { name: 'y', op: 'Relu', input: ['x'] }];
		const { model } = await open({ 'model.json': JSON.stringify({ modelTopology: { node }, weightsManifest: [] }) });
		expect(model.obstacle).toBeNull();
		const [y] = model.run({ x: tf.tensor2d([[-1, 0, 1, 2]]) }, ['y']);
		expect(Array.from(await y!.data())).toEqual([0, 0, 1, 2]);
		model.dispose();
	});
});
