import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { zipSync, strToU8 } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import type { Column, DataSet } from '#contracts/data-set.ts';
import { isAbort } from '#contracts/errors.ts';
import { dataLoaders } from '#loaders/data-registry.ts';
import { openData } from '#loaders/open-data.ts';
import { sampleMakers } from '#loaders/sample-registry.ts';
import { npyHeader } from '#maths/npy.ts';
import { dataFolder } from '../tools/files.ts';
import { refused } from '../tools/refusal.ts';

type Parts = Record<string, string | Uint8Array<ArrayBuffer> | ArrayBuffer>;

function open(parts: Parts, signal = new AbortController().signal, progress: (done: number) => void = () => undefined) {
	const files = Object.entries(parts).map(([path, part]) => ({ path, blob: new Blob([part]) }));
	return openData({ name: 'set', files }, { signal, progress });
}
const bytes = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));
const column = (data: DataSet, name: string): Column => data.columns.find((one) => one.name === name)!;
function category(data: DataSet, name: string): string[] {
	const own = column(data, name);
	expect(own.kind).toBe('category');
	return own.kind === 'category' ? Array.from(own.codes, (code) => own.categories[code]!) : [];
}
const refusal = async (job: Promise<unknown>) => (await refused(job)).message;

describe('tables as text', () => {
	it('types columns, finds the label, keeps quotes and gaps', async () => {
		const text =
			'id,weight,"height, cm",species,note\r\n1,3.5,10,cat,"a ""good"" one"\r\n2,,12,dog,"two\nlines"\r\n3,4e1,NA,cat,last\r\n4,1,1,dog,last\r\n';
		const data = await open({ 'pets.csv': text });
		expect(data.name).toBe('pets');
		expect(data.count).toBe(4);
		expect(data.label).toBe('species');
		expect(category(data, 'species')).toEqual(['cat', 'dog', 'cat', 'dog']);
		// The row number is no feature.
		expect(data.rows?.names).toEqual(['weight', 'height, cm']);
		expect([...data.rows!.values]).toEqual([3.5, 10, NaN, 12, 40, NaN, 1, 1]);
		const note = column(data, 'note');
		expect(note.kind === 'text' ? note.values : []).toEqual(['a "good" one', 'two\nlines', 'last', 'last']);
	});

	it('reads tabs, semicolons and tables without a header', async () => {
		const tabs = await open({ 'a.tsv': '1\t2\t0\n3\t4\t1\n' });
		expect(tabs.rows?.width).toBe(3);
		expect(tabs.columns.map(({ name }) => name)).toEqual(['column 1', 'column 2', 'column 3']);
		const semicolons = await open({ 'b.csv': '\ufeffx;y;label\n1;2;0\n3;4;1\n5;6;0\n' });
		expect(semicolons.rows?.names).toEqual(['x', 'y']);
		expect(category(semicolons, 'label')).toEqual(['0', '1', '0']);
	});

	it('reads a long table in pieces, each row once, and hears a cancel', async () => {
		const lines = Array.from({ length: 300_000 }, (_, i) => `${i},${i % 7}.25,"word ${i % 3}, quoted"`);
		const text = `a,b,c\n${lines.join('\n')}`;
		expect(text.length).toBeGreaterThan(8 << 20);
		const seen: number[] = [];
		const data = await open({ 'long.csv': text }, undefined, (done) => seen.push(done));
		expect(seen.length).toBeGreaterThan(2);
		expect(data.count).toBe(300_000);
		const a = column(data, 'a');
		expect(a.kind === 'number' && a.values.every((value, i) => value === i)).toBe(true);
		expect(category(data, 'c').every((text, i) => text === `word ${i % 3}, quoted`)).toBe(true);
		const controller = new AbortController();
		const cancelled = open({ 'long.csv': text }, controller.signal, () => controller.abort());
		await expect(cancelled.catch((error: unknown) => isAbort(error))).resolves.toBe(true);
	});

	it('says in a sentence what is no table', async () => {
		expect(await refusal(open({ 'a.csv': 'just a line of words\nand another one\n' }))).toContain('a.csv');
		expect(await refusal(open({ 'a.csv': 'name,kind\na,b\nc,d\n' }))).toContain('no column of numbers');
		expect(await refusal(open({ 'a.bin': bytes('AAECAwQF') }))).toContain('No data set was found in a.bin');
	});
});

