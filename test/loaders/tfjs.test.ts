import { zipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Source } from '#contracts/source.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { half } from '#maths/half.ts';
import { expectClose } from '../close.ts';
import { useBackend } from '../tools/backends.ts';
import { loadContext } from '../tools/files.ts';

const json = JSON.parse(readFileSync('models/digits/model.json', 'utf8')) as Record<string, unknown>;
const weights = readFileSync('models/digits/model.bin');

const source = (files: Record<string, BlobPart>): Source => ({
	name: 'test',
	files: Object.entries(files).map(([path, part]) => ({ path, blob: new Blob([part]) }))
});
const text = (change: Record<string, unknown> = {}) => JSON.stringify({ ...json, ...change });
const whole = () => ({ 'model.json': text(), 'model.bin': new Uint8Array(weights) });

interface Manifest {
	paths: string[];
	weights: { name: string; shape: number[]; dtype: string; quantization?: unknown }[];
}
const manifest = () => structuredClone(json['weightsManifest']) as [Manifest];

beforeAll(() => useBackend('cpu'));

async function output(opened: Source): Promise<Float32Array> {
	const { model } = await openSource(opened, loadContext());
	const [y] = model.run({ [model.graph.inputs[0] as string]: tf.fill([1, 28, 28, 1], 0.3) }, model.graph.outputs);
	const values = Float32Array.from(await y!.data());
	y!.dispose();
	model.dispose();
	return values;
}

describe('TF.js files', () => {
	it('are the same from files, shards, a folder and a zip', async () => {
		const expected = await output(source(whole()));
		const [group] = manifest();
		const cut = 5001;
		const sharded = {
			'a/model.json': text({ weightsManifest: [{ ...group, paths: ['s1of2.bin', 's2of2.bin'] }] }),
			'a/s1of2.bin': new Uint8Array(weights.subarray(0, cut)),
			'a/s2of2.bin': new Uint8Array(weights.subarray(cut))
		};
		expect(await output(source(sharded))).toEqual(expected);
		const zip = zipSync({
			'deep/model.json': new TextEncoder().encode(text()),
			'deep/model.bin': new Uint8Array(weights),
			'__MACOSX/x': new Uint8Array(3)
		});
		expect(await output(source({ 'model.zip': zip as Uint8Array<ArrayBuffer> }))).toEqual(expected);
	});

	it('may hold weights as float16 and uint8', async () => {
		const expected = await output(source(whole()));
		const [group] = manifest();
		const parts: Uint8Array<ArrayBuffer>[] = [];
		let offset = 0;
		for (const entry of group.weights) {
			const size = entry.shape.reduce((n, m) => n * m, 1);
			const values = new Float32Array(
				weights.buffer.slice(weights.byteOffset + offset, weights.byteOffset + offset + 4 * size)
			);
			offset += 4 * size;
			const [low, high] = [Math.min(...values), Math.max(...values)];
			const scale = (high - low) / 255 || 1;
			entry.quantization = { dtype: 'uint8', scale, min: low };
			parts.push(Uint8Array.from(values, (v) => Math.round((v - low) / scale)));
		}
		const opened = source({ 'model.json': text({ weightsManifest: [group] }), 'model.bin': new Blob(parts) });
		expectClose({ data: await output(opened) }, { data: expected }, { atol: 0.02 });
		expect((await openSource(opened, loadContext())).format).toBe('TF.js layers model, uint8 weights');
		expect([half(0x3c00), half(0xc000), half(0x0001), half(0x7c00), half(0xfbff)]).toEqual([
			1,
			-2,
			2 ** -24,
			Infinity,
			-65504
		]);
		expect(half(0x7e00)).toBeNaN();
	});

	it('with NaN are opened, and where is said', async () => {
		const poisoned = new Uint8Array(weights);
		new DataView(poisoned.buffer).setFloat32(8, NaN, true);
		const { warnings } = await openSource(source({ ...whole(), 'model.bin': poisoned }), loadContext());
		expect(warnings.join()).toMatch(/NaN or infinite, in "conv1\/kernel" \(1 of 144\)/);
	});

	it('bring class names that lie beside them', async () => {
		const { labels } = await openSource(source({ ...whole(), 'labels.txt': 'a\nb\nc' }), loadContext());
		expect(labels).toEqual(['a', 'b', 'c']);
	});

	const [group] = manifest();
	const layers = (change: (config: Record<string, unknown>, className: string) => void) => {
		const copy = structuredClone(json) as {
			modelTopology: {
				model_config: { config: { layers: { class_name: string; config: Record<string, unknown> }[] } };
			};
		};
		for (const layer of copy.modelTopology.model_config.config.layers) change(layer.config, layer.class_name);
		return JSON.stringify(copy);
	};
	it.each<[string, Record<string, BlobPart>, RegExp]>([
		['an extra shard', { ...whole(), 'group1-shard9of9.bin': 'x' }, /one too many/],
		[
			'truncated weights',
			{ ...whole(), 'model.bin': new Uint8Array(weights.subarray(0, 100)) },
			/hold 100 bytes; the model describes/
		],
		[
			'weights of another model',
			{ ...whole(), 'model.bin': new Blob([new Uint8Array(weights), 'more']) },
			/hold \d+ bytes/
		],
		['wrong JSON', { 'model.json': '{"modelTopology":' }, /not valid JSON/],
		['JSON of something else', { 'package.json': '{"name":"x"}' }, /no modelTopology/],
		[
			'a silent trap',
			{ ...whole(), 'model.json': layers((config, name) => name === 'Conv2D' && (config['groups'] = 2)) },
			/"conv1" \(Conv2D\) .*1 channels and \d+ filters do not fall into 2 groups/
		],
		[
			'a wrong manifest',
			{
				...whole(),
				'model.json': text({ weightsManifest: [{ ...group, weights: [{ name: 'x', shape: [-1], dtype: 'float32' }] }] })
			},
			/no proper shape/
		],
		[
			'an open size',
			{
				...whole(),
				'model.json': layers(
					(config, name) => name === 'InputLayer' && (config['batch_input_shape'] = [null, null, null, 1])
				)
			},
			/any size/
		],
		['nothing known', { 'cat.xyz': 'meow' }, /Nothing that the lab knows was found in cat\.xyz/],
		['two models', { ...whole(), 'other.json': text(), 'model.json': '1', 'second.json': text() }, /There are 2 models/]
	])('refuses %s in one sentence', async (_, files, message) => {
		const before = tf.memory().numTensors;
		const error: unknown = await openSource(source(files), loadContext()).catch((reason: unknown) => reason);
		expect((error as Error).name).toBe('LabError');
		expect((error as Error).message).toMatch(message);
		expect(tf.memory().numTensors).toBe(before);
	});

	it('asks the device before it builds', async () => {
		const sizes: number[] = [];
		const checkSize = (bytes: number, maxTensorBytes: number) => sizes.push(bytes, maxTensorBytes);
		await openSource(source(whole()), loadContext({ checkSize }));
		expect(sizes[0]).toBe(weights.length);
		expect(sizes[1]).toBeLessThan(weights.length);
	});
});
