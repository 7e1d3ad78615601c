import { beforeAll, describe, expect, it } from 'vitest';
import { openSource } from '#loaders/open-source.ts';
import { sorted } from '#loaders/sort.ts';
import { weightFile } from '#methods/weights/files.ts';
import { useBackend } from '../tools/backends.ts';
import { loadContext } from '../tools/files.ts';
import { safetensorsBytes, safetensorsOf } from '../tools/weight-bytes.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Files = Readonly<Record<string, Bytes | string | Blob>>;
const sourceOf = (files: Files) => ({
	name: 'set',
	files: Object.entries(files).map(([path, part]) => ({ path, blob: part instanceof Blob ? part : new Blob([part]) }))
});
const open = (files: Files) => openSource(sourceOf(files), loadContext());
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

beforeAll(() => useBackend('cpu'));

describe('a safetensors file', () => {
	it.each([
		['F32', floats(1.5, -2), 'float32', [1.5, -2]],
		['F64', new Uint8Array(Float64Array.of(1.5, -2).buffer), 'float64', [1.5, -2]],
		['F16', Uint8Array.of(0, 0x3e, 0, 0xc0), 'float16', [1.5, -2]],
		['BF16', Uint8Array.of(0xc0, 0x3f, 0, 0xc0), 'bfloat16', [1.5, -2]],
		['I64', new Uint8Array(BigInt64Array.of(-5n, 2n ** 40n).buffer), 'int64', [-5, 2 ** 40]],
		['U64', new Uint8Array(BigUint64Array.of(5n, 7n).buffer), 'uint64', [5, 7]],
		['I32', new Uint8Array(Int32Array.of(-5, 7).buffer), 'int32', [-5, 7]],
		['U32', new Uint8Array(Uint32Array.of(5, 2 ** 31).buffer), 'uint32', [5, 2 ** 31]],
		['I16', new Uint8Array(Int16Array.of(-5, 7).buffer), 'int16', [-5, 7]],
		['U16', new Uint8Array(Uint16Array.of(5, 65535).buffer), 'uint16', [5, 65535]],
		['I8', Uint8Array.of(0x80, 7), 'int8', [-128, 7]],
		['U8', Uint8Array.of(0x80, 7), 'uint8', [128, 7]],
		['BOOL', Uint8Array.of(0, 1), 'bool', [0, 1]],
		// Sign, exponent, fraction, by hand from the formats' definitions.
		['F8_E4M3', Uint8Array.of(0x3c, 0x7e), 'float8_e4m3fn', [1.5, 448]],
		['F8_E5M2', Uint8Array.of(0x3e, 0x7b), 'float8_e5m2', [1.5, 57344]],
		['F8_E4M3FNUZ', Uint8Array.of(0x44, 0x7f), 'float8_e4m3fnuz', [1.5, 240]],
		['F8_E5M2FNUZ', Uint8Array.of(0x42, 0x7f), 'float8_e5m2fnuz', [1.5, 57344]],
		['F8_E8M0', Uint8Array.of(127, 130), 'float8_e8m0fnu', [1, 8]],
		['F4', Uint8Array.of(0xf3), 'float4_e2m1', [1.5, -6]],
		['F6_E2M3', Uint8Array.of(0x4c, 0xf0, 0x07), 'float6_e2m3', [1.5, 0.125, -7.5, 0.125]],
		['F6_E3M2', Uint8Array.of(0x4e, 0xf0, 0x07), 'float6_e3m2', [1.5, 0.0625, -28, 0.0625]]
	] as const)('reads %s', async (type, bytes, stored, values) => {
		const { model } = await open({ 'a.safetensors': safetensorsBytes([['x', type, [values.length], bytes]]) });
		const info = model.graph.nodes[0]!.weights[0]!;
		expect(info.stored ?? info.dtype).toBe(stored);
		expect([...(await model.weight('x').data())]).toEqual([...values]);
		model.dispose();
	});

	it('shows what it says of itself, and C64 by name and shape', async () => {
		const { model, metadata, warnings } = await open({
			'a.bin': safetensorsBytes([['<i>z</i>', 'C64', [2], new Uint8Array(16)]], { licence: 'x', format: 'pt' })
		});
		expect(metadata).toEqual([['licence', 'x'], ['format', 'pt']]); // prettier-ignore
		expect(warnings).toEqual([
			'One weight stored as C64, which the lab does not read, is shown by name and shape only: “<i>z</i>”.'
		]);
		expect(model.graph.nodes[0]!.weights[0]).toMatchObject({ name: '<i>z</i>', shape: [2], missing: true });
		model.dispose();
	});

	it('is a set by its index or its numbers; what is missing is said', async () => {
		const [x, y] = [safetensorsBytes([['x.weight', 'F32', [1], floats(1)]]), safetensorsBytes([['y.weight', 'F32', [1], floats(2)]])]; // prettier-ignore
		const index = JSON.stringify({ weight_map: { 'x.weight': 'one.safetensors', 'y.weight': 'two.safetensors' } });
		const names = async (files: Files) => {
			const { model, warnings } = await open(files);
			model.dispose();
			return [model.graph.nodes.flatMap(({ weights }) => weights.map(({ name }) => name)), warnings];
		};
		expect(await names({ 'one.safetensors': x, 'two.safetensors': y, 'm.safetensors.index.json': index })).toEqual([['x.weight', 'y.weight'], []]); // prettier-ignore
		expect(await names({ 'one.safetensors': x, 'm.safetensors.index.json': index })).toEqual([['x.weight'], ['A weight file is missing: two.safetensors.']]); // prettier-ignore
		expect(await names({ 'm-00001-of-00002.safetensors': x })).toEqual([['x.weight'], ['A weight file is missing: m-00002-of-00002.safetensors.']]); // prettier-ignore
		expect(await names({ 'unet/d.safetensors': x, 'vae/d.safetensors': x })).toEqual([['unet/d/x.weight', 'vae/d/x.weight'], []]); // prettier-ignore
		const { readings } = await sorted(sourceOf({ 'one.safetensors': x, 'm.safetensors.index.json': index, 'notes.docx': 'PK' }), { units: null, data: false }); // prettier-ignore
		expect(readings[0]).toMatchObject({ kind: 'model', what: 'weights of a network', uses: [0, 1] });
		await expect(open({ 'one.safetensors': x, 'm.safetensors.index.json': '{' })).rejects.toThrow(/no proper index/);
	});

	it('opens again as it was saved, under its own names', async () => {
		const given = safetensorsBytes([['a.weight', 'F32', [2, 2], floats(1, 2, 3, 4)], ['__proto__', 'BOOL', [2], Uint8Array.of(1, 0)], ['n', 'I32', [], new Uint8Array(4)]]); // prettier-ignore
		const first = await open({ 'a.safetensors': given });
		const names = first.model.graph.nodes.flatMap(({ weights }) => weights.map(({ name }) => name));
		const outlets = { signal: new AbortController().signal, progress: () => undefined };
		const saved = await weightFile(names.map((name) => ({ name, tensor: first.model.weight(name) })), 'safetensors', outlets); // prettier-ignore
		const again = await open({ 'b.safetensors': saved });
		for (const name of ['a.weight', '__proto__', 'n']) {
			const [one, other] = [first.model.weight(name), again.model.weight(name)];
			expect([other.shape, other.dtype, await other.data()]).toEqual([one.shape, one.dtype, await one.data()]);
		}
		first.model.dispose();
		again.model.dispose();
	});

	it('is refused in a sentence that says why', async () => {
		const entry = (type: string, shape: unknown, offsets: unknown) => ({ dtype: type, shape, data_offsets: offsets });
		const messageOf = async (header: unknown, bytes = new Uint8Array(0)) => {
			const text = typeof header === 'string' ? header : JSON.stringify(header);
			const error: unknown = await open({ 'a.safetensors': safetensorsOf(text, [bytes]) }).catch((e: unknown) => e);
			return error instanceof Error ? error.message : '';
		};
		const x = entry('F32', [2], [0, 8]);
		expect(await messageOf({ x }, new Uint8Array(7))).toBe('“a.safetensors” was cut short.');
		expect(await messageOf({ x }, new Uint8Array(9))).toMatch(/1 bytes at its end belong to no tensor/);
		expect(await messageOf({ x, y: entry('F32', [1], [4, 8]) }, new Uint8Array(8))).toMatch(/“y” overlaps/);
		expect(await messageOf({ x, y: entry('F32', [1], [12, 16]) }, new Uint8Array(16))).toMatch(
			/4 bytes before “y” belong/
		);
		expect(await messageOf({ x: entry('F32', [3], [0, 8]) }, new Uint8Array(8))).toMatch(/not take as many bytes/);
		expect(await messageOf({ x: entry('F32', [2], [8, 0]) }, new Uint8Array(8))).toMatch(/not take as many bytes/);
		expect(await messageOf({ x: entry('Q7', [2], [0, 8]) }, new Uint8Array(8))).toMatch(/has the type Q7/);
		expect(await messageOf({ x: entry('F32', [-2], [0, 8]) }, new Uint8Array(8))).toMatch(/has the shape -2/);
		expect(await messageOf({ x: entry('F32', [2 ** 30, 2 ** 30], [0, 8]) }, new Uint8Array(8))).toMatch(
			/has the shape/
		);
		expect(await messageOf({ x: 3 })).toMatch(/“x” has no type/);
		expect(await messageOf('{"x"')).toMatch(/header is not valid JSON/);
		expect(await messageOf(`{"x":${'['.repeat(5000)}`)).toMatch(/header is not valid JSON/);
		expect(await messageOf({})).toMatch(/holds no weights/);
	});
});
