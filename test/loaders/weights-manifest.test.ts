import { describe, expect, it } from 'vitest';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { jsonFault, modelJsons, shardPaths, theModel } from '#loaders/tfjs/model-json.ts';
import { present } from '#loaders/tfjs/missing.ts';
import { shardFinder } from '#loaders/tfjs/shards.ts';
import {
	deviceBytes,
	invalidWeights,
	parseManifest,
	readWeights,
	storedBytes,
	uniqueWeights,
	type Entry
} from '#loaders/tfjs/weights.ts';
import { refused } from '../tools/refusal.ts';

/** What TF.js files say of themselves, index by index. */

const fileOf = (path: string, part: BlobPart = '') => ({ path, blob: new Blob([part]) });
const sourceOf = (files: Readonly<Record<string, BlobPart>>) => ({
	name: 's',
	files: Object.entries(files).map(([path, part]) => fileOf(path, part))
});

describe('a manifest of weights', () => {
	const parsed = (weight: unknown) => parseManifest([{ paths: ['a.bin'], weights: [weight] }])[0]!.entries[0];
	const plain = { name: 'w', shape: [2, 3], dtype: 'float32' };

	it('says name, shape, type and how weights are packed', () => {
		expect(parsed(plain)).toEqual({ ...plain, quantization: null });
		const packed = { dtype: 'uint8', scale: 0.5, min: -1 };
		expect(parsed({ ...plain, quantization: packed })?.quantization).toEqual(packed);
		expect(parsed({ ...plain, quantization: { dtype: 'float16' } })?.quantization).toEqual({
			...{ dtype: 'float16', scale: 1, min: 0 }
		});
		expect(parsed({ ...plain, dtype: 'string' })?.dtype).toBe('string');
		for (const [change, why] of [
			[{ name: 7 }, 'a weight has no name'],
			[{ shape: 5 }, '"w" has no proper shape'],
			[{ shape: [1.5] }, '"w" has no proper shape'],
			[{ shape: [-1] }, '"w" has no proper shape'],
			[{ dtype: 'float64' }, '"w" has the type float64'],
			[{ dtype: 7 }, '"w" has the type 7'],
			[{ quantization: { dtype: 'int8' } }, 'is quantised to int8'],
			[{ quantization: { dtype: 'uint8', scale: 1 } }, 'does not say its scale and minimum'],
			[{ quantization: { dtype: 'uint16', min: 1 } }, 'does not say its scale and minimum'],
			[{ quantization: { dtype: 'float16', scale: 'x' } }, '"w" has no scale'],
			[{ quantization: { dtype: 'float16', min: 'x' } }, '"w" has no scale']
		] as const)
			expect(() => parsed({ ...plain, ...change }), why).toThrow(why);
		expect(() => parsed(null)).toThrow('a weight has no name');
		expect(parsed({ ...plain, shape: [0] })?.shape).toEqual([0]);
	});
	it('names each file once, in groups', () => {
		expect(() => parseManifest([])).toThrow('a structure and no weights');
		expect(() => parseManifest({})).toThrow('a structure and no weights');
		for (const group of [null, { paths: [] }, { weights: [] }])
			expect(() => parseManifest([group])).toThrow('paths or weights are missing');
		const twice = [
			{ paths: ['a', 'b'], weights: [] },
			{ paths: ['a'], weights: [] }
		];
		expect(() => parseManifest(twice)).toThrow('the file "a" is named twice');
		expect(shardPaths(twice)).toEqual(['a', 'b', 'a']);
		expect([shardPaths(null), shardPaths([7, { paths: 'a' }, { paths: [7, 'a'] }])]).toEqual([[], ['a']]);
	});
	it('counts bytes as they are stored, and as the device holds them', () => {
		const entry = (dtype: string, stored?: string): Entry => ({
			...{ name: 'w', shape: [2, 3], dtype },
			quantization: stored ? { dtype: stored, scale: 1, min: 0 } : null
		});
		const all = [entry('float32'), entry('bool'), entry('uint16'), entry('float32', 'uint8'), entry('string')];
		expect(all.map(storedBytes)).toEqual([24, 6, 12, 6, 0]);
		expect(all.map(deviceBytes)).toEqual([24, 24, 24, 24, 24]);
	});
});

