import { describe, expect, it } from 'vitest';
import type { Column, DataSet } from '#contracts/data-set.ts';
import { plainTable } from '#loaders/plain-table.ts';

const category = (name: string, categories: string[], ...codes: number[]): Column => ({
	kind: 'category',
	name,
	categories,
	codes: Int32Array.from(codes)
});
const columns: readonly Column[] = [
	category('kind', ['a', 'b'], 1, 0, -1),
	category('digit', ['7', '0.5'], 0, 1, 1),
	{ kind: 'text', name: 'words', values: ['x', '', 'z'] },
	{ kind: 'number', name: 'u', values: Float64Array.of(1, NaN, 2.5) },
	{ kind: 'number', name: 'id', values: Float64Array.of(1, 2, 3) }
];
const data: DataSet = {
	name: 's',
	count: 3,
	columns,
	rows: { values: Float32Array.of(1, 10, 20, NaN, 11, 21, 2.5, NaN, 22), width: 3, names: ['u', 'v', 'w'] },
	images: null,
	label: null,
	notes: ['one']
};
const one = category('one', ['7'], 0, 0, 0);
const none = category('none', [], -1, -1, -1);
const all = { rows: 10, columns: 10 };
const ROWS = [
	['b', '7', 'x', '1', '1', '10', '20'],
	['a', '0.5', '', '', '2', '11', '21'],
	['', '0.5', 'z', '2.5', '3', '', '22']
];
const NAMES = ['kind', 'digit', 'words', 'u', 'id', 'v', 'w'];

describe('a data set as cells of text', () => {
	it('has its columns, then what is only in its rows; numbers are those that are embedded, and categories of numbers', () => {
		expect(plainTable(data, all)).toEqual({
			table: { columns: NAMES, rows: ROWS, numeric: [1, 3, 5, 6] },
			notes: ['one']
		});
		const { notes: _, ...silent } = data;
		expect(plainTable({ ...silent, rows: null }, all)).toEqual({
			table: { columns: NAMES.slice(0, 5), rows: ROWS.map((row) => row.slice(0, 5)), numeric: [1] },
			notes: []
		});
	});

	it('a category is of numbers where each name is one, and there are some', () => {
		const numeric = (...categories: string[]) =>
			plainTable({ ...data, rows: null, columns: [category('c', categories, -1, -1, -1)] }, all).table.numeric;
		expect([numeric('1', '2'), numeric(), numeric('1', 'x'), numeric('1', ' '), numeric('Infinity')]).toEqual([
			...[[0], [], [], [], []]
		]);
	});

	it('no more rows and columns than are wanted, which is said', () => {
		const less = (rows: number, columns: number) => plainTable(data, { rows, columns });
		expect(less(2, 10).table.rows).toEqual(ROWS.slice(0, 2));
		expect(less(2, 10).notes).toEqual(['one', 'Only the first 2 of 3 rows are taken.']);
		expect([less(3, 7).notes, less(3, 6).notes]).toEqual([['one'], ['one', 'Only the first 6 columns are taken.']]);
		expect(less(3, 6).table).toEqual({
			columns: NAMES.slice(0, 6),
			rows: ROWS.map((row) => row.slice(0, 6)),
			numeric: [1, 3, 5]
		});
		expect(less(3, 2).table).toEqual({
			columns: NAMES.slice(0, 2),
			rows: ROWS.map((row) => row.slice(0, 2)),
			numeric: [1]
		});
	});

	it('rows without names are numbered; what was understood is handed on', () => {
		const understood = { columns: [] } as unknown as NonNullable<DataSet['understood']>;
		const rows = { ...data.rows!, names: [] };
		const { table, understood: own } = plainTable({ ...data, columns: [], rows, understood }, all);
		expect(table.columns).toEqual(['column 1', 'column 2', 'column 3']);
		expect(own).toBe(understood);
	});
});

it('a column of one number, again and again, is of numbers; one of nothing is not', () => {
	const few = { ...data, columns: [none, one], rows: null };
	expect(plainTable(few, all).table).toMatchObject({ columns: ['none', 'one'], numeric: [1] });
});
