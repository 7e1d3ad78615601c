import { describe, expect, it } from 'vitest';
import { LIMITS } from '#contracts/data-loader.ts';
import type { Column, DataSet } from '#contracts/data-set.ts';
import { asCategory, asDate, asNumber, asText, textsOf } from '#loaders/convert-column.ts';
import { joined, shapeKey, type Part } from '#loaders/join-data.ts';
import { named } from '#loaders/npy/columns.ts';
import { deviceBytes, storedBytes } from '#loaders/tfjs/weights.ts';

const DAY = 86_400_000;
const number = (...values: number[]): Column => ({ kind: 'number', name: 'n', values: Float64Array.from(values) });
const dates = (...values: number[]): Column => ({
	kind: 'number',
	name: 'n',
	values: Float64Array.from(values),
	date: true
});
const text = (...values: string[]): Column => ({ kind: 'text', name: 'n', values });
const category = (categories: string[], ...codes: number[]): Column => ({
	kind: 'category',
	name: 'n',
	categories,
	codes: Int32Array.from(codes)
});

describe('a column taken for something else', () => {
	it('as texts: what is missing is empty, days have no time unless one of them does', () => {
		expect(textsOf(number(1, NaN, 0.5))).toEqual(['1', '', '0.5']);
		expect(textsOf(category(['a', 'b'], 1, -1, 0))).toEqual(['b', '', 'a']);
		expect(textsOf(dates(0, DAY, NaN))).toEqual(['1970-01-01', '1970-01-02', '']);
		const timed = textsOf(dates(0, DAY + 3_600_000));
		expect(timed[0]).not.toBe('1970-01-01');
		expect(timed[1]).toMatch(/^1970-01-02.*1:00/);
		// The last one decides as well as the first.
		expect(textsOf(dates(0, 0, 1000))[0]).toBe(timed[0]);
		const given = ['x', 'y'];
		const out = asText(text(...given));
		expect(out).toEqual({ kind: 'text', name: 'n', values: given });
	});

	it('as categories: whole numbers by size, whatever their number; fractions and dates as texts', () => {
		expect(asCategory(number(10, 9, NaN, 10))).toEqual(category(['9', '10'], 1, 0, -1, 1));
		expect(asCategory(number(0.5, 2))).toEqual(category(['0.5', '2'], 0, 1));
		expect(asCategory(dates(DAY, 0))).toEqual(category(['1970-01-01', '1970-01-02'], 1, 0));
		const same = category(['a'], 0);
		expect(asCategory(same)).toBe(same);
		expect(asCategory(text('b', '', 'a'))).toEqual(category(['a', 'b'], 1, -1, 0));
		const many = asCategory(number(...Array.from({ length: 3 }, (_, i) => i)));
		expect(many.categories).toEqual(['0', '1', '2']);
	});

	it('as numbers and as dates', () => {
		expect(asNumber(text('1.5', ' ', 'x', '2'))).toEqual(number(1.5, NaN, NaN, 2));
		expect(asNumber(dates(5))).toEqual(number(5));
		expect(asNumber(category(['7', 'x'], 0, 1, -1))).toEqual(number(7, NaN, NaN));
		expect(asDate(number(5))).toEqual(dates(5));
		expect(asDate(text('1970-01-02', 'x'))).toEqual(dates(DAY, NaN));
	});

	it('as names, where it holds their indices', () => {
		const names = ['zero', 'one', 'two'];
		expect(named(number(2, 0), names)).toEqual(category(names, 2, 0));
		expect([
			named(number(3), names),
			named(number(-1), names),
			named(number(0.5), names),
			named(dates(1), names)
		]).toEqual(Array(4).fill(null));
		expect(named(category(['1', '2'], 1, -1, 0), names)).toEqual(category(names, 2, -1, 1));
		expect([
			named(category(['1', '3'], 0, 1), names),
			named(category(['x'], 0), names),
			named(text('1'), names)
		]).toEqual(Array(3).fill(null));
	});
});

