import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { expectClose } from '../close.ts';
import { useBackend } from '../tools/backends.ts';
import { loadContext } from '../tools/files.ts';
import * as k from '../tools/keras-files.ts';

/** One network as writers of many kinds put it into files, against its numbers in float64. */

beforeAll(() => useBackend('cpu'));

const names = ['a/kernel', 'a/bias', 'b/kernel', 'b/bias'];
const shapeOf = (index: number) => (index % 2 ? [4] : [4, 4]);
const weights = names.map((name, i) => ({
	name,
	shape: shapeOf(i),
	dtype: 'float32',
	values: k.values(shapeOf(i), i)
}));
type Weight = (typeof weights)[number];
const x = [0.3, -0.8, 0.5, 1.1];
const [ak, ab, bk, bb] = weights.map(({ values }) => values) as [
	Float32Array,
	Float32Array,
	Float32Array,
	Float32Array
];
const right = k.dense(k.dense(x, ak, ab), bk, bb);

const dense = (name: string) => k.layer('Dense', name, { units: 4, batch_input_shape: [null, 4] });
const network = k.sequential('s', [dense('a'), dense('b')]);
const entry = ({ name, shape, dtype }: Weight) => ({ name, shape, dtype });
const bytes = (list: readonly Weight[]) =>
	new Uint8Array(list.flatMap(({ values }) => [...new Uint8Array(values.buffer)]));
const all = bytes(weights);
const manifest = [{ paths: ['w.bin'], weights: weights.map(entry) }];
const json = (modelTopology: unknown, weightsManifest: unknown) => JSON.stringify({ modelTopology, weightsManifest });

/** In so many steps from the least to the greatest. */
function quantised(dtype: 'uint8' | 'uint16') {
	const steps = dtype === 'uint8' ? 255 : 65535;
	const parts = weights.map((weight) => {
		const min = Math.min(...weight.values);
		const scale = (Math.max(...weight.values) - min) / steps;
		const raw = Array.from(weight.values, (v) => Math.round((v - min) / scale));
		const data = dtype === 'uint8' ? Uint8Array.from(raw) : new Uint8Array(Uint16Array.from(raw).buffer);
		return { entry: { ...entry(weight), quantization: { dtype, scale, min } }, data };
	});
	return {
		'model.json': json(network, [{ paths: ['w.bin'], weights: parts.map((part) => part.entry) }]),
		'w.bin': new Uint8Array(parts.flatMap(({ data }) => [...data]))
	};
}

const open = (files: Record<string, BlobPart>) =>
	openSource(
		{ name: 't', files: Object.entries(files).map(([path, part]) => ({ path, blob: new Blob([part]) })) },
		loadContext()
	);

const behind = weights.slice(2);
const before = weights.slice(0, 2);

describe('a network is read rightly', () => {
	it.each<[string, Record<string, BlobPart>, number]>([
		['with a byte order mark', { 'model.json': `\ufeff${json(network, manifest)}`, 'w.bin': all }, 1e-6],
		[
			'its weights in another order',
			{
				'model.json': json(network, [{ paths: ['w.bin'], weights: [...weights].reverse().map(entry) }]),
				'w.bin': bytes([...weights].reverse())
			},
			1e-6
		],
		[
			'in two groups, one of them cut within a number',
			{
				'model.json': json(network, [
					{ paths: ['2.bin'], weights: behind.map(entry) },
					{ paths: ['1a.bin', '1b.bin', '1c.bin'], weights: before.map(entry) }
				]),
				'2.bin': bytes(behind),
				'1a.bin': bytes(before).slice(0, 13),
				'1b.bin': new Uint8Array(0),
				'1c.bin': bytes(before).slice(13)
			},
			1e-6
		],
		['in 8 bits', quantised('uint8'), 0.02],
		['in 16 bits', quantised('uint16'), 1e-4],
		['its topology at other levels', { 'model.json': json(k.topology(network), manifest), 'w.bin': all }, 1e-6],
		['its topology as a text', { 'model.json': json(JSON.stringify(network), manifest), 'w.bin': all }, 1e-6],
		[
			'its configuration as a text, as .h5 files have it',
			{ 'model.json': json({ model_config: JSON.stringify(network) }, manifest), 'w.bin': all },
			1e-6
		],
		[
			'with the names of tensors and of the model',
			{
				'model.json': json(network, [
					{ paths: ['w.bin'], weights: weights.map((w) => ({ ...entry(w), name: `sequential_3/${w.name}:0` })) }
				]),
				'w.bin': all
			},
			1e-6
		]
	])('%s', async (_, files, atol) => {
		const { model, warnings } = await open(files);
		const [y] = model.run({ [model.graph.inputs[0]!]: tf.tensor2d([x]) }, model.graph.outputs);
		expectClose({ data: await y!.data() }, { data: right }, { rtol: 0, atol });
		expect(warnings).toEqual([]);
		model.dispose();
	});
});

describe('a network is refused in one sentence', () => {
	const quantization = { dtype: 'uint8' };
	it.each<[string, unknown, RegExp]>([
		[
			'whose steps have no size',
			[{ paths: ['w.bin'], weights: weights.map((w) => ({ ...entry(w), quantization })) }],
			/"a\/kernel" is quantised and does not say its scale and minimum/
		],
		['that names a file twice', [{ paths: ['w.bin', 'w.bin'], weights: weights.map(entry) }], /"w\.bin" is named twice/]
	])('%s', async (_, list, message) => {
		await expect(open({ 'model.json': json(network, list), 'w.bin': all })).rejects.toThrow(message);
	});
});

it('what Keras calls JSON opens as a structure', async () => {
	const { model } = await open({ 'model.json': JSON.stringify({ ...network, keras_version: '2.15.0' }) });
	expect(model.obstacle?.message).toMatch(/a structure and no weights/);
	expect(model.graph.nodes.map(({ id }) => id)).toEqual(['a_input', 'a', 'b']);
	model.dispose();
});
