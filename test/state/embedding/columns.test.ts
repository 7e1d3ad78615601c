import { describe, expect, it } from 'vitest';
import type { DataSet } from '#contracts/data-set.ts';
import {
	chosenColumns,
	columnNames,
	columnsInWords,
	columnsText,
	embeddable,
	embeddedRows
} from '#state/embedding/columns.ts';

const many = Array.from({ length: 61 }, (_, k) => `v${k}`);
const data: DataSet = {
	name: 'table',
	count: 3,
	rows: { values: Float32Array.of(1, 10, 5, 2, 20, NaN, 3, 60, 7), width: 3, names: ['a', 'b', 'c'] },
	images: null,
	columns: [
		{ kind: 'number', name: 'a', values: Float32Array.of(1, 2, 3) },
		{ kind: 'category', name: 'kind', codes: Int32Array.of(1, -1, 0), categories: ['ant', 'bee'] },
		{ kind: 'category', name: 'many', codes: Int32Array.of(0, 1, 2), categories: many },
		{ kind: 'text', name: 'words', values: ['x', 'y', 'z'] }
	],
	label: 'kind'
};

describe('the choice of columns', () => {
	it.each([
		['', [0, 1, 2], []],
		['1-2', [0, 1], []],
		['3,1', [0, 2], []],
		['2-99,c2', [1, 2], [1]],
		['0', [], []],
		// What is not offered, and nonsense.
		['c1,c3,c4,-,1-,x,9,0-1', [0], []],
		['3-1', [], []]
	])('%s', (text, numeric, categories) => {
		expect(chosenColumns(text, data)).toEqual({ numeric, categories });
	});
	it('comes back from a link as it was', () => {
		for (const text of ['', '0', '1', '1-2', '1-3,c2', '1,3', 'c2', '2-3'])
			expect(columnsText(chosenColumns(text, data), data)).toBe(text);
		const wide = { ...data, rows: { values: new Float32Array(0), width: 500, names: Array<string>(500).fill('n') } };
		const text = '1-3,5,7-8,100-500';
		expect(columnsText(chosenColumns(text, wide), wide)).toBe(text);
	});
	it('is all of them where they have no names', () => {
		const unnamed = { ...data, rows: { ...data.rows!, names: [] } };
		expect(chosenColumns('1', unnamed).numeric).toEqual([0, 1, 2]);
	});
	it('has names and words', () => {
		expect(embeddable(data).map(({ at }) => at)).toEqual([1]);
		expect(columnNames('3,c2', data)).toEqual(['c', 'kind = ant', 'kind = bee']);
		expect(['', '1-2', '1-3,c2', '2,c2'].map((text) => columnsInWords(text, data))).toEqual([
			'',
			'2 of 3 columns',
			'all 3 columns and kind',
			'1 of 3 columns and kind'
		]);
	});
});

describe('rows that are embedded', () => {
	it('hold the chosen numbers, what is missing being the mean', () => {
		expect(embeddedRows('2-3', data, false)).toEqual({
			values: Float32Array.of(10, 5, 20, 6, 60, 7),
			width: 2,
			missing: 1
		});
		const { values } = embeddedRows('1', data, true);
		const std = Math.sqrt(2 / 3);
		expect([...values]).toEqual([-1 / std, 0, 1 / std].map((v) => expect.closeTo(v, 5) as number));
	});
	it('and categories, of which two lie 1 apart; an unknown one has none', () => {
		const { values, width } = embeddedRows('1,c2', data, false);
		expect(width).toBe(3);
		const h = Math.fround(Math.SQRT1_2);
		expect([...values]).toEqual([1, 0, h, 2, 0, 0, 3, h, 0]);
		expect(Math.hypot(h, h)).toBeCloseTo(1, 6);
		expect(embeddedRows('c2', data, true)).toMatchObject({ width: 2, values: Float32Array.of(0, h, 0, 0, h, 0) });
	});
	it('are none without columns', () => {
		expect(() => embeddedRows('0', data, true)).toThrow(/No column/);
	});
});