describe('NumPy', () => {
	const half =
		'k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAPgDA/3sBAAB8Zi4=';
	const fortran =
		'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMywgNCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAChAAAAAAAAAEEAAAAAAAAAwQAAAAAAAACBAAAAAAAAANEAAAAAAAADwPwAAAAAAACpAAAAAAAAAFEAAAAAAAAAxQAAAAAAAACJAAAAAAAAANUAAAAAAAAAAQAAAAAAAACxAAAAAAAAAGEAAAAAAAAAyQAAAAAAAACRAAAAAAAAANkAAAAAAAAAIQAAAAAAAAC5AAAAAAAAAHEAAAAAAAAAzQAAAAAAAACZAAAAAAAAAN0A=';
	const npz =
		'UEsDBC0AAAAAAAAAIQAWctyh//////////8FABQAeC5ucHkBABAAsAAAAAAAAACwAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxmNCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICg0LCAzKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAAgD8AAABAAABAQAAAgEAAAKBAAADAQAAA4EAAAABBAAAQQQAAIEEAADBBUEsDBC0AAAAAAAAAIQDScJ12//////////8FABQAeS5ucHkBABAAoAAAAAAAAACgAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxpOCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICg0LCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAAAAABAAAAAAAAAAEAAAAAAAAAAAAAAAAAAABQSwMELQAAAAAAAAAhAN10H/j//////////wgAFABuYW1lLm5weQEAEACQAAAAAAAAAJAAAAAAAAAAk05VTVBZAQB2AHsnZGVzY3InOiAnPFUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDQsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAphAAAAYgAAAGMAAABkAAAAUEsBAi0DLQAAAAAAAAAhABZy3KGwAAAAsAAAAAUAAAAAAAAAAAAAAIABAAAAAHgubnB5UEsBAi0DLQAAAAAAAAAhANJwnXagAAAAoAAAAAUAAAAAAAAAAAAAAIAB5wAAAHkubnB5UEsBAi0DLQAAAAAAAAAhAN10H/iQAAAAkAAAAAgAAAAAAAAAAAAAAIABvgEAAG5hbWUubnB5UEsFBgAAAAADAAMAnAAAAIgCAAAAAA==';

	it('reads what numpy wrote: half precision, column order, an .npz with labels and words', async () => {
		const halves = await open({ 'h.npy': bytes(half) });
		const expected = [1.5, -2, 65504, 5.960464477539063e-8, Infinity, 0.0999755859375];
		expect([...halves.rows!.values]).toEqual(expected.map(Math.fround));
		const columns = await open({ 'f.npy': bytes(fortran) });
		expect([columns.count, columns.rows?.width]).toEqual([2, 12]);
		expect([...columns.rows!.values]).toEqual(Array.from({ length: 24 }, (_, i) => i));
		const several = await open({ 'several.npz': bytes(npz) });
		expect([several.count, several.rows?.width, several.label]).toEqual([4, 3, 'y']);
		expect([...several.rows!.values]).toEqual(Array.from({ length: 12 }, (_, i) => i));
		expect(category(several, 'y')).toEqual(['0', '1', '1', '0']);
	});

	it('makes pictures of rows that have the shape of pictures', async () => {
		const pixels = new Float32Array(2 * 4 * 5 * 3).map((_, i) => (i % 60) / 59);
		const data = await open({ 'p.npy': bytes64(npyHeader([2, 4, 5, 3], 'float32'), pixels) });
		expect(data.images).toHaveLength(2);
		const file = new DataView(await data.images![0]!.arrayBuffer());
		expect([file.getInt32(18, true), file.getInt32(22, true), file.getUint16(28, true)]).toEqual([5, -4, 24]);
		// Blue, green, red of the first pixel; rows are padded to whole words.
		expect([54, 55, 56].map((at) => file.getUint8(at))).toEqual([2, 1, 0].map((c) => Math.round((255 * c) / 59)));
		expect(file.getUint8(54 + 16)).toBe(Math.round((255 * 17) / 59));
	});

	it.each([
		['cut off', bytes(half).slice(0, 134), 'ends before'],
		['a header without end', Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 255, 255, 1, 2, 3), 'header'],
		['objects', replaced(half, "'<f2'", "'|O8'"), 'objects of Python'],
		['more rows than fit', replaced(half, '(2, 3)', '(9000000000, 3)'), 'ends before|more than'],
		['a dimension that is none', replaced(half, '(2, 3)', '(-2, 3)'), 'header']
	])('refuses %s', async (_, file, message) => {
		expect(await refusal(open({ 'bad.npy': file as Uint8Array<ArrayBuffer> }))).toMatch(new RegExp(message));
	});

	function replaced(base64: string, what: string, by: string): Uint8Array<ArrayBuffer> {
		const text = Buffer.from(base64, 'base64').toString('latin1');
		const longer = by.length - what.length;
		return Uint8Array.from(
			Buffer.from(text.replace(what, by).replace(' '.repeat(Math.max(1, longer)), longer ? '' : ' '), 'latin1')
		);
	}
	function bytes64(head: Uint8Array<ArrayBuffer>, values: Float32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
		const all = new Uint8Array(head.length + values.byteLength);
		all.set(head);
		all.set(new Uint8Array(values.buffer), head.length);
		return all;
	}
});

