import { readFileSync } from 'node:fs';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import type { SortContext } from '#contracts/kind.ts';
import { kinds } from '#loaders/kind-registry.ts';
import { sorted } from '#loaders/sort.ts';

/** What each kind makes of files: which it takes, and how sure it is beside the others. */

const png = new Uint8Array(readFileSync('static/samples/digit-4.png'));
const parquet = new Uint8Array(
	parquetWriteBuffer({ columnData: [{ name: 'u', data: [0.5, 1.5, 2.5], type: 'DOUBLE' }] })
);
const csv = 'a,b\n1.5,2\n3.5,4\n5.5,6\n';
const ten = Array.from('abcdefghij').join('\n');

type Part = string | Uint8Array<ArrayBuffer> | Blob;
const source = (files: Readonly<Record<string, Part>>) => ({
	name: 'x',
	files: Object.entries(files).map(([path, part]) => ({ path, blob: part instanceof Blob ? part : new Blob([part]) }))
});
/** As many as `count`, before others. */
const many = (count: number, part: Part, ending = ''): Record<string, Part> =>
	Object.fromEntries(Array.from({ length: count }, (_, k) => [`f${k}${ending}`, part]));
const of = (kind: string, files: Readonly<Record<string, Part>>, context: Partial<SortContext> = {}) =>
	kinds.get(kind)!.match(source(files), { units: 10, data: false, ...context });
/** The kinds, the surest first. */
async function order(files: Readonly<Record<string, Part>>, context: Partial<SortContext> = {}): Promise<string[]> {
	const { readings } = await sorted(source(files), { units: 10, data: false, ...context });
	for (const { kind, sure } of readings) expect(sure > 0 && sure <= 1, kind).toBe(true);
	return readings.map(({ kind }) => kind);
}

describe('a data set', () => {
	const data = (files: Readonly<Record<string, Part>>, context: Partial<SortContext> = {}) =>
		of('data', files, context);

	it('is every table, of whatever formats', async () => {
		const both: readonly Readonly<Record<string, Part>>[] = [
			{ 'a.parquet': parquet, 'b.csv': csv },
			{ 'a.csv': csv, 'b.csv': csv }
		];
		for (const files of both) expect(await data(files)).toMatchObject({ uses: [0, 1], what: 'a data set: 2 tables' });
		expect(await order({ 'a.csv': csv, 'b.csv': csv }, { data: true })).toEqual(['data', 'labels']);
		// Of text alone it is less sure than a list of names is, with a binary table in it surer.
		expect(await order({ 'a.csv': ten, 'b.csv': csv })).toEqual(['labels', 'data']);
		expect(await order({ 'a.parquet': parquet, 'b.csv': ten })).toEqual(['data', 'labels']);
	});
	it('is one table, without what is none', async () => {
		const description = 'a data set: Table (CSV, TSV, JSON lines)';
		expect(await data({ 'notes.docx': 'PK', 'a.csv': csv })).toMatchObject({ uses: [1], what: description });
		expect(await data({ 'a.csv': csv })).toMatchObject({ uses: [0], what: description });
		expect(await order({ 'a.csv': ten })).toEqual(['labels', 'data']);
		expect(await order({ 'a.csv': ten }, { data: true })).toEqual(['data', 'labels']);
		expect(await data({ 'notes.docx': 'PK' })).toBeNull();
		expect(await data({})).toBeNull();
	});
	it('is pictures with the table beside them, without the rest', async () => {
		const pictures = many(5, png, '.png');
		expect(await data({ ...pictures, 'notes.docx': 'PK', 'a.csv': csv })).toMatchObject({
			uses: [0, 1, 2, 3, 4, 6],
			what: 'a data set: Images in folders, 6 files'
		});
		expect((await data({ ...pictures, 'notes.docx': 'PK' }))?.uses).toEqual([0, 1, 2, 3, 4]);
		const two = await data({ ...many(9, png, '.png'), 'a.csv': csv, 'b.csv': csv });
		expect(two?.what).toBe('a data set: Images in folders, 11 files');
	});
	it('is all files where there are too many to ask each', async () => {
		const uses = async (count: number) => (await data({ ...many(count, png), 'notes.docx': 'PK' }))!.uses.length;
		expect([await uses(99), await uses(100)]).toEqual([99, 101]);
	});
	it('is all files where they only make sense together', async () => {
		const points = { 'e.bytes': new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer) };
		const config = '{"embeddings":[{"tensorName":"E","tensorShape":[3,2],"tensorPath":"e.bytes"}]}';
		// A tensor alone may be one, too, but not without what says how long its rows are.
		expect(await data({ ...points, 'projector_config.json': config })).toMatchObject({
			uses: [0, 1],
			what: 'a data set: TensorBoard projector files, 2 files'
		});
		expect((await data({ ...points, 'notes.docx': 'PK' }))?.uses).toEqual([0]);
		const texts = { 'tensors.tsv': '1\t2\n3\t4\n5\t6\n', 'metadata.tsv': 'a\nb\nc\n' };
		expect((await data(texts))?.uses).toEqual([0, 1]);
	});
});

