import { describe, expect, it } from 'vitest';
import type { DataSet } from '#contracts/data-set.ts';
import { reread } from '#loaders/reread.ts';
import { cellsOf, columnOf, opened } from '../tools/data.ts';

const COUNT = 24;
const x = (i: number) => ((i * 7919) % 1000) / 100 - 3;
const kind = (i: number) => 'ABC'[i % 3]!;
const lines = (line: (i: number) => string) => `${Array.from({ length: COUNT }, (_, i) => line(i)).join('\n')}\n`;
const xs = Array.from({ length: COUNT }, (_, i) => x(i));

describe('what is understood can be changed', () => {
	const text = `a;b;c;label\n${lines((i) => `${i % 4}.${i % 9};${i % 5};${x(i)};${kind(i)}`)}`;

	it('says what each column is taken for', async () => {
		const { understood } = await opened({ 'a.csv': text });
		expect(understood!.dialect).toEqual({ encoding: 'utf-8', separator: ';', decimal: '.', headerLines: 1 });
		expect(understood!.columns.map(({ name, use, label }) => [name, use, label])).toEqual([
			['a', 'number', false],
			['b', 'number', false],
			['c', 'number', false],
			['label', 'category', true]
		]);
		expect(understood!.head[1]).toEqual(['1.1', '1', String(x(1)), 'B']);
	});

	it('reads anew as told', async () => {
		const data = await opened({ 'a.csv': text }, { label: 1, uses: [{ at: 2, use: 'left out' }] });
		expect([data.label, data.rows?.names]).toEqual(['b', ['a']]);
		const label = columnOf(data, 'b');
		expect(label.kind === 'category' && label.categories).toEqual(['0', '1', '2', '3', '4']);
		const comma = await opened({ 'a.csv': 'a;b\n1;2,5\n3;4,7\n' }, { separator: ',' });
		expect(comma.understood!.columns.map(({ use }) => use)).toEqual(['category', 'number']);
		const point = 'a;b\n1.5;2\n3.5;4\n';
		expect((await opened({ 'a.csv': point })).understood!.columns.map(({ use }) => use)).toEqual(['number', 'number']);
		const withComma = await opened({ 'a.csv': point }, { decimal: ',' });
		expect(withComma.understood!.columns.map(({ use }) => use)).toEqual(['category', 'number']);
		const bare = await opened({ 'a.csv': `u,v\n${lines((i) => `${i},${x(i)}`)}` }, { headerLines: 0 });
		expect(bare.count).toBe(COUNT + 1);
		const latin = await opened(
			{ 'a.csv': Uint8Array.from(Buffer.from('ä,b\n1,2\n3,4\n')) },
			{ encoding: 'windows-1252' }
		);
		expect(latin.rows?.names[0]).toBe('Ã¤');
	});

	it('changes columns of formats that tell their types, too', async () => {
		const json = JSON.stringify(xs.map((v, i) => ({ x: v, n: i % 3, label: kind(i) })));
		const data = await opened({ 'a.json': json }, { label: 1 });
		expect([data.label, data.rows?.names]).toEqual(['n', ['x']]);
	});
});

describe('formats that tell their types', () => {
	const data: DataSet = {
		name: 'set',
		count: 3,
		rows: { values: Float32Array.of(1, 4, 2, 5, NaN, 6), width: 2, names: ['a', 'b'] },
		columns: [
			{ kind: 'number', name: 'a', values: Float32Array.of(1, 2, NaN) },
			{ kind: 'number', name: 'b', values: Float32Array.of(4, 5, 6) },
			{ kind: 'number', name: 'time', values: Float64Array.of(0, 864e5, NaN), date: true },
			{ kind: 'number', name: 'id', values: Float32Array.of(7, 8, 9) },
			{ kind: 'category', name: 'label', codes: Int32Array.of(1, -1, 0), categories: ['u', 'v'] },
			{ kind: 'text', name: 'words', values: ['x', '', 'z'] }
		],
		images: null,
		label: 'label'
	};

	it('are taken for what they say, with what is missing and how many are different', () => {
		const { understood, rows, columns, notes } = reread(data, {});
		expect(rows).toBe(data.rows);
		expect(columns).toHaveLength(6);
		expect(notes).toEqual([]);
		expect(understood!.dialect).toBeNull();
		expect(
			understood!.columns.map(({ name, at, use, missing, different, label }) => [
				...[name, at, use, missing],
				...[different, label]
			])
		).toEqual([
			['a', 0, 'number', 1, null, false],
			['b', 1, 'number', 0, null, false],
			['time', 2, 'date', 1, null, false],
			['id', 3, 'index', 0, null, false],
			['label', 4, 'category', 1, 2, true],
			['words', 5, 'text', 1, null, false]
		]);
		expect(understood!.head.map((row) => [row[0], row[4], row[5]])).toEqual([
			['1', 'v', 'x'],
			['2', '', ''],
			['', 'u', 'z']
		]);
	});

	it('change where they are told to, and nothing else does', () => {
		const planeRequest = [
			{ at: 1, use: 'left out' },
			{ at: 3, use: 'number' },
			{ at: 5, use: 'category' }
		] as const;
		const changed = reread(data, { uses: planeRequest, label: null });
		expect(changed.label).toBeNull();
		expect(changed.columns.map(({ name, kind }) => [name, kind])).toEqual([
			['a', 'number'],
			['time', 'number'],
			['id', 'number'],
			['label', 'category'],
			['words', 'category']
		]);
		expect(changed.rows?.names).toEqual(['a', 'id']);
		expect(reread(data, { label: 3 })).toMatchObject({ label: 'id', rows: { names: ['a', 'b'] } });
		expect(cellsOf(reread(data, { label: 3 }), 'id')).toEqual(['7', '8', '9']);
		const numeric = { ...data, columns: [{ kind: 'text', name: 't', values: ['1', '', 'x'] }], rows: null } as DataSet;
		expect(cellsOf(reread(numeric, { uses: [{ at: 0, use: 'number' }] }), 't')).toEqual([1, null, null]);
		expect(cellsOf(reread(numeric, { uses: [{ at: 0, use: 'index' }] }), 't')).toEqual(['1', null, 'x']);
		expect(reread(data, { label: 99 }).label).toBeNull();
		expect(reread(data, { uses: [{ at: 4, use: 'left out' }] }).label).toBeNull();
		expect(reread(data, { uses: [{ at: 0, use: 'text' }] }).columns[0]).toMatchObject({
			kind: 'text',
			values: ['1', '2', '']
		});
	});

	it('keep rows that are pixels or a tensor, and are read once only', () => {
		const pixels = { ...data, rows: { values: new Float32Array(6), width: 2, names: [] } };
		expect(reread(pixels, { label: 4 }).rows).toBe(pixels.rows);
		expect(reread({ ...data, rows: null }, { uses: [{ at: 3, use: 'number' }] }).rows?.names).toEqual(['id']);
		expect(reread({ ...data, rows: null }, {}).rows).toBeNull();
		const once = reread(data, {});
		expect(reread(once, { label: null })).toBe(once);
		const bare = { ...data, columns: [] };
		expect(reread(bare, {})).toBe(bare);
	});

	it('show their first eight rows', () => {
		const long = { ...data, count: 20, columns: [{ kind: 'text', name: 't', values: Array(20).fill('w') }] } as DataSet;
		expect(reread(long, {}).understood!.head).toEqual(Array(8).fill(['w']));
	});
});