describe('weights', () => {
	const read = (weights: unknown[], bytes: readonly number[], paths = ['a.bin'], files = { 'a.bin': bytes }) => {
		const parts = Object.entries(files).map(([path, own]) => [path, Uint8Array.from(own)] as const);
		const shares: number[] = [];
		const job = readWeights(
			sourceOf(Object.fromEntries(parts)),
			fileOf('model.json'),
			parseManifest([{ paths, weights }]),
			(share) => shares.push(share)
		);
		return job.then((found) => ({ ...found, shares }));
	};
	it('are unpacked by their scale; whole ones are rounded', async () => {
		const packed = (dtype: string, scale: number) => ({
			...{ name: 'w', shape: [2], dtype },
			quantization: { dtype: 'uint8', scale, min: -1 }
		});
		expect((await read([packed('float32', 0.25)], [0, 6])).weights).toEqual([
			['w', { shape: [2], dtype: 'float32', values: Float32Array.of(-1, 0.5), stored: 'uint8' }]
		]);
		expect((await read([packed('int32', 0.25)], [0, 7])).weights[0]![1]).toMatchObject({
			values: Int32Array.of(-1, 1)
		});
		const halves = { name: 'w', shape: [1], dtype: 'float16' };
		expect((await read([halves], [0, 0x3c])).weights[0]![1]).toEqual({
			...{ shape: [1], dtype: 'float32', values: Float32Array.of(1), stored: 'float16' }
		});
		const whole = [
			{ name: 'i', shape: [1], dtype: 'int32' },
			{ name: 'b', shape: [2], dtype: 'bool' }
		];
		const { weights, shares } = await read(whole, [5, 0, 0, 0, 1, 0]);
		expect(weights.map(([, one]) => one)).toEqual([
			{ shape: [1], dtype: 'int32', values: Int32Array.of(5) },
			{ shape: [2], dtype: 'bool', values: Uint8Array.of(1, 0) }
		]);
		expect(shares).toEqual([1]);
	});
	it('whose file is not there are said, in the types that they would have', async () => {
		const all = [
			{ name: 'i', shape: [1], dtype: 'int32' },
			{ name: 'b', shape: [2], dtype: 'bool' },
			{ name: 'h', shape: [2], dtype: 'float16' },
			{ name: 'q', shape: [2], dtype: 'float32', quantization: { dtype: 'uint8', scale: 1, min: 0 } }
		];
		const { weights, missing } = await read(all, [], ['far/a.bin'], {} as { 'a.bin': number[] });
		expect(missing).toEqual(['far/a.bin']);
		expect(weights.map(([name, one]) => [name, one.dtype, one.values, one.stored])).toEqual([
			['i', 'int32', null, undefined],
			['b', 'bool', null, undefined],
			['h', 'float32', null, 'float16'],
			['q', 'float32', null, 'uint8']
		]);
	});
	it('that are more or fewer than said are refused, with the names of their files', async () => {
		const one = [{ name: 'w', shape: [1], dtype: 'float32' }];
		const names = ['a', 'b', 'c', 'd'];
		const cut = (count: number) =>
			read(one, [], names.slice(0, count), Object.fromEntries(names.slice(0, count).map((n) => [n, [0]])) as never);
		expect((await refused(cut(3))).message).toContain('The weight files a, b, c hold 3 bytes');
		await cut(4);
		const six = read(one, [], [...names, 'e'], Object.fromEntries([...names, 'e'].map((n) => [n, [0]])) as never);
		expect((await refused(six)).message).toContain('The weight files a, b … (5) hold 5 bytes; the model describes 4.');
		expect((await refused(six)).hint).toMatch(/another model/);
		expect((await refused(cut(3))).hint).toMatch(/cut short/);
		// With a file missing, fewer are no fault, and more are.
		await read(one, [], ['a', 'x'], { a: [0, 0, 0, 0] } as never);
		await refused(read(one, [], ['a', 'x'], { a: [0, 0, 0, 0, 0] } as never));
	});
	it('that are no numbers are named, three and how many more', () => {
		const weight = (...values: number[]): StoredWeight => ({
			...{ shape: [values.length], dtype: 'float32', values: Float32Array.from(values) }
		});
		const bad = (count: number) =>
			invalidWeights(Array.from({ length: count }, (_, k) => [`w${k}`, weight(NaN, Infinity, 1)] as const));
		expect(
			invalidWeights([
				['a', weight(1, 2)],
				['b', { shape: [1], dtype: 'float32', values: null }]
			])
		).toBeNull();
		expect(bad(1)).toMatch(/in "w0" \(2 of 3\): what/);
		expect(bad(3)).toMatch(/"w2" \(2 of 3\): what/);
		expect(bad(5)).toMatch(/"w2" \(2 of 3\) and 2 more: what/);
	});
	it('of one name are one where they are the same', () => {
		const of = (values: number[] | null, shape = [2], dtype: 'float32' | 'int32' = 'float32'): StoredWeight => ({
			...{ shape, dtype, values: values && Float32Array.from(values) }
		});
		const two = (a: StoredWeight, b: StoredWeight) => () =>
			uniqueWeights([
				['w', a],
				['w', b]
			]).size;
		expect(two(of([1, NaN]), of([1, NaN]))()).toBe(1);
		expect(two(of(null), of(null))()).toBe(1);
		for (const other of [of([1, 3]), of([1, 2], [2, 1]), of([1, 2], [2], 'int32'), of(null)])
			expect(two(of([1, 2]), other)).toThrow('two weights called "w"');
		expect(two(of(null), of([1, 2]))).toThrow('two weights called "w"');
		expect(
			uniqueWeights([
				['w', of([1, 2])],
				['v', of([3, 4])]
			]).size
		).toBe(2);
	});
	it('in runs of files that are there, where it is known where each begins', async () => {
		const file = (length: number) => new Blob([new Uint8Array(length)]);
		const runs = async (needed: number, ...files: (Blob | null)[]) =>
			(await present(files, needed)).map(({ from, buffer }) => [from, buffer.byteLength]);
		expect(await runs(9, file(4), file(5))).toEqual([[0, 9]]);
		expect(await runs(9, file(4), null, file(2))).toEqual([
			[0, 4],
			[7, 2]
		]);
		// All but the last are equally long.
		expect(await runs(14, null, file(4), null, file(2))).toEqual([
			[4, 4],
			[12, 2]
		]);
		expect(await runs(14, null, file(4), file(4), null)).toEqual([[4, 8]]);
		expect(await runs(12, null, file(4), null)).toEqual([[4, 4]]);
		// The last is longer than the others, or nothing would be left for it: their lengths are not known.
		expect(await runs(13, null, file(4), null)).toEqual([]);
		expect(await runs(8, null, file(4), null)).toEqual([]);
		expect(await runs(20, file(4), null, file(5), null)).toEqual([[0, 4]]);
		expect(await runs(3, file(4), null, file(2))).toEqual([[0, 4]]);
		// Of none it is known how writers cut them.
		const shard = 4 << 20;
		expect(await runs(2 * shard + 5, null, null, file(5))).toEqual([[2 * shard, 5]]);
	});
});