describe('class names', () => {
	it('are surest where they fit the head, then as a list, then as a table', async () => {
		const sure = async (text: string, units: number | null = 10) =>
			(await of('labels', { 'a.txt': text }, { units }))?.sure ?? 0;
		const list = 'cat\ndog\nbird\n';
		const table = 'name,size,weight\ncat,1.5,3\ndog,2.5,4\n';
		const all = [await sure(ten), await sure(list), await sure(table)];
		expect(all).toEqual([...all].sort((a, b) => b - a));
		expect(new Set(all).size).toBe(3);
		expect([await sure('cat\n'), await sure('cat\ndog\n')]).toEqual([all[2], all[1]]);
		expect(await sure(ten, null)).toBe(all[1]);
	});
	it('are those that fit best; of equals the first', async () => {
		const names = async (files: Record<string, string>) => (await of('labels', files))?.uses;
		expect(await names({ 'a.txt': 'cat\ndog\n', 'b.txt': ten })).toEqual([1]);
		expect(await names({ 'a.txt': 'cat\ndog\n', 'b.txt': 'one\ntwo\n' })).toEqual([0]);
		expect(await names({ ...many(20, '', '.txt'), 'b.txt': ten })).toEqual([20]);
		const some = many(20, '{"format": "vitrine-figure"}', '.txt') as Record<string, string>;
		expect(await names({ ...some, 'b.txt': ten })).toBeUndefined();
		delete some['f0.txt'];
		expect(await names({ ...some, 'b.txt': ten })).toEqual([19]);
	});
	it('are said with their number, and where they do not fit', async () => {
		expect(await of('labels', { 'a.txt': 'cat\n' })).toMatchObject({
			what: 'class names: 1 name',
			problem: { message: '“a.txt” holds 1 name, and the open model predicts 10.', final: false }
		});
		expect((await of('labels', { 'a.txt': 'cat\n' }, { units: null }))?.problem).toBeUndefined();
	});
	it('are not in what the lab itself wrote', async () => {
		const saved = (at: number) => `${' '.repeat(at)}"vitrine-\ncat\ndog\n`;
		expect(await of('labels', { 'a.txt': saved(391) })).toBeNull();
		expect(await of('labels', { 'a.txt': saved(392) })).not.toBeNull();
	});
});

