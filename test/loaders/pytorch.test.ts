import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LoadedModel } from '#contracts/loader.ts';
import * as tf from '#engine/tf.ts';
import { openSource } from '#loaders/open-source.ts';
import { sorted } from '#loaders/sort.ts';
import { useBackend } from '../tools/backends.ts';
import { loadContext } from '../tools/files.ts';

/** Files that PyTorch wrote (test/loaders/recipes/pytorch.py), against what PyTorch says of them. */

interface Expected {
	shape: number[];
	type: string;
	values: number[] | null;
}
const folder = 'test/cases/weights';
const expected = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as Record<
	string,
	Record<string, Expected>
>;
const sourceOf = (name: string, called = name) => ({
	name,
	files: [{ path: called, blob: new Blob([readFileSync(`${folder}/${name}`)]) }]
});
const open = (name: string, called = name) => openSource(sourceOf(name, called), loadContext());
const infos = ({ model }: LoadedModel) =>
	new Map(model.graph.nodes.flatMap(({ weights }) => weights.map((w) => [w.name, w] as const)));

beforeAll(() => useBackend('cpu'));

describe('a file of PyTorch', () => {
	it.each(Object.keys(expected))('%s: every tensor has PyTorch’s name, shape, type and values', async (name) => {
		const before = tf.memory().numTensors;
		const loaded = await open(name);
		const found = infos(loaded);
		try {
			expect([...found.keys()].sort()).toEqual(Object.keys(expected[name]!).sort());
			for (const [key, { shape, type, values }] of Object.entries(expected[name]!)) {
				const info = found.get(key)!;
				expect(info.shape, key).toEqual(shape);
				expect(info.stored ?? info.dtype, key).toBe(type);
				if (values === null) expect(info.missing, key).toBe(true);
				else expect([...(await loaded.model.weight(key).data())], key).toEqual(values.map(Math.fround));
			}
		} finally {
			loaded.model.dispose();
		}
		expect(tf.memory().numTensors).toBe(before);
	});

	it.each([
		['state-dict.pt', 'PyTorch, int64 weights', []],
		[
			'checkpoint.ckpt',
			'PyTorch checkpoint (state_dict), int64 weights',
			[/also holds objects of Python.*argparse\.Namespace, numpy\.core\.multiarray\.scalar/]
		],
		['module.pt', 'PyTorch, int64 weights', [/also holds objects of Python.*__main__\.Net/]],
		['script.pt', 'TorchScript, int64 weights', [/is a program of TorchScript/]],
		['views.pt', /^PyTorch, float16, bfloat16, float64, int64/, [/One weight stored as complex64.*“complex”/]],
		[
			'attack-beside.pt',
			'PyTorch checkpoint (state_dict), int64 weights',
			[/may be an attack: .*posix\.system, which the lab did not do/]
		]
	] as const)('%s says what it is and what was left out', async (name, format, warnings) => {
		const loaded = await open(name);
		loaded.model.dispose();
		expect(loaded.format).toMatch(format);
		expect(loaded.warnings).toHaveLength(warnings.length);
		warnings.forEach((warning, k) => expect(loaded.warnings[k]).toMatch(warning));
	});

	it.each(['attack.pt', 'attack-legacy.pth'])('%s is refused by the name of what it would call', async (name) => {
		await expect(open(name)).rejects.toThrow(
			/holds no weights: it asks Python to call posix\.system, which the lab did not do/
		);
	});

	it('is told by what is in it, whatever it is called', async () => {
		for (const called of ['pytorch_model.bin', 'a.zip', 'weights', 'x.ckpt']) {
			const { readings, files } = await sorted(sourceOf('state-dict.pt', called), { units: null, data: false });
			expect([readings[0]?.kind, readings[0]?.what, files.length]).toEqual(['model', 'weights of a network', 1]);
		}
	});

	it('gives roles to PyTorch’s names, and says that outputs come first', async () => {
		const loaded = await open('state-dict.pt');
		loaded.model.dispose();
		const roles = [...infos(loaded).values()].map(({ name, role, order }) => [name, role, order]);
		expect(roles).toEqual([
			['conv.weight', 'kernel', 'outputs-first'],
			['conv.bias', 'bias', undefined],
			['bn.weight', 'gamma', undefined],
			['bn.bias', 'beta', undefined],
			['bn.running_mean', 'mean', undefined],
			['bn.running_var', 'variance', undefined],
			['bn.num_batches_tracked', 'num_batches_tracked', undefined],
			['fc.weight', 'kernel', 'outputs-first'],
			['fc.bias', 'bias', undefined]
		]);
	});
});
