import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSource } from '#loaders/open-source.ts';
import { expectClose } from '../close.ts';
import { useBackend } from '../tools/backends.ts';
import { loadContext } from '../tools/files.ts';
import { gguf, ggufBytes, little } from '../tools/weight-bytes.ts';
import { joined } from '../tools/bytes.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const open = (bytes: Bytes, path = 'm.gguf') =>
	openSource({ name: path, files: [{ path, blob: new Blob([bytes]) }] }, loadContext());
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const refusal = async (bytes: Bytes) => {
	const error: unknown = await open(bytes).then(
		() => null,
		(reason: unknown) => reason
	);
	return error instanceof Error ? error.message : '';
};

beforeAll(() => useBackend('cpu'));

describe('a GGUF file', () => {
	it('gives the numbers of every quantised type as whole arrays of NumPy do (recipes/gguf.py)', async () => {
		const bytes = new Uint8Array(readFileSync('test/cases/weights/quantised.gguf'));
		const expected = JSON.parse(readFileSync('test/cases/weights/quantised.json', 'utf8')) as Record<string, number[]>;
		const { model, format, metadata } = await open(bytes);
		expect(format).toBe('GGUF, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0 and Q8_1 weights');
		expect(metadata).toEqual([['general.name', 'Quantised']]);
		expect(Object.keys(expected)).toHaveLength(11);
		for (const [name, values] of Object.entries(expected)) {
			const weight = model.weight(name);
			expect(weight.shape, name).toEqual([2, values.length / 2]);
			expectClose({ data: await weight.data() }, { data: values }, { rtol: 1e-5, atol: 1e-6 });
		}
		model.dispose();
	});

	it('shows a type that is not read by its name and shape, and roles by names', async () => {
		const { model, warnings } = await open(
			ggufBytes([
				['blk.0.attn_q.weight', 16, [2, 256], new Uint8Array(132)],
				['blk.0.norm.weight', 0, [2], floats(1, 2)],
				['token_embd.weight', 0, [3, 2], floats(1, 2, 3, 4, 5, 6)]
			])
		);
		expect(warnings).toEqual([
			'One weight stored as IQ2_XXS, which the lab does not read, is shown by name and shape only: “blk.0.attn_q.weight”.'
		]);
		const infos = model.graph.nodes.flatMap(({ weights }) => weights);
		expect(infos.map(({ shape, role, missing }) => [shape, role, missing])).toEqual([
			[[2, 256], 'kernel', true],
			[[2], 'gamma', undefined],
			[[3, 2], 'embeddings', undefined]
		]);
		expect(await model.weight('token_embd.weight').data()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
		model.dispose();
	});

	it('tells lists by their first members and their length', async () => {
		const words = Array.from({ length: 30 }, (_, k) => `w${k}`);
		const list = joined(little(4, 4), little(8, 3), little(4, 5), little(4, 6), little(4, 7));
		const bytes = ggufBytes(
			[['x.weight', 0, [1], floats(2)]],
			[
				['words', ...gguf.texts(words)],
				['sizes', 9, list],
				['eps', 6, floats(1e-5)],
				['on', 7, Uint8Array.of(1)]
			]
		);
		const { model, metadata } = await open(bytes);
		model.dispose();
		expect(metadata).toEqual([
			['words', 'w0, w1, w2, w3, w4, w5, w6, w7 … (30)'],
			['sizes', '5, 6, 7'],
			['eps', '0.00001'],
			['on', 'true']
		]);
	});

	it('honours its alignment, and reads past a first megabyte of words', async () => {
		const words = Array.from({ length: 70_000 }, (_, k) => `word number ${k}`);
		const bytes = ggufBytes([['a.weight', 0, [1], floats(2)], ['b.weight', 0, [1], floats(3)]], [['general.alignment', ...gguf.number(8)], ['w', ...gguf.texts(words)]], { alignment: 8 }); // prettier-ignore
		expect(bytes.length).toBeGreaterThan(1 << 20);
		const { model } = await open(bytes);
		expect([(await model.weight('a.weight').data())[0], (await model.weight('b.weight').data())[0]]).toEqual([2, 3]);
		model.dispose();
	});

	it('is refused in a sentence that says why', async () => {
		const one = (pairs: Parameters<typeof ggufBytes>[1] = [], options = {}) =>
			ggufBytes([['a.weight', 0, [2], floats(1, 2)]], pairs, options);
		const nested = (depth: number): Bytes => depth ? joined(little(4, 9), little(8, 1), nested(depth - 1)) : joined(little(4, 4), little(8, 0)); // prettier-ignore
		const cases: [Bytes, RegExp][] = [
			[one([], { version: 1 }), /reads versions 2 and 3, not 1/],
			[one([], { version: 0x03000000 }), /greatest byte first/],
			[one([['general.alignment', ...gguf.number(0)]]), /aligns its tensors to 0 bytes/],
			[one([['x', 13, little(4, 0)]]), /holds a value of type 13/],
			[one([['x', 9, nested(50)]]), /holds a value of type 9/],
			[one([['x', 9, joined(little(4, 8), little(8, 2n ** 60n))]]), /was cut short/],
			[ggufBytes([['a.weight', 2, [2, 31], new Uint8Array(40)]]), /rows of “a\.weight” are no whole blocks of Q4_0/],
			[ggufBytes([['a.weight', 0, [2 ** 40, 2 ** 40], floats(1)]]), /has the shape/],
			[ggufBytes([['a.weight', 0, [2 ** 40], floats(1)]]), /was cut short/],
			[ggufBytes([]), /holds no weights/]
		];
		for (const [bytes, why] of cases) expect(await refusal(bytes)).toMatch(why);
	});
});