describe('the file of a shard', () => {
	const found = (model: string, path: string, ...paths: string[]) =>
		shardFinder(sourceOf(Object.fromEntries(paths.map((one) => [one, '']))), fileOf(model))(path)?.path ?? null;
	it('lies beside the model, else where its path says, else it is the only one of its name', () => {
		expect(found('a/model.json', 'w.bin', 'b/w.bin', 'a/w.bin')).toBe('a/w.bin');
		expect(found('a/model.json', 'b/w.bin', 'b/w.bin', 'a/w.bin')).toBe('b/w.bin');
		expect(found('a/model.json', 'x/w.bin', 'b/w.bin')).toBe('b/w.bin');
		expect(found('a/model.json', 'x/w.bin', 'b/w.bin', 'c/w.bin')).toBeNull();
		expect(found('model.json', 'w.bin', 'v.bin')).toBeNull();
	});
	it('may be written as an address, or from another folder', () => {
		expect(found('a/model.json', './x/../w.bin', 'a/w.bin', 'b/w.bin')).toBe('a/w.bin');
		expect(found('a/model.json', '../b/w.bin', 'a/w.bin', 'b/w.bin')).toBe('b/w.bin');
		expect(found('model.json', 'w%201.bin?v=2', 'w 1.bin')).toBe('w 1.bin');
		expect(found('model.json', 'w#1.bin', 'w', 'w#1.bin')).toBe('w#1.bin');
	});
});

