import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cellsOf, columnOf, opened } from '../tools/data.ts';

const bytes = (name: string) => Uint8Array.from(readFileSync(`test/cases/tables/${name}`));
const open = (name: string) => opened({ [name]: bytes(name) });
const textOf = (notes: readonly string[] | undefined) => (notes ?? []).join(' ');
const shape = (name: string) =>
	open(name).then((data) => [data.count, data.rows?.names ?? [], data.label, new Set(cellsOf(data, data.label!)).size]);

describe('tables as people have them', () => {
	it('ends its first look inside a letter', async () => {
		expect(await shape('utf8-cut-at-4096.csv')).toEqual([
			120,
			['a', 'b', 'c'],
			'городaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
			4
		]);
	});

	it('is written in Latin-1', async () => {
		const data = await open('latin1.csv');
		expect([data.count, data.rows?.names, data.label]).toEqual([60, ['Größe', 'Länge'], 'Sorte']);
		expect(new Set(cellsOf(data, 'Sorte'))).toEqual(new Set(['Süß', 'Grün', 'Weiß']));
		expect(textOf(data.notes)).toMatch(/guessed: windows-1252/);
	});

	it('has decimal commas', async () => {
		const data = await open('decimal-comma.csv');
		expect([data.count, data.rows?.names, data.label]).toEqual([60, ['länge', 'breite'], 'art']);
		expect(cellsOf(data, 'länge').slice(0, 4)).toEqual([0.346, 6.905, 12.365, -0.736]);
		expect(cellsOf(data, 'breite').slice(0, 4)).toEqual([0.822, 6.446, 12.294, -0.163]);
		expect(textOf(data.notes)).toMatch(/Decimal commas/);
	});

	it('has separators inside quotation marks', async () => {
		expect(await shape('quoted-separators.csv')).toEqual([60, ['Size, cm, all', 'Weight, kg, all'], 'kind', 3]);
	});

	it('calls two columns the same', async () => {
		const data = await open('two-headers-alike.csv');
		const names = data.columns.map(({ name }) => name);
		expect(data.count).toBe(30);
		expect(new Set(names).size).toBe(names.length);
		expect(cellsOf(data, 'a')[1]).toBe(1);
		expect(cellsOf(data, 'a (2)')[1]).toBe(301);
		expect(cellsOf(data, 'a (3)')[1]).toBe(101);
		expect(textOf(data.notes)).toMatch(/More than one column is called “a”/);
	});

	it('begins with comments', async () => {
		const data = await open('comment-lines.csv');
		expect([data.count, data.rows?.names, data.label]).toEqual([60, ['a', 'b'], 'label']);
		expect(textOf(data.notes)).toContain('Lines 1 to 2 passed over as comments.');
	});

	it('has a quotation mark that is never closed', async () => {
		const data = await open('open-quote.tsv');
		expect(data.count).toBe(30);
		expect(cellsOf(data, 'name')[3]).toBe('"Weird Al 3');
		expect(cellsOf(data, 'a')[3]).toBe(-0.736);
		expect(textOf(data.notes)).toContain('line 5');
	});

	it('is separated by blanks', async () => {
		expect(await shape('separated-by-spaces.txt')).toEqual([60, ['a', 'b'], 'label', 3]);
	});

	it('has the row numbers of pandas', async () => {
		const data = await open('pandas-index.csv');
		expect([data.count, data.rows?.names, data.label]).toEqual([30, ['a', 'b'], 'label']);
		expect(textOf(data.notes)).toMatch(/numbers the rows/);
	});

	it('has a label of which one is missing', async () => {
		const data = await open('missing-values.csv');
		expect([data.count, data.rows?.names, data.label]).toEqual([60, ['x', 'y'], 'label']);
		const label = columnOf(data, 'label');
		expect(label.kind === 'category' && label.categories).toEqual(['0', '1', '2']);
		expect(label.kind === 'category' && label.codes.filter((code) => code < 0)).toHaveLength(1);
		expect(textOf(data.notes)).toMatch(/missing/);
	});
});