describe('Parquet and Arrow', () => {
	const label = ['a', 'b', 'a', 'c', 'b', 'a'];
	const vectors = label.map((_, i) => [i, 2 * i, -i]);

	it('reads columns, labels and lists as rows from Parquet', async () => {
		const buffer = parquetWriteBuffer({
			columnData: [
				{ name: 'size', data: Float64Array.of(1, 2, 3, 4, 5, 6), type: 'DOUBLE' },
				{ name: 'label', data: label, type: 'STRING' },
				{ name: 'count', data: [1n, 2n, 3n, 4n, 5n, 6n], type: 'INT64' }
			]
		});
		const data = await open({ 'a.parquet': buffer });
		expect([data.count, data.label]).toEqual([6, 'label']);
		expect(category(data, 'label')).toEqual(label);
		expect(data.rows?.names).toEqual(['size', 'count']);
		expect([...data.rows!.values]).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
		expect(await refusal(open({ 'a.parquet': new Uint8Array(buffer).slice(0, 90) }))).toContain('a.parquet');
	});

	it('reads Arrow files and streams', async () => {
		const table = tableFromArrays({ vector: vectors, label, weight: Float32Array.of(1, 2, 3, 4, 5, 6) });
		for (const [name, format] of [
			['a.arrow', 'file'],
			['a.arrows', 'stream']
		] as const) {
			const ipc = tableToIPC(table, { format })!;
			const data = await open({ [name]: ipc as Uint8Array<ArrayBuffer> });
			expect([data.count, data.rows?.width, data.label]).toEqual([6, 3, 'label']);
			expect([...data.rows!.values]).toEqual(vectors.flat().map((v) => v || 0));
			expect(category(data, 'label')).toEqual(label);
		}
		expect(
			await refusal(open({ 'bad.arrow': strToU8('ARROW1 and then nothing') as Uint8Array<ArrayBuffer> }))
		).toContain('bad.arrow');
	});
});

describe('images', () => {
	const png = bytes('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==');

	it('takes a zip, labels from its folders, and leaves out what is none', async () => {
		const zip = zipSync({
			'set/cat/2.png': png,
			'set/cat/10.png': png,
			'set/dog/1.png': png,
			'set/readme.txt': strToU8('words'),
			'__MACOSX/set/cat/._2.png': png
		});
		const data = await open({ 'set.zip': zip as Uint8Array<ArrayBuffer> });
		expect([data.count, data.label, data.rows]).toEqual([3, 'folder', null]);
		expect(category(data, 'folder')).toEqual(['cat', 'cat', 'dog']);
		const file = column(data, 'file');
		expect(file.kind === 'text' ? file.values : []).toEqual(['2.png', '10.png', '1.png']);
		expect(data.images).toHaveLength(3);
	});
});

