import { readFileSync } from 'node:fs';
import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { zipSync, strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import { errorData, errorFrom, LabError } from '#contracts/errors.ts';
import { columnBeside } from '#loaders/column-beside.ts';
import { openData } from '#loaders/open-data.ts';
import { splitName } from '#maths/split-name.ts';
import { cellsOf, opened } from '../tools/data.ts';

const zipOf = (files: Record<string, string>) =>
	zipSync(
		Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)]))
	) as Uint8Array<ArrayBuffer>;
const rows = (count: number, of: (i: number) => string) => Array.from({ length: count }, (_, i) => of(i)).join('\n');
const table = (count: number, from = 0) => `a,b,label\n${rows(count, (i) => `${from + i}.5,${i},${'xyz'[i % 3]}`)}\n`;

describe('several tables', () => {
	it('training and test tables of one shape are one set', async () => {
		const data = await opened({
			'train-and-test.zip': new Uint8Array(readFileSync('test/cases/tables/train-and-test.zip'))
		});
		const split = cellsOf(data, 'split');
		const [train, test] = ['train', 'test'].map((name) => split.filter((cell) => cell === name).length);
		expect([data.count, data.label, data.rows?.names]).toEqual([train! + test!, 'label', ['a', 'b']]);
		expect(split).toEqual([...Array<string>(train!).fill('train'), ...Array<string>(test!).fill('test')]);
		expect(train).toBeGreaterThan(test!);
		expect([...data.rows!.values.subarray(0, 2)]).toEqual([0.346, 0.822].map(Math.fround));
		expect(data.notes!.join('\n')).toMatch(/2 tables of one shape are one set: “split” says of which table a row is\./);
	});

	it('a label that one part has less of, or as numbers, is one label', async () => {
		const digits = (count: number, max: number) => `a,b,label\n${rows(count, (i) => `${i}.5,${i},${i % max}`)}\n`;
		const data = await opened({ 'train.csv': digits(30, 10), 'test.csv': digits(6, 2) });
		expect([data.count, data.label]).toEqual([36, 'label']);
		expect(new Set(cellsOf(data, 'label')).size).toBe(10);
	});

	it('folders may name the parts; texts that are no tables are passed over, and said', async () => {
		const data = await opened({
			'set.zip': zipOf({
				'set/test/data.csv': table(4, 100),
				'set/train/data.csv': table(6),
				'set/readme.txt': 'These are words\nand no table\n'
			})
		});
		expect(cellsOf(data, 'split')).toEqual([...Array<string>(6).fill('train'), ...Array<string>(4).fill('test')]);
		expect(data.rows!.values[12]).toBe(100.5);
		expect(data.notes![0]).toMatch(/readme.txt|readme/);
	});

	it('shards of one part are one set without a split', async () => {
		const part = (from: number) =>
			tableToIPC(tableFromArrays({ u: Float32Array.of(from, from + 1), w: Float32Array.of(1, 2) }), {
				format: 'stream'
			})!;
		const data = await opened({
			'data-00000-of-00002.arrow': part(0) as Uint8Array<ArrayBuffer>,
			'data-00001-of-00002.arrow': part(2) as Uint8Array<ArrayBuffer>,
			'state.json': '{}'
		});
		expect([...data.rows!.values]).toEqual([0, 1, 1, 2, 2, 1, 3, 2]);
		expect(data.columns.map(({ name }) => name)).toEqual(['u', 'w']);
		expect(data.notes!.join('\n')).toMatch(/2 tables of one shape are one set\./);
	});

	it('are one of forty at most, which are not opened to see', async () => {
		const tables = (count: number) =>
			opened(Object.fromEntries(Array.from({ length: count }, (_, k) => [`shard-${k}.csv`, table(2, k)])));
		expect((await tables(40)).count).toBe(80);
		const over = (await tables(41).catch((e: unknown) => e)) as LabError;
		expect([over.code, over.choices.length, over.choices[0]!.title]).toEqual(['choose', 41, 'shard-0.csv']);
	});

	it('beside one that has a line for each row, one of another length is a choice', async () => {
		const column = (count: number) => `v\n${rows(count, (i) => `${i}.25`)}\n`;
		const both = await opened({ 'X.csv': table(12), 'y.csv': column(12) });
		expect([both.count, both.columns.map(({ name }) => name)]).toEqual([12, ['a', 'b', 'label', 'v']]);
		const error = opened({ 'X.csv': table(12), 'y.csv': column(12), 'z.csv': column(9) });
		await expect(error).rejects.toMatchObject({ code: 'choose' });
	});

	it('tables of several shapes are a choice, which opens', async () => {
		const files = Object.entries({
			'k.zip': zipOf({ 'k/train.csv': table(5), 'k/stations.csv': 'lat,lon\n1,2\n3,4\n' })
		}).map(([path, part]) => ({ path, blob: new Blob([part]) }));
		const context = { signal: new AbortController().signal, progress: () => undefined };
		const error = await openData({ name: 'k', files }, context).then(
			() => null,
			(e: unknown) => e
		);
		const over = errorFrom(errorData(error)) as LabError;
		expect(over.code).toBe('choose');
		expect(over.choices.map(({ part }) => part)).toEqual(['k/train.csv', 'k/stations.csv']);
		expect(over.choices[0]!.title).toBe('train.csv (5 rows, 3 columns)');
		const chosen = await openData({ name: 'k', files, part: 'k/stations.csv' }, context);
		expect([chosen.count, chosen.rows?.names]).toEqual([2, ['lat', 'lon']]);
		const requested = { ...context, reading: { label: 1 } };
		expect((await openData({ name: 'k', files, part: 'k/stations.csv' }, requested)).label).toBe('lon');
	});
});

