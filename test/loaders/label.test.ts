import { describe, expect, it } from 'vitest';
import { LIMITS } from '#contracts/data-loader.ts';
import type { Column } from '#contracts/data-set.ts';
import { categorical, categories, wholeCategories } from '#loaders/categories.ts';
import { embedded } from '#loaders/embedded.ts';
import { fewIntegers, isIdentity, labelled } from '#loaders/label.ts';

const number = (name: string, values: readonly number[]): Column => ({
	kind: 'number',
	name,
	values: Float64Array.from(values)
});
const words = (name: string, count: number): Column => ({
	kind: 'category',
	name,
	codes: Int32Array.of(0),
	categories: Array.from({ length: count }, (_, k) => `w${k}`)
});
/** `count` cells of `many` numbers, `step` apart. */
const few = (many: number, count: number, step = 1, name = 'n') =>
	fewIntegers(
		number(
			name,
			Array.from({ length: count }, (_, i) => step * (i % many))
		)
	)?.categories.length ?? null;

describe('categories', () => {
	it('are numbers by size, then words by alphabet, numbers in them by size', () => {
		const order = (...all: string[]) => categories('c', new Int32Array(0), all).categories;
		expect(order('b', '10', 'a10', '-2', 'a9', '0.5', 'B', ' ')).toEqual([
			...['-2', '0.5', '10'],
			...[' ', 'a9', 'a10', 'b', 'B']
		]);
		expect(order('1.0', '01', '1')).toHaveLength(3);
		expect(categories('c', Int32Array.of(1, -1, 0), ['b', 'a'])).toEqual({
			...{ kind: 'category', name: 'c', codes: Int32Array.of(0, -1, 1), categories: ['a', 'b'] }
		});
	});
	it('of texts: nothing is missing', () => {
		expect(categorical('c', ['b', '', 'a', 'b'])).toEqual({
			...{ kind: 'category', name: 'c', codes: Int32Array.of(1, -1, 0, 1), categories: ['a', 'b'] }
		});
	});
	it('of whole numbers, as many as may be', () => {
		expect(wholeCategories('c', [10, NaN, 9, 10], 2)).toEqual({
			...{ kind: 'category', name: 'c', codes: Int32Array.of(1, -1, 0, 1), categories: ['9', '10'] }
		});
		expect([
			wholeCategories('c', [1, 2, 3], 2),
			wholeCategories('c', [0.5], 9),
			wholeCategories('c', [NaN], 9)
		]).toEqual([...[null, null, null]]);
	});
});

describe('a column of few whole numbers', () => {
	it('holds classes where they come again', () => {
		expect([few(14, 20), few(15, 20), few(19, 19)]).toEqual([14, null, 19]);
		expect([few(200, 2000, 7), few(201, 2000, 7)]).toEqual([200, null]);
		expect(fewIntegers({ ...number('n', [1, 2]), date: true } as Column)).toBeNull();
		expect([fewIntegers(words('w', 2)), fewIntegers(number('n', [0.5, 1]))]).toEqual([null, null]);
	});
	it('many are classes where few numbers between are left out, or where the name says so', () => {
		// 250 of 300, the first and the last among them; of 301.
		const gaps = (last: number) =>
			fewIntegers(
				number(
					'n',
					Array.from({ length: 1000 }, (_, i) => (i % 250 === 249 ? last : i % 250))
				)
			)?.categories.length;
		expect([gaps(299), gaps(300)]).toEqual([250, undefined]);
		expect([few(300, 600, 7, 'class id'), few(300, 599, 7, 'class id'), few(300, 600, 7, 'classic')]).toEqual([
			300,
			null,
			null
		]);
		expect([few(LIMITS.categories, 5000), few(LIMITS.categories + 1, 5000)]).toEqual([LIMITS.categories, null]);
	});
});

describe('the label', () => {
	const label = (...columns: Column[]) => labelled(columns).label;
	it('is what is called so, whole before in part, before y; else the last column of few words', () => {
		const y = number('y', [0, 1, 0]);
		const part = number('my label', [0, 1, 0]);
		const whole = number('Target', [0, 1, 0]);
		expect([label(y, part, whole), label(y, part), label(y, words('a', 3))]).toEqual(['Target', 'my label', 'y']);
		expect(label(words('a', 3), words('b', 200), words('c', 201), words('d', 1))).toBe('b');
		expect([label(words('d', 2)), label(words('d', 1)), label()]).toEqual(['d', null, null]);
		// Fractions are no classes, whatever they are called.
		expect(label(number('label', [0.5]), words('a', 2))).toBe('a');
	});
	it('is a category then, and the others stay as they are', () => {
		const others = [number('u', [1, 2, 3]), words('w', 3)];
		const { columns } = labelled([others[0]!, number('label', [5, 7, 5]), others[1]!]);
		expect(columns).toEqual([
			others[0],
			{ kind: 'category', name: 'label', codes: Int32Array.of(0, 1, 0), categories: ['5', '7'] },
			others[1]
		]);
	});
	it('is not what numbers the rows', () => {
		expect(['ID', '', '_', 'Unnamed: 0', 'Unnamed: 0_level_1', '__index_level_0__', '#'].every(isIdentity)).toBe(true);
		expect(['ids', 'my id', 'Unnamed'].some(isIdentity)).toBe(false);
	});
});

describe('columns side by side as rows', () => {
	const rows = (...columns: (readonly number[])[]) => {
		const notes: string[] = [];
		const all = columns.map((values, k) => ({ name: `c${k}`, values }));
		return { found: embedded(all, columns[0]?.length ?? 0, notes), notes };
	};
	it('keep their numbers', () => {
		expect(rows([1, 2], [3, NaN])).toEqual({
			found: { values: Float32Array.of(1, 3, 2, NaN), width: 2, names: ['c0', 'c1'] },
			notes: []
		});
		expect(rows().found).toBeNull();
	});
	it('but for those so far from 0 that 32 bits hold no differences', () => {
		const far = rows([1.7e9, 1.7e9 + 1, NaN, Infinity, 1.7e9 + 5], [0, 1, 2, 3, 4]);
		expect([...far.found!.values.filter((_, i) => i % 2 === 0)]).toEqual([0, 1, NaN, Infinity, 5]);
		expect(far.notes).toEqual([
			'“c0” is embedded as its distance from 1700000000: so far from 0 its numbers would all be the same.'
		]);
		expect([...rows([-1.7e9, -1.7e9 - 1]).found!.values]).toEqual([1, 0]);
		// 2^-24 of the largest is a ten-thousandth of the range and less: coarse enough.
		expect([rows([0, 2 ** 24]).notes, rows([2 ** 24, 2 ** 24 + 10_000]).notes.length]).toEqual([[], 1]);
		expect(rows([2 ** 24 - 10_001, 2 ** 24]).notes).toEqual([]);
		expect(rows([5, 5]).found!.values[0]).toBe(5);
	});
});