describe('an image', () => {
	const page = new Blob(['<html>'], { type: 'image/png' });
	it('is one for the model, less surely where it only calls itself so, or is one of several', async () => {
		const all = [
			await of('image', { 'a.png': png }),
			await of('image', { 'a.png': page }),
			await of('image', { 'a.png': page, 'b.png': png, 'c.txt': 'x' }),
			await of('image', { 'a.png': png }, { data: true })
		].map((one) => one!.sure);
		expect(all).toEqual([...all].sort((a, b) => b - a));
		expect(new Set(all).size).toBe(4);
		expect(await order({ 'a.png': png })).toEqual(['image', 'data']);
		// A page in place of a picture is named as what it is.
		expect(await order({ 'a.png': page })).toEqual(['foreign', 'image']);
		expect(await of('image', { 'c.txt': 'x', 'd/a.png': png })).toMatchObject({ uses: [1], what: 'an image: a.png' });
		expect(await of('image', { 'c.txt': 'x' })).toBeNull();
	});
	it('is looked for among the first', async () => {
		expect((await of('image', { ...many(199, 'x'), 'a.png': png }))?.uses).toEqual([199]);
		expect(await of('image', { ...many(200, 'x'), 'a.png': png })).toBeNull();
	});
});

describe('what the lab knows and does not open', () => {
	it('is named where it stands alone; beside others it is what is left over', async () => {
		expect(await of('foreign', { 'a.txt': 'x', 'a.pdf': '%PDF-1.7' })).toMatchObject({
			uses: [1],
			problem: { message: '“a.pdf” is a PDF document, which the lab does not open.', final: true }
		});
		expect(await order({ 'a.csv': csv, 'a.pdf': '%PDF-1.7' })).toEqual(['labels', 'data', 'foreign']);
		// Words of a page are no class names.
		expect((await order({ 'a.txt': '<!DOCTYPE html>\ncat\ndog\n' }))[0]).toBe('foreign');
		expect((await of('foreign', { ...many(49, 'x'), 'a.pdf': '%PDF-1.7' }))?.uses).toEqual([49]);
		expect(await of('foreign', { ...many(50, 'x'), 'a.pdf': '%PDF-1.7' })).toBeNull();
	});
});

describe('a training log', () => {
	const record = (length: number, text: string, size = 64) => {
		const bytes = new Uint8Array(size);
		new DataView(bytes.buffer).setUint32(0, length, true);
		bytes.set(new TextEncoder().encode(text).subarray(0, size - 12), 12);
		return bytes;
	};
	it('begins with a short record that says so, or is called so', async () => {
		const known = async (path: string, bytes: Uint8Array<ArrayBuffer>) => (await of('log', { [path]: bytes })) !== null;
		expect(await known('x', record(24, 'brain.Event:2'))).toBe(true);
		expect(await known('x', record(24, 'words'))).toBe(false);
		expect(await known('a.tfevents.1', record(24, 'words'))).toBe(true);
		expect(await known('a.tfevents.1', record(199, 'words'))).toBe(true);
		expect(await known('a.tfevents.1', record(200, 'words'))).toBe(false);
		expect(await known('x', record(200, 'brain.Event:2'))).toBe(false);
		expect(await known('a.tfevents.1', record(24, '', 24))).toBe(true);
		expect(await known('a.tfevents.1', record(24, '', 23))).toBe(false);
		expect(await of('log', { a: 'x', 'b.tfevents': record(9, ''), 'c.tfevents': record(9, '') })).toMatchObject({
			uses: [1, 2],
			problem: { final: true }
		});
		expect((await of('log', { ...many(49, 'x'), 'b.tfevents': record(9, '') }))?.uses).toEqual([49]);
		expect(await of('log', { ...many(50, 'x'), 'b.tfevents': record(9, '') })).toBeNull();
	});
});

describe('a figure of this lab', () => {
	it('says so in its first letters', async () => {
		const figureText = (before: number) => `{${' '.repeat(before)}"format": "vitrine-figure", "version": 1}`;
		expect((await of('work', { a: 'x', 'b.json': figureText(0) }))?.uses).toEqual([1]);
		expect(await of('work', { 'b.json': figureText(373) })).not.toBeNull();
		expect(await of('work', { 'b.json': figureText(374) })).toBeNull();
		expect(await of('work', { 'b.json': figureText(0).slice(1) })).toBeNull();
		expect((await of('work', { ...many(49, 'x'), 'b.json': figureText(0) }))?.uses).toEqual([49]);
		expect(await of('work', { ...many(50, 'x'), 'b.json': figureText(0) })).toBeNull();
	});
});