it.each([
	['x_train', 'train', 'x'],
	['Xtest', 'test', 'x'],
	['train_images', 'train', 'images'],
	['train-00000-of-00002', 'train', ''],
	['digits.val', 'val', 'digits'],
	['training', 'training', ''],
	['contest', null, null],
	['latest', null, null],
	['strain', null, null]
])('%s is part %s of %s', (name, split, rest) => {
	expect(splitName(name)).toEqual(split === null ? null : { split, rest });
});

it('takes a file with a line for each row as a column', async () => {
	const rows = Array.from({ length: 12 }, (_, i) => `${i * 0.5},${i * i}`);
	const numeric = `a,b\n${rows.join('\n')}\n`;
	const words = rows.map((_, i) => 'xyz'[i % 3]);
	const named = await opened({ 'X.csv': numeric, 'y.csv': `kind\n${words.join('\n')}\n` });
	expect([named.count, named.rows?.names, named.label]).toEqual([12, ['a', 'b'], 'kind']);
	expect(cellsOf(named, 'kind')).toEqual(words);
	expect(named.notes?.join(' ')).toContain('“y.csv” has a line for each row of “X.csv”');
	const coded = await opened({ 'X.csv': numeric, 'y.csv': rows.map((_, i) => i % 2).join('\n') });
	expect(cellsOf(coded, 'y')).toEqual(rows.map((_, i) => String(i % 2)));
	expect(coded.rows?.names).toEqual(['a', 'b']);
	const again = await opened({ 'X.csv': numeric, 'y.csv': words.join('\n') }, { uses: [{ at: 1, use: 'left out' }] });
	expect([again.rows?.names, again.label]).toEqual([['a'], 'y']);
	await expect(opened({ 'X.csv': numeric, 'y.csv': '1\n2\n3\n' })).rejects.toMatchObject({ code: 'choose' });
});

describe('a file with a line for each row', () => {
	const column = (text: string, count: number, path = 'y.txt', padding = 0) =>
		columnBeside({ path, blob: new Blob([text, ' '.repeat(padding)]) }, count);
	const lines = (...cells: readonly (string | number)[]) => `${cells.join('\n')}\n`;

	it('is a text of so many lines, or of one more with a header', async () => {
		expect(await column(lines('0.5', '1.5'), 2)).toMatchObject({ name: 'y', values: Float64Array.of(0.5, 1.5) });
		expect(await column(lines('"size"', '0.5', '1.5'), 2)).toMatchObject({ name: 'size' });
		expect(await column(lines('0.5', '1.5', '2.5', '3.5'), 2)).toBeNull();
		expect(await column(lines('0.5'), 2)).toBeNull();
		// Of one row nothing can be said.
		expect(await column(lines('0.5'), 1)).toBeNull();
		expect(await column('0.5\r\n1.5\r2.5\n \n\n', 3)).toMatchObject({ values: Float64Array.of(0.5, 1.5, 2.5) });
		for (const path of ['y.csv', 'y.TSV', 'c.names', 'y.label', 'y.labels'])
			expect(await column(lines(0.5, 1.5), 2, path), path).not.toBeNull();
		expect(await column(lines(0.5, 1.5), 2, 'y.json')).toBeNull();
		// Larger than any of its kind.
		const maxBytes = 64 << 20;
		expect(await column(lines(0.5, 1.5), 2, 'y.txt', maxBytes - 8)).not.toBeNull();
		expect(await column(lines(0.5, 1.5), 2, 'y.txt', maxBytes - 7)).toBeNull();
	});
	it('of one cell each: numbers, words, or few of either', async () => {
		expect(await column(lines('a,b', 'c,d'), 2)).toBeNull();
		expect(await column(lines('1,5', '2,5'), 2)).toMatchObject({ kind: 'category' });
		expect(await column(lines('0.5', 'NA', '', '1.5'), 4)).toMatchObject({
			kind: 'number',
			values: Float64Array.of(0.5, NaN, NaN, 1.5)
		});
		expect(await column(lines('0.5', 'NA', 'x', '0.5'), 4)).toMatchObject({ kind: 'text' });
		expect(await column(lines(1, 0, 1), 3)).toMatchObject({ kind: 'category', categories: ['0', '1'] });
		const words = (many: number, count: number) =>
			lines(...Array.from({ length: count }, (_, i) => `w${Math.min(i, many - 1)}`));
		const kind = async (many: number, count: number) => (await column(words(many, count), count))?.kind;
		expect([await kind(2, 2), await kind(3, 3)]).toEqual(['category', 'text']);
		expect([await kind(7, 10), await kind(8, 10)]).toEqual(['category', 'text']);
		expect(await column(lines('"a, b"', '"c"'), 2)).toBeNull();
		expect(await column(lines('"a"', '"c"'), 2)).toMatchObject({ categories: ['a', 'c'] });
		expect((await column(lines('n'.repeat(90), 0.5, 1.5), 2))?.name).toHaveLength(80);
	});
});