describe('a model.json', () => {
	const kinds = async (files: Readonly<Record<string, BlobPart>>) =>
		(await modelJsons(sourceOf(files))).map(({ kind }) => kind);
	const layers = '{"modelTopology":{"class_name":"X"}}';
	const manifest = '[{"paths":["a.bin"],"weights":[]}]';
	it('is of a network of layers, of a graph, or of weights alone', async () => {
		expect(await kinds({ a: layers })).toEqual(['layers']);
		expect(await kinds({ a: '{"modelTopology":{"node":[]}}' })).toEqual(['graph']);
		expect(await kinds({ a: '{"format":"graph-model","modelTopology":{}}' })).toEqual(['graph']);
		expect(await kinds({ a: JSON.stringify({ modelTopology: '{"node":[]}' }) })).toEqual(['graph']);
		expect(await kinds({ a: '{"class_name":"X","config":{}}' })).toEqual(['layers']);
		expect(await kinds({ a: manifest, b: `{"weightsManifest":${manifest}}` })).toEqual(['weights', 'weights']);
		for (const none of ['{}', '{"modelTopology":"x"}', '{"class_name":"X"}', '{"class_name":7,"config":{}}', '[]', '7'])
			expect(await kinds({ a: none }), none).toEqual([]);
		for (const none of ['[{"paths":[]}]', '[{"weights":[]}]', '[7]'])
			expect(await kinds({ a: none }), none).toEqual([]);
	});
	it('may be in UTF-16, of either order', async () => {
		const bytes = (mark: number[], swap: boolean) => {
			const text = Buffer.from(layers, 'utf16le');
			return Uint8Array.from([...mark, ...(swap ? text.swap16() : text)]);
		};
		expect(await kinds({ a: bytes([0xff, 0xfe], false), b: bytes([0xfe, 0xff], true) })).toEqual(['layers', 'layers']);
		expect(await kinds({ a: bytes([0xff, 0xff], false), b: bytes([0xfe, 0xfe], true) })).toEqual([]);
		expect(await kinds({ a: bytes([], false) })).toEqual([]);
	});
	it('says what its writer says', async () => {
		const [one] = await modelJsons(
			sourceOf({ a: '{"modelTopology":{},"generatedBy":"X 2","signature":{"a":1},"weightsManifest":[7]}' })
		);
		expect(one).toMatchObject({ generatedBy: 'X 2', signature: { a: 1 }, manifest: [7] });
		const [two] = await modelJsons(
			sourceOf({ a: '{"modelTopology":{},"generatedBy":7,"userDefinedMetadata":{"signature":{"b":1}}}' })
		);
		expect(two).toMatchObject({ generatedBy: '', signature: { b: 1 } });
	});
	it('is the one where there is one, or the one of that name; a manifest beside a network is its own', async () => {
		const path = async (files: Readonly<Record<string, BlobPart>>, kind: 'layers' | 'weights' = 'layers') =>
			(await theModel(sourceOf(files), kind)).file.path;
		expect(await path({ a: layers })).toBe('a');
		expect(await path({ a: layers, 'x/model.json': layers })).toBe('x/model.json');
		expect(await path({ a: layers, w: manifest })).toBe('a');
		expect(await path({ w: manifest }, 'weights')).toBe('w');
		const several: readonly Readonly<Record<string, string>>[] = [
			{ a: layers, b: layers },
			{ 'x/model.json': layers, 'y/model.json': layers }
		];
		for (const two of several)
			expect((await refused(theModel(sourceOf(two), 'layers'))).message).toMatch(/There are 2 models/);
		await refused(theModel(sourceOf({ a: layers }), 'weights'));
	});
	it('that is broken says why', async () => {
		expect(await jsonFault(fileOf('a', '{'))).toBe('“a” is not valid JSON.');
		expect(await jsonFault(fileOf('a', '{}'))).toBeNull();
		expect(await jsonFault(fileOf('a', `[${'['.repeat(20_000)}`))).toBe('“a” nests its parts too deeply to be read.');
	});
});