describe('data sets of one shape as one', () => {
	const set = (count: number, columns: readonly Column[], more: Partial<DataSet> = {}): DataSet => ({
		name: 's',
		count,
		rows: null,
		images: null,
		label: null,
		columns,
		...more
	});
	const together = (...columns: Column[]) => {
		const parts = columns.map((column): Part => ({ name: 'p', data: set(textsOf(column).length, [column]) }));
		return joined('all', parts as [Part, ...Part[]], false).columns[0];
	};

	it('numbers stay numbers, dates dates; of both, and of both and words, categories', () => {
		expect(together(number(1, 2), number(3), number(4))).toEqual(number(1, 2, 3, 4));
		expect(together(dates(1, 2), dates(3), dates(4, 5))).toEqual(dates(1, 2, 3, 4, 5));
		expect(together(dates(1), number(3))).toEqual(number(1, 3));
		expect(together(number(2), category(['b'], 0, -1))).toEqual(category(['2', 'b'], 0, 1, -1));
		expect(together(number(2), text('b'))).toEqual(text('2', 'b'));
		const words = (from: number, count: number) =>
			category(
				Array.from({ length: count }, (_, k) => `w${from + k}`),
				...Array.from({ length: count }, (_, k) => k)
			);
		expect(together(words(0, 500), words(500, LIMITS.categories - 500))?.kind).toBe('category');
		expect(together(words(0, 500), words(500, LIMITS.categories - 499))?.kind).toBe('text');
	});

	it('rows, pictures, notes and the label follow each other, and a column says which is which', () => {
		const [a, b] = [new Blob(['a']), new Blob(['b'])];
		const part = (name: string, values: number[], images: Blob[], notes: string[]): Part => ({
			name,
			data: set(values.length / 2, [{ ...category(['x'], ...values.slice(1).map(() => 0)), name: 'split' }], {
				rows: { values: Float32Array.from(values), width: 2, names: ['u', 'v'] },
				images: images as unknown as DataSet['images'],
				label: 'split',
				notes
			})
		});
		const all = joined(
			'all',
			[part('train', [1, 2], [a], ['one']), part('test', [3, 4, 5, 6], [b], ['one', 'two'])],
			true
		);
		expect(all).toMatchObject({ name: 'all', count: 3, images: [a, b], notes: ['one', 'two'], label: 'split' });
		expect(all.rows).toEqual({ values: Float32Array.of(1, 2, 3, 4, 5, 6), width: 2, names: ['u', 'v'] });
		expect(all.columns).toHaveLength(2);
		expect(all.columns[1]!.name).not.toBe('split');
		expect(textsOf(all.columns[1]!)).toEqual(['train', 'test', 'test']);
	});

	it('are of one shape where columns, width or names, and pictures agree', () => {
		const rows = (width: number, names: string[]) => ({ rows: { values: new Float32Array(width), width, names } });
		const keys = [
			set(1, []),
			set(1, [number(1)]),
			set(1, [], rows(2, [])),
			set(1, [], rows(3, [])),
			set(1, [], rows(2, ['a', 'b'])),
			set(1, [], { images: [] })
		].map(shapeKey);
		expect(new Set(keys).size).toBe(keys.length);
		expect(shapeKey(set(5, [number(1, 2)]))).toBe(shapeKey(set(1, [number(3)])));
	});
});

it('weights take what their type takes in the file, and four bytes a number on the device', () => {
	const entry = (dtype: string, quantised?: string) => ({
		name: 'w',
		shape: [2, 3],
		dtype,
		quantization: quantised ? { dtype: quantised, scale: 1, min: 0 } : null
	});
	const types = ['float32', 'int32', 'bool', 'uint8', 'uint16', 'float16', 'string'];
	expect(types.map((dtype) => storedBytes(entry(dtype)))).toEqual([24, 24, 6, 6, 12, 12, 0]);
	expect(['uint8', 'uint16', 'float16'].map((dtype) => storedBytes(entry('float32', dtype)))).toEqual([6, 12, 12]);
	expect([deviceBytes(entry('bool')), deviceBytes({ ...entry('float32'), shape: [] })]).toEqual([24, 4]);
});
