import { strToU8, zipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SortContext } from '#contracts/kind.ts';
import { endings, sorted } from '#loaders/sort.ts';
import { shardsOf } from '#loaders/tfjs/model-json.ts';
import { planned, unusedSentence } from '#state/opening/files.ts';

const model = readFileSync(new URL('../../models/digits/model.json', import.meta.url));
const weights = readFileSync(new URL('../../models/digits/model.bin', import.meta.url));
const png = readFileSync(new URL('../../static/samples/digit-4.png', import.meta.url));
const table = `a,b,species\n${Array.from({ length: 345 }, (_, i) => `${i},${i * 0.5},${i % 3 ? 'x' : 'y'}`).join('\n')}\n`;
const ten = 'nought\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n';

type Files = Readonly<Record<string, string | Uint8Array>>;

const source = (files: Files) => ({
	name: 'x',
	files: Object.entries(files).map(([path, text]) => ({ path, blob: new Blob([text as BlobPart]) }))
});
async function plan(files: Files, context: Partial<SortContext> = {}, requested?: string) {
	const sorting = await sorted(source(files), { units: 10, data: false, ...context });
	const { taken, others, unused } = planned(sorting, requested);
	return { sorting, taken, kinds: taken.map(({ kind }) => kind), others: others.map(({ kind }) => kind), unused };
}

describe('dropped files', () => {
	it('of a model are a model, with its image, and say what is not used', async () => {
		const files = { 'model.json': model, 'model.bin': weights, 'four.png': png, 'notes.docx': 'PK' };
		const { kinds, unused } = await plan(files);
		expect(kinds).toEqual(['model', 'image']);
		expect(unused).toEqual(['notes.docx']);
		expect(unusedSentence(unused)).toBe('Not used: notes.docx.');
	});
	it('are a data set, not 345 class names of ten', async () => {
		const { kinds } = await plan({ 'penguins.csv': table });
		expect(kinds).toEqual(['data']);
	});
	it('are class names where they fit, and may be a data set', async () => {
		const { taken, others } = await plan({ 'labels.txt': ten });
		expect(taken[0]).toMatchObject({ kind: 'labels', what: 'class names: 10 names', uses: [0] });
		expect(taken[0]?.problem).toBeUndefined();
		expect(others.every((kind) => kind === 'data')).toBe(true);
	});
	it('are asked about where they fit no head', async () => {
		const { taken } = await plan({ 'labels.txt': 'cat\ndog\nbird\n' });
		expect(taken[0]).toMatchObject({ kind: 'labels', problem: { final: false } });
		expect(taken[0]?.problem?.message).toBe('“labels.txt” holds 3 names, and the open model predicts 10.');
		expect((await plan({ 'labels.txt': 'cat\ndog\nbird\n' }, {}, 'labels')).kinds).toEqual(['labels']);
	});
	it('are class names with a background more or less', async () => {
		const { taken } = await plan({ 'labels.txt': `background\n${ten}` });
		expect(taken[0]?.kind).toBe('labels');
		expect(taken[0]?.problem).toBeUndefined();
	});
	it('are an image for the model, one of a set where data are opened', async () => {
		expect((await plan({ 'a.png': png })).kinds).toEqual(['image']);
		expect((await plan({ 'a.png': png }, { data: true })).kinds).toEqual(['data']);
		const several = await plan({ 'a.png': png, 'b.png': png, 'c.png': png });
		expect(several.kinds).toEqual(['data']);
		expect(several.others).toEqual(['image']);
	});
	it('are looked for in archives', async () => {
		const zip = zipSync({ 'm/model.json': model, 'm/model.bin': weights });
		const { kinds, sorting } = await plan({ 'model.zip': zip });
		expect(kinds).toEqual(['model']);
		expect(sorting.files.map(({ path }) => path)).toEqual(['m/model.json', 'm/model.bin']);
		expect((await plan({ 'set.zip': zipSync({ 'set.csv': strToU8(table) }) })).kinds).toEqual(['data']);
	});
	it('are weights alone, which may go onto an open model', async () => {
		const bag = '\x1d\0\0\0\0\0\0\0{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}1234';
		const { taken } = await plan({ 'w.safetensors': Uint8Array.from(bag, (c) => c.charCodeAt(0)) });
		expect(taken).toMatchObject([{ kind: 'model', what: 'weights of a network', bag: true }]);
		expect((await plan({ 'm/model.json': model, 'm/model.bin': weights })).taken[0]?.bag).toBeUndefined();
	});
	it('are a figure that the lab saved', async () => {
		const text = JSON.stringify({ format: 'vitrine-figure', version: 1, layers: [] });
		expect((await plan({ 'figure.json': text })).kinds).toEqual(['work']);
	});
	it('that are nothing get a sentence', async () => {
		const { sorting } = await plan({ 'model.json': '{"modelTopology": ' });
		expect(sorting.nothing?.message).toBe('“model.json” is not valid JSON.');
		expect((await plan({ 'a.json': '' })).sorting.nothing?.message).toBe('“a.json” is empty.');
		expect((await plan({})).sorting.nothing?.message).toBe('There are no files in it.');
	});

	const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
	it.each([
		['model.onnx', '\x08\x07\x12\x07pytorch', /ONNX/, /again/],
		['saved_model.pb', '\x08\x01\x12', /SavedModel/, /again/],
		['frozen.pb', '\n\x0a\x0a', /graph/, /again/],
		['a.pkl', '\x80\x04\x95', /pickle/, /numpy\.save/],
		['a.xlsx', 'PK\x05\x06', /Excel/, /CSV/],
		['a.pdf', '%PDF-1.7', /PDF/, /models/],
		['model.json', '<!DOCTYPE html><html>', /web page/, /download/],
		['model.bin', 'version https://git-lfs.github.com/spec/v1\noid', /LFS/, /git lfs pull/],
		['x.7z', '7z\xbc\xaf\x27\x1c', /archive/, /Unpack/]
	])('of a known format are named: %s', async (path, head, message, hint) => {
		const { taken } = await plan({ [path]: bytes(head + 'x'.repeat(40)) });
		expect(taken[0]?.problem).toMatchObject({ final: true });
		expect(taken[0]?.problem?.message).toMatch(message);
		expect(taken[0]?.problem?.hint).toMatch(hint);
	});
	it('of TensorBoard are a log', async () => {
		const head = '\x18\0\0\0\0\0\0\0\xa3\x7fK"\t\0\0\xc0\xfa\x9b\xd8\xd9A\x1a\rbrain.Event:2';
		const { taken } = await plan({ 'events.out.tfevents.1': bytes(head + '\0'.repeat(20)) });
		expect(taken[0]).toMatchObject({ kind: 'log', problem: { final: true } });
	});
});

it('pickers offer what the loaders read', () => {
	expect(endings()['model']).toEqual(expect.arrayContaining(['.json', '.bin', '.zip', '.keras', '.h5', '.hdf5']));
	expect(endings()['data']).toEqual(expect.arrayContaining(['.csv', '.npy', '.parquet']));
	expect(endings()['labels']).toContain('.txt');
});

it('shards are read off a model.json, whatever else is in it', async () => {
	const of = (text: string) => shardsOf(new Blob([text]));
	expect(await of('{"modelTopology":{},"weightsManifest":[{"paths":["a.bin","b.bin"]},{"paths":["c",7]}]}')).toEqual([
		'a.bin',
		'b.bin',
		'c'
	]);
	expect(await of('{"modelTopology":{},"weightsManifest":7}')).toEqual([]);
	expect(await of('no json')).toEqual([]);
});