describe('the projector of TensorBoard', () => {
	it('reads vectors with metadata, with a configuration and without', async () => {
		const tensor = '1\t2\t3\n4\t5\t6\n7\t8\t9.5\n';
		const named = await open({ 'tensors.tsv': tensor, 'metadata.tsv': 'word\tclass\none\ta\ntwo\tb\nthree\ta\n' });
		expect([named.count, named.rows?.width, named.label]).toEqual([3, 3, 'class']);
		expect([...named.rows!.values]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9.5]);
		const floats = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
		const config = {
			embeddings: [{ tensorName: 'E', tensorShape: [2, 2], tensorPath: 'x/e.bytes', metadataPath: 'm.tsv' }]
		};
		const given = await open({
			'projector_config.json': JSON.stringify(config),
			'e.bytes': floats,
			'm.tsv': 'first\nsecond\n'
		});
		expect([given.name, given.count, given.rows?.width]).toEqual(['E', 2, 2]);
		const alone = await open({ 'e.bytes': floats, 'metadata.tsv': 'a\nb\n' });
		expect(alone.rows?.width).toBe(2);
	});

	it('refuses what does not fit together', async () => {
		const floats = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
		expect(await refusal(open({ 'e.bytes': floats }))).toContain('e.bytes');
		expect(await refusal(open({ 't.tsv': '1\t2\n3\t4\n', 'metadata.tsv': 'a\nb\nc\nd\n' }))).toContain('4 rows');
		expect(await refusal(open({ 't.tsv': '1\t2\n3\n', 'metadata.tsv': 'a\nb\n' }))).toContain('line 2');
	});
});

describe('what the lab makes', () => {
	it.each([...sampleMakers.values()])('$id is the same for a seed, and whole', (maker) => {
		const [one, same, other] = [maker.make(1), maker.make(1), maker.make(2)];
		const start = ({ rows }: DataSet) => [...rows!.values.subarray(0, 5000)];
		expect(start(one)).toEqual(start(same));
		expect(start(one)).not.toEqual(start(other));
		expect(one.rows!.values).toHaveLength(one.count * one.rows!.width);
		expect(one.rows!.values.every(Number.isFinite)).toBe(true);
		expect(one.columns.some(({ name, kind }) => name === one.label && kind === 'category')).toBe(true);
	});

	it('the clouds are apart: each row’s cloud has the nearest middle', () => {
		const { rows, columns, count } = sampleMakers.get('mixture')!.make(1);
		const { values, width } = rows!;
		const [first] = columns;
		const codes = first?.kind === 'category' ? first.codes : new Int32Array(0);
		const means = Array.from({ length: 10 }, () => new Float64Array(width));
		codes.forEach((code, i) =>
			means[code]!.forEach((_, k) => (means[code]![k]! += values[i * width + k]! / (count / 10)))
		);
		const right = Array.from(codes).filter((code, i) => {
			const distances = means.map((mean) => mean.reduce((sum, m, k) => sum + (values[i * width + k]! - m) ** 2, 0));
			return distances.indexOf(Math.min(...distances)) === code;
		});
		expect(right.length / count).toBeGreaterThan(0.99);
	});
});

it('every format says which endings it takes', () => {
	for (const { id, title, extensions } of dataLoaders.values())
		expect([id, title, extensions.length > 0]).toContain(true);
});

describe.skipIf(!dataFolder || !existsSync(join(dataFolder, 'tabular')))('public tables', () => {
	it('penguins: numbers, gaps and the species', async () => {
		const text = readFileSync(join(dataFolder!, 'tabular/penguins/penguins.csv'), 'utf8');
		const data = await open({ 'penguins.csv': text });
		expect(data.count).toBe(344);
		expect(data.label).toBe('species');
		expect(new Set(category(data, 'species'))).toEqual(new Set(['Adelie', 'Chinstrap', 'Gentoo']));
		expect(data.rows?.names).toContain('bill_length_mm');
		expect([...data.rows!.values].filter(Number.isNaN).length).toBe(8);
	});
});
